import { presentAhead, steadyOf, steadyReset } from '../../reconciler/offsets.ts';
import type { Millis, Offset, UsageLimit } from '../../reconciler/types.ts';
import { ANSWER_LIMIT } from '../hook.ts';
import { asFields, type Fields, idIn, lineIn, numberIn, readObject, secondsIn, textIn } from '../json.ts';
import type { Readings, Sign, Transcript } from '../reading.ts';
import { resetTime } from '../reset-time.ts';

/** Of an empty conversation. */
export const emptyTranscript: Transcript = {
  ...{ session: undefined, turn: undefined, turnAt: 0, failure: undefined, asks: false, answer: undefined },
  ...{ prompted: undefined, model: undefined, context: undefined, limits: [], at: 0 },
};

/** Lines that say something, by how they begin; texts and results of tools, which may be long, are not looked at. */
const TELLING = /^.{0,80}"type": ?"(?:session_meta|event_msg|turn_context)"|^.{0,120}"type": ?"function_call"/;

/**
 * A line of a conversation, folded into what those before it have come to. Never throws.
 *
 * Its time is brought to the colony's clock.
 */
export function withLine(before: Transcript, line: string, offsets: readonly Offset[] = []): Transcript {
  if (!TELLING.test(line.slice(0, 200))) return before;
  const said = readObject(line);
  const payload = asFields(said?.payload);
  const written = typeof said?.timestamp === 'string' ? Date.parse(said.timestamp) : Number.NaN;
  if (!said || !payload || Number.isNaN(written)) return before;
  const at = steadyOf(offsets, written);
  const change = said.type === 'event_msg' ? event(payload, at, written) : other(said.type, payload);
  return change ? { ...before, ...change, at } : before;
}

type Change = Partial<Transcript>;

function other(type: unknown, payload: Fields): Change | undefined {
  if (type === 'session_meta') return { session: idIn(payload.id) };
  if (type === 'turn_context') return { model: lineIn(payload.model, 60) };
  return payload.type === 'function_call' ? { asks: payload.name === 'request_user_input' } : undefined;
}

function event(payload: Fields, at: Millis, written: Millis): Change | undefined {
  switch (payload.type) {
    case 'task_started':
      return { turn: 'runs', turnAt: at, failure: undefined, asks: false };
    case 'task_complete':
      return ended(payload, at, written);
    case 'turn_aborted':
      return { turn: 'interrupted', turnAt: at, asks: false };
    case 'token_count':
      return counted(payload, at);
    case 'item_completed':
      return asFields(payload.item)?.type === 'UserMessage' ? { prompted: at } : { asks: false };
    case 'thread_settings_applied':
      return modelOf(lineIn(asFields(payload.thread_settings)?.model, 60));
    default:
      return undefined;
  }
}

function modelOf(model: string | undefined): Change | undefined {
  return model === undefined ? undefined : { model };
}

function ended(payload: Fields, at: Millis, written: Millis): Change {
  const error = asFields(payload.error);
  if (error) return { turn: 'failed', turnAt: at, asks: false, failure: failureOf(error, written) };
  const { last_agent_message: message } = payload;
  const answer = typeof message === 'string' ? textIn(message.slice(-ANSWER_LIMIT), ANSWER_LIMIT) : undefined;
  return { turn: 'ended', turnAt: at, asks: false, ...(answer === undefined ? {} : { answer: { text: answer, at } }) };
}

function failureOf({ message, codex_error_info: info }: Fields, said: Millis): Transcript['failure'] {
  const text = lineIn(message, 300) ?? 'no reason given';
  if (info === 'usage_limit_exceeded') return { is: 'limit', text, said };
  const [kind, detail] = Object.entries(asFields(info) ?? {})[0] ?? [info];
  const code = asFields(detail)?.http_status_code;
  return { is: kind === 'unauthorized' || code === 401 || code === 403 ? 'login' : 'other', text, said };
}

function counted({ info, rate_limits }: Fields, at: Millis): Change {
  const size = numberIn(asFields(info)?.model_context_window, 1);
  const tokens = numberIn(asFields(asFields(info)?.last_token_usage)?.total_tokens);
  const context = size === undefined || tokens === undefined ? {} : { context: { used: tokens / size, at } };
  const rates = asFields(rate_limits);
  const limits = rates ? { limits: [rates.primary, rates.secondary].flatMap(limitIn) } : {};
  return { ...context, ...limits };
}

function limitIn(value: unknown): readonly UsageLimit[] {
  const limit = asFields(value);
  const used = numberIn(limit?.used_percent);
  const minutes = numberIn(limit?.window_minutes);
  if (!limit || used === undefined || minutes === undefined) return [];
  return [{ name: NAMES[minutes] ?? `${minutes}_minutes`, used: used / 100, resets: secondsIn(limit.resets_at) }];
}

/** The same limits have the same names with all kinds of programs. */
const NAMES: Readonly<Record<number, string>> = { 300: 'five_hour', 10080: 'seven_day' };

/**
 * What the conversation on disk says of what the program does. Of an earlier life only a limit that is still used up
 * says anything: who was killed in a turn has written no end of it.
 */
export function transcriptSign({ transcript, started, now, zone, offsets }: Readings): Sign | undefined {
  if (!transcript?.turn) return undefined;
  const { turn, turnAt, failure, limits } = transcript;
  const limit = failure?.is === 'limit' ? limitOf(failure, limits, zone, presentAhead(offsets)) : undefined;
  const past = started !== undefined && turnAt < started;
  if (past && (limit?.until ?? 0) <= now) return undefined;
  const by = { source: 'transcript', at: turnAt, since: turnAt } as const;
  if (limit) return { ...by, ...limit, text: `its last turn has failed: ${failure?.text}` };
  if (failure?.is === 'login')
    return { ...by, state: 'waiting', for: 'login', text: `its last turn has failed: ${failure.text}` };
  if (failure) return { ...by, state: 'idle', text: `its last turn has failed: ${failure.text}` };
  return { ...by, state: turn === 'runs' ? 'busy' : 'idle', text: `its last turn ${WORDS[turn]}` };
}

const WORDS = { runs: 'has begun', ended: 'has ended', interrupted: 'was interrupted', failed: 'has failed' } as const;

function limitOf({ text, said }: Failure, limits: readonly UsageLimit[], zone: Readings['zone'], ahead: Millis) {
  const full = limits.flatMap(({ used, resets }) =>
    used >= 1 && resets !== undefined && resets > said ? [resets] : [],
  );
  const until = full.length > 0 ? Math.max(...full) : resetTime(text, said, zone());
  return until === undefined
    ? ({ state: 'limited' } as const)
    : ({ state: 'limited', until: steadyReset(until, ahead) } as const);
}

type Failure = NonNullable<Transcript['failure']>;
