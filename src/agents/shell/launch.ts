import type { Launcher } from '../launcher.ts';

/** Any program: nothing is known of it, and its command is started as it is written. */
export const shell: Launcher = {
  ids: 'none',
  launch: ({ prompt }) => ({ words: [], env: {}, promptIsTyped: prompt !== undefined }),
  transcript: undefined,
  homes: [],
  refuses: [],
  taken: [],
  conflicts: [],
  grammar: undefined,
};
