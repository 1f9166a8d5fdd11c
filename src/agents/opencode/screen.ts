import type { ScreenRule } from '../define.ts';

/** The first rule that fits a screen decides. */
export const opencodeScreen: readonly ScreenRule[] = [
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
