import type { ScreenRule } from '../define.ts';

/** The box for input between its two rules. While a dialog is open it is gone, so a text that looks like one is none. */
const BOX = /^─{8,}.*\n[❯!>](?:[\s\u00a0]|$)[\s\S]*?\n─{8,}/m;

/** The line that moves while it works. What was said before the last prompt, or is only quoted, stands elsewhere. */
const AT_WORK = /^[·✢✳✶✻✽*] .*(?:…|· retrying in|Waiting for \d+ ).*\n(?:(?![❯●]).*\n){0,8}?─{8,}.*\n[❯!>]/m;

const FOOTER = /Esc to (?:cancel|close|go back|exit)|Enter to (?:confirm|select|use|continue|save)|esc esc to exit/i;

/** It stands in one of the last two lines of a menu. */
const LAST_FOOTER = new RegExp(`(?:${FOOTER.source})[^\\n]*(?:\\n[^\\n]*)?$`, 'i');

const waitsFor = (what: 'permission' | 'question' | 'trust' | 'login') => ({ state: 'waiting', for: what }) as const;

/** The first rule that fits a screen decides. */
export const claudeScreen: readonly ScreenRule[] = [
  {
    id: 'transcript',
    says: 'nothing',
    region: { bottom: 2 },
    all: [/Showing detailed transcript/],
  },
  {
    id: 'trust',
    says: waitsFor('trust'),
    region: 'screen',
    all: [/Is this a project you created or one you trust|Bypass Permissions mode[\s\S]*Yes, I accept/, FOOTER],
    none: [BOX],
  },
  {
    id: 'login',
    says: waitsFor('login'),
    region: { bottom: 25 },
    all: [/Do you want to use this API key\?|Select login method|Paste code here if prompted|Choose the text style/],
    none: [BOX],
  },
  {
    id: 'question',
    says: waitsFor('question'),
    region: { bottom: 30 },
    all: [/^Enter to select · .*Esc to cancel/m],
    none: [BOX],
  },
  {
    id: 'start',
    says: waitsFor('question'),
    region: 'screen',
    all: [/^\s*(?:Settings Error|Resume session|Resume from summary)/m, FOOTER],
    none: [BOX],
  },
  {
    id: 'permission',
    says: waitsFor('permission'),
    region: { bottom: 14 },
    all: [/^\s*❯ (?:\d\. )?Yes\b|(?:Do you want to|Would you like to) [^\n]*\?\n[\s\S]*\d\. No\b/m],
    none: [BOX],
  },
  { id: 'menu', says: { state: 'waiting' }, region: 'screen', all: [LAST_FOOTER], none: [BOX] },
  {
    id: 'limit',
    says: { state: 'limited' },
    region: { bottom: 10 },
    all: [/^\s*⚠ Usage limit reached · limit resets /m],
    until: (screen) => /⚠ Usage limit reached · limit (resets [^\n·]+)/.exec(screen)?.[1],
  },
  {
    id: 'busy',
    says: { state: 'busy' },
    region: { bottom: 4 },
    all: [/^\s*[⏸⏵].*esc to interrupt/m],
  },
  { id: 'at-work', says: { state: 'busy' }, region: 'screen', all: [AT_WORK] },
  {
    id: 'logged-out',
    says: waitsFor('login'),
    region: 'screen',
    all: [/^● Please run \/login.*\n(?:(?![❯●]).*\n){0,3}?─{8,}.*\n[❯!>]/m],
  },
  { id: 'idle', says: { state: 'idle' }, region: 'screen', all: [BOX] },
];
