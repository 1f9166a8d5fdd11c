import type { ScreenRule } from '../define.ts';
import type { ScreenKnowledge } from '../screen.ts';

const RULES: readonly ScreenRule[] = [
  {
    id: 'permission',
    says: { state: 'waiting', for: 'permission' },
    region: { bottom: 20 },
    all: [/△ Permission required/, /Allow once .*Reject/],
  },
  {
    id: 'question',
    says: { state: 'waiting', for: 'question' },
    region: { bottom: 4 },
    all: [/enter submit .*esc dismiss/],
  },
  { id: 'busy', says: { state: 'busy' }, region: { bottom: 3 }, all: [/esc (?:again to )?interrupt/] },
  { id: 'idle', says: { state: 'idle' }, region: { bottom: 4 }, all: [/╹▀{8,}/, /ctrl\+p/] },
];

export const opencodeScreen: ScreenKnowledge = { rules: RULES, box };

/** The lines above the edge of the box, without the one that names the model. */
function box(lines: readonly string[]): readonly string[] | undefined {
  const edge = lines.findLastIndex((line) => /╹▀{8,}/.test(line));
  if (edge < 0) return undefined;
  const above = lines.slice(0, edge);
  const start = above.findLastIndex((line) => !/^\s*┃/.test(line)) + 1;
  return above.slice(start, -1).map((line) => line.replace(/^\s*┃ {0,2}/, ''));
}
