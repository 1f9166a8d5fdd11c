import type { ScreenRule } from '../define.ts';

/** The line with the number of a choice that is taken by Enter. */
const CHOICE = /^[\s│]*● (?:\d\. )?/m;

/** The first rule that fits a screen decides. */
export const geminiScreen: readonly ScreenRule[] = [
  {
    id: 'trust',
    says: { state: 'waiting', for: 'trust' },
    region: { bottom: 20 },
    all: [/Do you trust (?:the files in )?this folder/, CHOICE],
  },
  {
    id: 'login',
    says: { state: 'waiting', for: 'login' },
    region: { bottom: 20 },
    all: [/How would you like to authenticate|Waiting for auth/],
  },
  {
    id: 'limit',
    says: { state: 'limited' },
    region: { bottom: 14 },
    all: [/(?:quota|usage limit) (?:exceeded|reached)|Keep trying/i, CHOICE],
  },
  {
    id: 'permission',
    says: { state: 'waiting', for: 'permission' },
    region: { bottom: 16 },
    all: [/Allow execution of|Apply this change\?|Allow once|Waiting for user confirmation/, CHOICE],
  },
  {
    id: 'loop',
    says: { state: 'waiting', for: 'question' },
    region: { bottom: 16 },
    all: [/loop detection/i, CHOICE],
  },
  { id: 'busy', says: { state: 'busy' }, region: { bottom: 10 }, all: [/\(esc to cancel, \d+/] },
  { id: 'idle', says: { state: 'idle' }, region: { bottom: 6 }, all: [/^ ?[>!*] /m, /^─{8,}|^ workspace /m] },
];
