import { anything, dictionary, environmentValue, list, type Static, short, text } from './define.ts';

const file = () => text({ description: 'A path; relative ones start at the file that mentions them.', format: 'path' });

/** Files of `KEY=VALUE` lines. */
export const EnvFile = short(
  list(file(), { description: 'Files of `KEY=VALUE` lines; a later file wins.', default: [] }),
  [file()],
  (single) => [single],
);

/** Environment of the program. */
export const Env = dictionary(
  environmentValue({ description: 'The value; `null` unsets the variable, also one of the captured environment.' }),
  {
    description: 'Environment of the program. Values are secrets and are never shown.',
    default: {},
    keys: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  },
);

/** Free data for the program. */
export const Metadata = dictionary(anything({ description: 'Any value.' }), {
  description: 'Any data; reaches the program as JSON in `COLONY_METADATA`.',
  default: {},
});

/** Free words for selecting agents. */
export const Labels = dictionary(text({ description: 'The value of the label.' }), {
  description: 'Free words for selecting agents on the command line.',
  default: {},
  keys: { pattern: '^[A-Za-z0-9]([A-Za-z0-9_./-]*[A-Za-z0-9])?$', maxLength: 63 },
});

export type EnvSpec = Static<typeof Env>;
