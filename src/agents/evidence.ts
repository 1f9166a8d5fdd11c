import { presentAhead, steadyReset, wallOf } from '../reconciler/offsets.ts';
import type { Kind, Told } from '../reconciler/types.ts';
import { recordSign } from './claude/record.ts';
import { telemetryOf } from './claude/statusline.ts';
import { answerIn, hookSign } from './claude/told.ts';
import { codexTitleSign } from './codex/title.ts';
import { transcriptSign } from './codex/transcript.ts';
import { geminiTitleSign } from './gemini/title.ts';
import type { At, Hook, Hooks } from './hook.ts';
import type { Readings, Sign } from './reading.ts';
import { resetTime } from './reset-time.ts';

type Reader = (readings: Readings) => Sign | undefined;

/** What the state of each kind of program is read from. */
const READERS: { readonly [K in Kind]: readonly Reader[] } = {
  claude: [recordSign, hookSign, screenSign],
  codex: [codexTitleSign, transcriptSign, screenSign],
  gemini: [geminiTitleSign, screenSign],
  opencode: [screenSign],
  aider: [screenSign],
  shell: [],
};

/** What each source says of what a program of this kind is doing; those that say nothing are left out. */
export function signsOf(kind: Kind, readings: Readings): readonly Sign[] {
  return READERS[kind].flatMap((read) => read(readings) ?? []);
}

function screenSign({ screen, zone, offsets }: Readings): Sign | undefined {
  if (!screen) return undefined;
  const { rule, says, since, at } = screen;
  const reset = screen.until === undefined ? undefined : resetTime(screen.until, wallOf(offsets, since), zone());
  const until = reset === undefined ? undefined : steadyReset(reset, presentAhead(offsets));
  const text = `its screen looks like "${rule}"`;
  return { ...says, ...(until === undefined ? {} : { until }), source: 'screen', at, since, text };
}

/** What a program has told of its conversation. */
export type Conversing = Pick<Told, 'telemetry' | 'conversation' | 'answer' | 'prompted'>;

/** That of a program of this kind. */
export function conversingIn(kind: Kind, readings: Readings): Conversing {
  if (kind === 'claude') return claudeConversing(readings);
  if (kind === 'codex') return codexConversing(readings);
  // Of the others none is known here but opencode's, which it tells in its log.
  return { telemetry: undefined, conversation: readings.logged, answer: undefined, prompted: undefined };
}

function claudeConversing({ record, hooks, line, full }: Readings): Conversing {
  return {
    telemetry: line && telemetryOf(line, full),
    conversation: record?.session ?? lastSession(hooks),
    answer: answerIn(hooks),
    prompted: hooks.UserPromptSubmit?.at,
  };
}

/** The end of a conversation tells which one is left. */
function lastSession({ SessionEnd: _, ...hooks }: Hooks): string | undefined {
  const last = Object.values(hooks).reduce<At<Hook> | undefined>(
    (latest, hook) => (latest && latest.at > hook.at ? latest : hook),
    undefined,
  );
  return last?.session;
}

function codexConversing({ transcript }: Readings): Conversing {
  if (!transcript) return { telemetry: undefined, conversation: undefined, answer: undefined, prompted: undefined };
  const { at, session, answer, prompted, model, context, limits } = transcript;
  const told = model !== undefined || context !== undefined || limits.length > 0;
  const telemetry = { at, model, context: context?.used, contextAt: context?.at, cost: undefined, limits };
  return { telemetry: told ? telemetry : undefined, conversation: session, answer, prompted };
}
