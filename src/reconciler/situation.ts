import { type CalledSituation, calledBy } from './called.ts';
import { stopsWhatRuns } from './ending.ts';
import { isOutdated } from './outdated.ts';
import type { Pairing } from './pair.ts';
import { startReason } from './start-reason.ts';
import type { AgentName, Hold, Millis, Operation, Reason, ReconcileInput, Session } from './types.ts';
import { vetoOf } from './veto.ts';
import { type AliveSituation, whileAlive } from './while-alive.ts';
import { type DownSituation, whileDown } from './while-down.ts';

/** What is the matter with one agent at this moment. Derived in every pass; each member carries what its handler needs. */
export type Situation =
  | { readonly is: 'unknown'; readonly reason: Reason }
  | { readonly is: 'operating'; readonly operation: Operation }
  | { readonly is: 'duplicated'; readonly extra: Session }
  | { readonly is: 'orphan'; readonly session: Session }
  | { readonly is: 'disabled'; readonly session: Session | undefined }
  /** `again`: what runs has to be ended first, and then it is started. */
  | {
      readonly is: 'stopped';
      readonly session: Session | undefined;
      readonly reason: Reason;
      readonly again?: boolean;
    }
  /** Its hook does not let it be ended yet. */
  | { readonly is: 'vetoed'; readonly until: Millis; readonly session: Session; readonly reason: Reason }
  | CalledSituation
  | AliveSituation
  | DownSituation;

/**
 * Look at one agent from all sides. The order of the questions is the precedence of the answers.
 *
 * `asked`: agents that were looked at on the way here, along the dependencies; none is looked at twice.
 */
export function situationOf(pairing: Pairing, input: ReconcileInput, asked = new Set<AgentName>()): Situation {
  const situation = lookAt(pairing, input, asked);
  return vetoOf(situation, pairing, input) ?? situation;
}

function lookAt(pairing: Pairing, input: ReconcileInput, asked: Set<AgentName>): Situation {
  if (!input.observed.known) return { is: 'unknown', reason: { code: 'tmux_unreachable', why: input.observed.why } };
  const operation = input.operations.get(pairing.agent);
  if (operation) return { is: 'operating', operation };
  const [extra] = pairing.duplicates;
  if (extra) return { is: 'duplicated', extra };
  const { spec, session } = pairing;
  if (!spec) return session ? { is: 'orphan', session } : { is: 'disabled', session };
  if (!spec.enabled) return { is: 'disabled', session };
  const history = input.ledger.agents.get(pairing.agent);
  if (history?.hold && stopsWhatRuns(history.hold)) return whileStopped(history.hold, pairing, input);
  if (session?.main.state === 'alive') return whileAlive(spec, session, input);
  const look = (other: Pairing) => situationOf(other, input, asked);
  return whileDown({ spec, session, history, input, asked: asked.add(spec.name), look });
}

/**
 * What a person has stopped is for a person to start; a schedule may start what a policy has stopped. Work that was done
 * with other settings is begun anew.
 */
function whileStopped(hold: Hold, { agent, spec, session }: Pairing, input: ReconcileInput): Situation {
  const { reason } = hold;
  if (reason.code === 'user_requested') return { is: 'stopped', session, reason };
  const isOther = spec && reason.code === 'work_done' && isOutdated(hold.fingerprint, spec);
  const called: CalledSituation | undefined = isOther
    ? { is: 'called', reason: startReason(spec, input.ledger.agents.get(agent)) }
    : calledBy(agent, input);
  if (!called) return { is: 'stopped', session, reason };
  return session?.main.state === 'alive' ? { is: 'stopped', session, reason, again: true } : called;
}
