import { adviceFor } from './advised.ts';
import { differences } from './diff.ts';
import { type Moment, type Waits, waitsFor } from './gate.ts';
import { noHistory } from './ledger.ts';
import { LETTER } from './letter.ts';
import { isOutdated } from './outdated.ts';
import type { AgentSpec, Reason, ReconcileInput, Session } from './types.ts';
import { type Want, wantsOf } from './wants.ts';

/** What can be the matter with an agent whose program runs. */
export type AliveSituation =
  | { readonly is: 'outdated'; readonly spec: AgentSpec; readonly session: Session; readonly reason: Reason }
  /** A probe or a policy wants something to happen, and this is the moment for it. */
  | { readonly is: 'wanted'; readonly spec: AgentSpec; readonly session: Session; readonly want: Want }
  /** Something has to happen, and waits. `said`: that was written down. */
  | {
      readonly is: 'deferred';
      readonly spec: AgentSpec;
      readonly session: Session;
      readonly want: Want;
      readonly waits: Waits;
      readonly said: boolean;
    }
  | { readonly is: 'drifted'; readonly spec: AgentSpec; readonly session: Session; readonly reason: Reason }
  | { readonly is: 'live'; readonly spec: AgentSpec; readonly session: Session };

/** What is the matter with an agent whose program runs. */
export function whileAlive(spec: AgentSpec, session: Session, input: ReconcileInput): AliveSituation {
  const history = input.ledger.agents.get(spec.name) ?? noHistory;
  const moment = { session, kind: spec.kind, history, vitals: input.vitals.get(spec.name), now: input.now };
  const letters = input.letters.get(spec.name) ?? [];
  const wants = wantsOf({ spec, session, history, advice: adviceFor(spec.name, session.run, input), letters });
  const now = wants.find((want) => waitsFor(want, moment) === undefined);
  if (now) return begun(now, spec, session);
  return driftOf(spec, session, input) ?? putOff(wants, spec, moment) ?? { is: 'live', spec, session };
}

function begun(want: Want, spec: AgentSpec, session: Session): AliveSituation {
  const { what, reason } = want;
  const renewal = what === 'person' || what === 'update';
  return renewal ? { is: 'outdated', spec, session, reason } : { is: 'wanted', spec, session, want };
}

/** Of several things that wait, one that was not written down yet is; else the most urgent is shown. */
function putOff(wants: readonly Want[], spec: AgentSpec, moment: Moment): AliveSituation | undefined {
  const { session, history } = moment;
  // Who has asked for something to be typed is told himself that it waits, and for what.
  const isSaid = ({ what }: Want) => what === LETTER || Object.hasOwn(history.deferred, what);
  const want = wants.find((each) => !isSaid(each)) ?? wants[0];
  const waits = want && waitsFor(want, moment);
  if (!want || !waits) return undefined;
  return { is: 'deferred', spec, session, want, waits, said: isSaid(want) };
}

function driftOf(spec: AgentSpec, session: Session, { ledger }: ReconcileInput): AliveSituation | undefined {
  const applied = ledger.agents.get(spec.name)?.applied;
  // Settings that wait for a new process are taken over together with it.
  if (isOutdated(session.fingerprint ?? applied?.fingerprint, spec)) return undefined;
  const changed = applied ? differences(applied.settings, spec.settings).map(({ field }) => field) : [];
  const relabel = session.fingerprint !== spec.fingerprint || !applied;
  if (!relabel && changed.length === 0) return undefined;
  const reason: Reason = applied ? { code: 'config_changed', fields: changed } : { code: 'adopted' };
  return { is: 'drifted', spec, session, reason };
}
