import type { ScreenRule } from '../define.ts';

const waitsFor = (what: 'permission' | 'question' | 'trust' | 'login') => ({ state: 'waiting', for: what }) as const;

/** The last line of a dialog that chooses. */
const FOOTER = /^\s*(?:enter (?:continue|confirm|select) · |Press enter to (?:confirm|continue)|r retry )/im;

/** The last message, and then nothing but the box for input. */
const last = (message: string) =>
  new RegExp(`^${message}[^\\n]*(?:\\n(?![■•›]).*){0,4}?\\n› .*(?![\\s\\S]*\\n[■•›] )`, 'm');

/** The first rule that fits a screen decides. */
export const codexScreen: readonly ScreenRule[] = [
  {
    id: 'trust',
    says: waitsFor('trust'),
    region: { bottom: 14 },
    all: [/Trust this folder\?|Do you trust the contents of this directory|Hooks need review/, FOOTER],
  },
  {
    id: 'start',
    says: waitsFor('question'),
    region: { bottom: 14 },
    all: [/Working directory · resume|Approaching rate limits|This conversation is open in another app/, FOOTER],
  },
  {
    id: 'login',
    says: waitsFor('login'),
    region: { bottom: 25 },
    all: [/Sign in with ChatGPT|Provide your own API key/],
    none: [/\? for shortcuts/],
  },
  {
    id: 'question',
    says: waitsFor('question'),
    region: { bottom: 2 },
    all: [/enter to submit (?:answer|all)/],
  },
  {
    id: 'permission',
    says: waitsFor('permission'),
    region: { bottom: 2 },
    all: [/Press enter to confirm or esc to cancel/],
  },
  { id: 'menu', says: { state: 'waiting' }, region: { bottom: 1 }, all: [FOOTER] },
  {
    id: 'conversations',
    says: { state: 'waiting' },
    region: 'screen',
    all: [
      /^ *(?:Resume a previous session$|Agent command center )/m,
      /^ *(?:enter resume .*esc exit|.* esc back .*enter open)/m,
    ],
    none: [/^[›!] (?!\d\. )/m],
  },
  {
    id: 'busy',
    says: { state: 'busy' },
    region: { bottom: 12 },
    all: [/^[•◦] .*\(.*esc to interrupt\)/m],
  },
  {
    id: 'limit',
    says: { state: 'limited' },
    region: 'screen',
    all: [last("■ You[’']ve hit your usage limit")],
    until: (screen) => /hit your usage limit[\s\S]*?try again ((?:at|in) [^.]+)/.exec(screen)?.[1],
  },
  {
    id: 'logged-out',
    says: waitsFor('login'),
    region: 'screen',
    all: [last('■ unexpected status 40[13] ')],
  },
  // While an answer comes in, the screen is that of one who waits for the next prompt: it does not tell.
  { id: 'box', says: 'nothing', region: { bottom: 12 }, all: [/^[›!] (?!\d\. )/m] },
];
