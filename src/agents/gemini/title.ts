import type { Readings, Sign } from '../reading.ts';

/** Gemini CLI puts a sign of its state before the title of its terminal. */
const SIGNS = { '◇': 'idle', '✦': 'busy', '⏲': 'busy', '✋': 'waiting' } as const;

/** What the title says of what the program does. */
export function geminiTitleSign({ title = '', now }: Readings): Sign | undefined {
  const state = SIGNS[[...title][0] as keyof typeof SIGNS];
  if (!state) return undefined;
  const by = { source: 'title', at: now, text: `the title of its terminal is "${title}"` } as const;
  return state === 'waiting' ? { ...by, state, for: 'permission' } : { ...by, state };
}
