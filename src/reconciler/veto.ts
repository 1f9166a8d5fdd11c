import type { RestartSpec } from '../spec/restart.ts';
import { backoffDelay } from './backoff.ts';
import { isLooping } from './crash-loop.ts';
import { isFailure } from './ending.ts';
import type { Pairing } from './pair.ts';
import type { AgentSpec, History, Millis, Reason, ReconcileInput, Veto } from './types.ts';
import type { Want } from './wants.ts';

/** What becomes of a start that was vetoed. */
type Failing =
  | { readonly is: 'failing'; readonly spec: AgentSpec; readonly reason: Reason }
  | { readonly is: 'backoff'; readonly until: Millis; readonly reason: Reason };

/** As much of a situation as is needed here. */
type Found = { readonly is: string; readonly want?: Want; readonly reason?: Reason };

/** What keeps an agent from being started whose `pre_start` said no; undefined: it is asked again. */
export function startVeto(spec: AgentSpec, history: History | undefined, now: Millis): Failing | undefined {
  const veto = history?.veto;
  if (!history || !veto || veto.run !== undefined) return undefined;
  const { crash_loop: loop } = spec.restart;
  if (loop.action === 'hold' && isLooping(spec.restart, history, now)) {
    return { is: 'failing', spec, reason: { code: 'crash_loop', restarts: loop.restarts, window: loop.window } };
  }
  const until = askAgain(veto, spec);
  return until > now ? { is: 'backoff', until, reason: vetoReason(veto) } : undefined;
}

/** What keeps a program running that ought to be ended and whose `pre_stop` said no; undefined: nothing does. */
export function vetoOf(situation: Found, { session, spec, agent }: Pairing, input: ReconcileInput) {
  const history = input.ledger.agents.get(agent);
  const veto = history?.veto;
  if (!veto || veto.run === undefined || history.hurry || !endsProgram(situation)) return undefined;
  if (session?.main.state !== 'alive' || session.run !== veto.run) return undefined;
  const until = askAgain(veto, spec);
  return until > input.now ? ({ is: 'vetoed', until, session, reason: vetoReason(veto) } as const) : undefined;
}

/** A program that is ended because it failed has no say in it, and neither has its hook. */
function endsProgram({ is, want, reason }: Found): boolean {
  if (want) return is === 'wanted' && want.to.do === 'restart' && !isFailure(want.reason);
  if (is === 'stopped') return !reason || !isFailure(reason);
  return is === 'outdated' || is === 'orphan' || is === 'disabled';
}

function vetoReason({ hook, why }: Veto): Reason {
  return { code: 'hook_failed', hook, why };
}

/** A hook is asked again after the back-off of the agent, and never in quick succession. */
function askAgain({ at, times }: Veto, spec: AgentSpec | undefined): Millis {
  const backoff = spec?.restart.backoff ?? DEFAULT;
  return at + Math.max(SOONEST, backoffDelay(backoff, { attempt: times, uptime: 0, seed: String(at) }));
}

const SOONEST: Millis = 1_000;
/** The same as the default of the file, for an agent that is in it no more. */
const DEFAULT: RestartSpec['backoff'] = { initial: 1_000, factor: 2, max: 300_000, jitter: 0.2 };
