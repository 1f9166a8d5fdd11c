import type { ScreenRule } from '../define.ts';

/** The first rule that fits a screen decides. */
export const aiderScreen: readonly ScreenRule[] = [
  {
    id: 'permission',
    says: { state: 'waiting', for: 'permission' },
    region: { bottom: 2 },
    all: [/\(Y\)es\/\(N\)o/],
  },
  { id: 'retrying', says: { state: 'busy' }, region: { bottom: 2 }, all: [/^Retrying in [\d.]+ seconds/m] },
  { id: 'idle', says: { state: 'idle' }, region: { bottom: 1 }, all: [/^(?:[\w-]+ ?)?(?:multi ?)?>$/] },
];
