import type { ScreenRule } from '../define.ts';
import type { ScreenKnowledge } from '../screen.ts';

/** What stands where aider takes a prompt: perhaps its mode, and the sign. */
const SIGN = /^(?:[\w-]+ ?)?(?:multi ?)?> ?/;

const RULES: readonly ScreenRule[] = [
  {
    id: 'permission',
    says: { state: 'waiting', for: 'permission' },
    region: { bottom: 2 },
    all: [/\(Y\)es\/\(N\)o/],
  },
  { id: 'retrying', says: { state: 'busy' }, region: { bottom: 2 }, all: [/^Retrying in [\d.]+ seconds/m] },
  { id: 'idle', says: { state: 'idle' }, region: { bottom: 1 }, all: [/^(?:[\w-]+ ?)?(?:multi ?)?>$/] },
];

export const aiderScreen: ScreenKnowledge = { rules: RULES, box };

function box(lines: readonly string[]): readonly string[] | undefined {
  const last = lines.at(-1);
  return last !== undefined && SIGN.test(last) ? [last] : undefined;
}
