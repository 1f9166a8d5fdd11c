import { presentAhead, steadyReset, wallOf } from '../../reconciler/offsets.ts';
import type { Millis, Saying } from '../../reconciler/types.ts';
import { type At, type Hook, type Hooks, latestOf } from '../hook.ts';
import type { Readings, Sign } from '../reading.ts';
import { resetTime } from '../reset-time.ts';

/** What tells of the state; of two that come at one instant the one that stands later here counts. */
const TELLING = [
  'SessionStart',
  'UserPromptSubmit',
  'PreCompact',
  'PostCompact',
  'Notification',
  'PermissionRequest',
  'Stop',
  'StopFailure',
] as const;

/** What the hooks say of what the program does. An interruption is told by none, so a record knows better. */
export function hookSign(readings: Readings): Sign | undefined {
  const hook = lastTelling(readings.hooks);
  const saying = hook && sayingOf(hook, readings);
  if (!hook || !saying) return undefined;
  return { ...saying, source: 'hook', at: hook.at, since: hook.at, text: textOf(hook) };
}

/** A compaction begins the conversation anew, and says nothing of what comes then. */
function lastTelling(hooks: Hooks): At<Hook> | undefined {
  const { SessionStart: start, Notification: note, ...others } = hooks;
  return latestOf(
    {
      ...others,
      ...(start && start.source !== 'compact' ? { SessionStart: start } : {}),
      ...(note && note.notification !== undefined && NOTES[note.notification] ? { Notification: note } : {}),
    },
    TELLING,
  );
}

const WAITING: Saying = { state: 'waiting', for: 'permission' };
const ASKING: Saying = { state: 'waiting', for: 'question' };
const IDLE: Saying = { state: 'idle' };
const BUSY: Saying = { state: 'busy' };

/** Kinds of notifications that tell of the state. */
const NOTES: Readonly<Record<string, Saying>> = {
  permission_prompt: WAITING,
  worker_permission_prompt: WAITING,
  elicitation_dialog: ASKING,
  elicitation_url_dialog: ASKING,
  agent_needs_input: ASKING,
  auth_success: IDLE,
  quota_auto_resume_fired: BUSY,
};

function sayingOf(hook: At<Hook>, readings: Readings): Saying | undefined {
  switch (hook.event) {
    case 'UserPromptSubmit':
    case 'PreCompact':
      return BUSY;
    case 'PostCompact':
      return hook.trigger === 'auto' ? BUSY : IDLE;
    case 'PermissionRequest':
      return hook.tool === 'AskUserQuestion' ? ASKING : WAITING;
    case 'Notification':
      return NOTES[hook.notification ?? ''];
    case 'Stop':
      return hook.agents > 0 ? BUSY : IDLE;
    case 'StopFailure':
      return failed(hook, readings);
    default:
      return IDLE;
  }
}

/** Errors after which nothing goes on until a person has seen to the account. */
const ACCOUNT: ReadonlySet<string> = new Set([
  ...['authentication_failed', 'oauth_org_not_allowed', 'account_on_hold', 'verification_required'],
  ...['billing_error', 'cloud_credential_error'],
]);

/** What the program says when the limit of a subscription is used up; an interface that is asked too often says less. */
const USED_UP = /\b(?:hit|reached) your\b.*\blimit\b|\blimit reached\b|\bout of (?:extra )?usage\b/i;

/**
 * What a turn that has failed leaves behind. A used-up limit of the subscription is a limit until its reset; being asked
 * too often is an error as any other, after which the program takes the next prompt.
 */
function failed({ error, answer, at }: At<Hook>, { line, zone, offsets }: Readings): Saying {
  if (error !== undefined && ACCOUNT.has(error)) return { state: 'waiting', for: 'login' };
  if (error !== 'rate_limit') return IDLE;
  const said = wallOf(offsets, at);
  const full = (line?.limits ?? []).filter(({ used, resets }) => used >= 1 && (resets ?? said) >= said);
  if (full.length === 0 && !USED_UP.test(answer ?? '')) return IDLE;
  const told = full.flatMap(({ resets }) => resets ?? []);
  const until = told.length > 0 ? Math.max(...told) : resetTime(answer ?? '', said, zone());
  if (until === undefined) return { state: 'limited' };
  return { state: 'limited', until: steadyReset(until, presentAhead(offsets)) };
}

function textOf({ event, error, notification, agents }: At<Hook>): string {
  if (event === 'Stop' && agents > 0) return `its turn has ended, and ${agents} of its sub-agents are still at work`;
  const detail = error ?? (event === 'Notification' ? notification : undefined);
  return `the last that it told was ${event}${detail === undefined ? '' : ` (${detail})`}`;
}

/** The last answer of a turn that has ended well, with the time at which it ended. */
export function answerIn({ Stop }: Hooks): { readonly text: string; readonly at: Millis } | undefined {
  return Stop?.answer === undefined ? undefined : { text: Stop.answer, at: Stop.at };
}
