import type { AttachReport, LogsReport } from '../../control/protocol.ts';
import { EXIT } from '../../control/protocol.ts';
import type { AgentName, Session } from '../../reconciler/types.ts';
import { attachArgv } from '../../tmux/attach.ts';
import type { Colony } from '../colony.ts';
import { noSuchAgent } from '../configuration.ts';
import { placeOf } from '../connect.ts';
import { whyNotRunning } from '../not-running.ts';
import { failureText } from '../observe.ts';
import { previousScreen, withoutBlankEnd } from '../screens.ts';
import { Refused } from './context.ts';
import { nothingDesired } from './status.ts';

/** The rendered scrollback and screen of an agent, or of its last life. */
export async function logs(colony: Colony, agent: AgentName, lines: number, previous: boolean): Promise<LogsReport> {
  const session = known(colony, agent);
  if (previous) {
    const screen = await previousScreen(colony.paths, agent);
    if (!screen) throw new Refused(notRunning(`no earlier life of "${agent}" was recorded`));
    return { agent, lines: screen.slice(-lines), live: false };
  }
  if (!session || session.main.state === 'gone') return logsOfTheDead(colony, agent, lines);
  const screen = await colony.tmux?.capture(session.main.pane, { history: lines });
  if (!screen?.ok) throw new Refused(tmuxProblem(screen ? failureText(screen.error) : 'the connection is down'));
  return { agent, lines: withoutBlankEnd(screen.value).slice(-lines), live: session.main.state === 'alive' };
}

async function logsOfTheDead(colony: Colony, agent: AgentName, lines: number): Promise<LogsReport> {
  const screen = await previousScreen(colony.paths, agent);
  if (!screen) throw new Refused(notRunning(withWhy(colony, agent, `nothing was ever recorded of "${agent}"`)));
  return { agent, lines: screen.slice(-lines), live: false };
}

/** How to show an agent's session in the asking terminal. */
export function attach(
  colony: Colony,
  agent: AgentName,
  readOnly: boolean,
  insideTmux: string | undefined,
): AttachReport {
  const session = known(colony, agent);
  if (!session) throw new Refused(notRunning(withWhy(colony, agent, `"${agent}" has no session to attach to`)));
  const place = placeOf(colony.desired ?? nothingDesired(colony), colony.paths, colony.home);
  const { argv, dropEnv, how } = attachArgv(place, session.id, { readOnly, insideTmux });
  return { argv, drop_env: dropEnv, how };
}

function known(colony: Colony, agent: AgentName): Session | undefined {
  const { observed, desired } = colony;
  if (!observed.known) throw new Refused(tmuxProblem(observed.why));
  const session = observed.sessions.get(agent)?.[0];
  const names = new Set([...(desired?.agents.keys() ?? []), ...observed.sessions.keys()]);
  if (!names.has(agent)) throw new Refused(noSuchAgent(agent, [...names]));
  return session;
}

function withWhy(colony: Colony, agent: AgentName, text: string): string {
  const found = whyNotRunning(colony, agent);
  return found ? `${text} (${found.why})\n${found.remedy}` : `${text}; it is about to be started`;
}

function notRunning(text: string) {
  return { code: 'not_running' as const, exit: EXIT.failed, text };
}

function tmuxProblem(why: string) {
  return { code: 'tmux_unavailable' as const, exit: EXIT.unavailable, text: `tmux cannot be asked: ${why}` };
}
