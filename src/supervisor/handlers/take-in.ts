import { randomBytes } from 'node:crypto';
import { EXIT, type Problem } from '../../control/protocol.ts';
import { adoptedRunId } from '../../processes/adopted.ts';
import { conditionOf } from '../../reconciler/condition.ts';
import { noHealth, noHistory } from '../../reconciler/ledger.ts';
import type { AgentSpec, Reason } from '../../reconciler/types.ts';
import type { Surveyed } from '../../tmux/survey.ts';
import type { Tmux } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { appliedOf } from '../launch.ts';
import { failureText, shownBy, takeOver } from '../observe.ts';
import { offerToTheKernel } from '../vitals/protect.ts';
import { Refused } from './context.ts';

const REASON: Reason = { code: 'user_requested' };

/**
 * Make a session an agent, without touching what runs in it. The caller has the agent rest meanwhile.
 *
 * Each step leaves a world in which the next pass does the right thing: a session with our labels is one that runs.
 */
export async function takeIn(colony: Colony, tmux: Tmux, found: Surveyed, spec: AgentSpec): Promise<void> {
  const agent = spec.name;
  const history = colony.journal.ledger.agents.get(agent) ?? noHistory;
  const before = colony.observed.known ? (colony.observed.sessions.get(agent) ?? []) : [];
  for (const { id } of before) must(await tmux.remove(id));
  const run = adoptedRunId(agent, randomBytes(8).toString('hex'));
  const started = colony.clock();
  const generation = history.generation + 1;
  const shown = conditionOf(spec, noHealth).is;
  const labels = { generation, fingerprint: spec.fingerprint, run, started, shown };
  const taken = must(await tmux.adopt({ session: found.id, pane: found.pane }, agent, labels));
  const { pid, seen } = taken;
  if (history.hold) announce(colony, { type: 'released', agent, reason: REASON });
  announce(colony, { type: 'adopted', agent, generation, run, started, pid });
  announce(colony, { type: 'updated', agent, fields: [], applied: appliedOf(spec) });
  offerToTheKernel(pid);
  takeOver(colony, undefined, shownBy(colony, seen));
}

function must<T>(done: { ok: true; value: T } | { ok: false; error: Parameters<typeof failureText>[0] }): T {
  if (done.ok) return done.value;
  throw refused(failureText(done.error), 'tmux_unavailable');
}

export function refused(text: string, code: Problem['code'] = 'not_adoptable'): Refused {
  const exit = { tmux_unavailable: EXIT.unavailable, no_such_agent: EXIT.noSuchAgent }[code as string] ?? EXIT.failed;
  return new Refused({ code, exit, text });
}
