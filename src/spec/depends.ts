import { dictionary, oneOf, type Static, section, short } from './define.ts';

const dependency = section(
  {
    condition: oneOf(['started', 'ready', 'completed'], {
      description: 'What the other agent must have reached before this one starts.',
      default: 'ready',
    }),
  },
  { description: 'What to wait for.', default: {} },
);

/** Which agents must be there first. */
export const DependsOn = short(
  dictionary(dependency, { description: 'Agents that must be there before this one starts.', default: {} }),
  [{ type: 'array', items: { type: 'string' }, description: 'Names alone: each must be ready.' }],
  (value) =>
    Array.isArray(value)
      ? Object.fromEntries(value.map((name) => [typeof name === 'string' ? name : JSON.stringify(name), {}]))
      : value,
);

export type DependsOnSpec = Static<typeof DependsOn>;
