/** The value, with every object and list in it frozen; a map refuses to be changed. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    const refuse = (): never => {
      throw new Error('a frozen map was changed');
    };
    Object.assign(value, { set: refuse, delete: refuse, clear: refuse });
    for (const inner of value.values()) frozen(inner);
  }
  Object.freeze(value);
  for (const inner of Object.values(value)) frozen(inner);
  return value;
}
