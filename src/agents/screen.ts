import type { Kind, Saying } from '../reconciler/types.ts';
import { aiderScreen } from './aider/screen.ts';
import { claudeScreen } from './claude/screen.ts';
import { codexScreen } from './codex/screen.ts';
import type { Region, ScreenRule } from './define.ts';
import { geminiScreen } from './gemini/screen.ts';
import { opencodeScreen } from './opencode/screen.ts';

const KINDS: { readonly [K in Kind]: readonly ScreenRule[] | undefined } = {
  claude: claudeScreen,
  codex: codexScreen,
  gemini: geminiScreen,
  opencode: opencodeScreen,
  aider: aiderScreen,
  // A shell shows anything.
  shell: undefined,
};

/** What a screen says. `until`: when a limit is reset, as it stands there. */
export type Judgement = { readonly rule: string; readonly says: Saying | 'nothing'; readonly until?: string };

/** Judge the screen of a program of this kind, given as its lines; undefined: no rule fits, and nothing is known. */
export function judgeScreen(kind: Kind, lines: readonly string[]): Judgement | undefined {
  const filled = lines.map((line) => line.trimEnd()).filter((line) => line !== '');
  const rule = KINDS[kind]?.find((each) => fits(each, filled));
  if (!rule) return undefined;
  const until = rule.until?.(filled.join('\n'));
  return { rule: rule.id, says: rule.says, ...(until === undefined ? {} : { until }) };
}

/** Whether the screens of a kind say anything. */
export function hasScreens(kind: Kind): boolean {
  return KINDS[kind] !== undefined;
}

function fits({ region, all, none = [] }: ScreenRule, lines: readonly string[]): boolean {
  const text = textIn(region, lines);
  return all.every((each) => each.test(text)) && !none.some((each) => each.test(text));
}

function textIn(region: Region, lines: readonly string[]): string {
  return (region === 'screen' ? lines : lines.slice(-region.bottom)).join('\n');
}
