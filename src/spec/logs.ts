import { type Static, section, size, whole } from './define.ts';

/** How much of an agent's output is kept. */
export const Logs = section(
  {
    max_size: size({ description: 'Begin a new file when one has reached this size.', default: '10MiB' }),
    max_files: whole({ description: 'Keep so many files.', default: 5, minimum: 1, maximum: 100 }),
  },
  { description: 'How much of the output is kept.', notBuilt: true },
);

export type LogsSpec = Static<typeof Logs>;
