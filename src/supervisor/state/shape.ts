/** Whether a value read from a file has the form that the program relies on. */
export type Shape = (value: unknown) => boolean;

export const text: Shape = (value) => typeof value === 'string';
export const flag: Shape = (value) => typeof value === 'boolean';
export const amount: Shape = (value) => typeof value === 'number' && Number.isFinite(value);
/** A number that can still be counted on from. */
export const count: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
export const anything: Shape = () => true;

export const maybe =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);

export const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);

export const recordOf =
  (shape: Shape): Shape =>
  (value) =>
    isObject(value) && Object.values(value).every(shape);

/** Further fields are free: a newer colony may have written them. */
export const fields = (known: Readonly<Record<string, Shape>>): Shape => {
  const checks = Object.entries(known);
  return (value) => isObject(value) && checks.every(([name, shape]) => shape(value[name]));
};

/** By the word in one field; a word that is not listed needs only to be a text. */
export const oneOf = (field: string, cases: Readonly<Record<string, Shape>>): Shape => {
  return (value) => {
    if (!isObject(value)) return false;
    const word = value[field];
    if (typeof word !== 'string') return false;
    return Object.hasOwn(cases, word) ? (cases[word]?.(value) ?? false) : true;
  };
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
