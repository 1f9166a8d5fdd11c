import { liveCommand } from '../../config/live.ts';
import { agentName, stanza } from '../../config/stanza.ts';
import type { AdoptReport, AdoptRequest } from '../../control/protocol.ts';
import { foregroundOf } from '../../processes/foreground.ts';
import type { AgentName, AgentSpec, Reason } from '../../reconciler/types.ts';
import type { Surveyed } from '../../tmux/survey.ts';
import type { Tmux } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { occupy } from '../occupy.ts';
import { look, whyUnfit } from './adoptable.ts';
import type { Context, Refused } from './context.ts';
import { refused, takeIn } from './take-in.ts';

const REASON: Reason = { code: 'user_requested' };

/**
 * Make a session that a person has begun an agent of this colony, without restarting what runs in it. Without a stanza
 * in the file nothing is adopted: the answer brings the stanza, and until it is there nothing of that name is started.
 */
export async function adopt(context: Context, request: AdoptRequest): Promise<AdoptReport> {
  const { colony, loop } = context;
  await loop.look();
  const { tmux } = colony;
  if (!tmux) throw refused('tmux is out of reach, so no session can be adopted', 'tmux_unavailable');
  const found = await findSession(colony, tmux, request);
  const agent = request.as ?? nameFor(colony, found);
  if (agentName(agent) !== agent)
    throw refused(
      `"${agent}" is no name for an agent: it takes small letters, digits and dashes, and begins with a letter`,
    );
  const live = liveCommand(foregroundOf(found.pid)?.words ?? []);
  const lines = stanza({ name: agent, folder: found.folder, live });
  const spec = colony.desired?.agents.get(agent);
  const told = { version: 1, agent, session: found.name, panes: found.panes } as const;
  if (!spec) {
    holdBack(colony, agent);
    return { ...told, outcome: 'needs_stanza', stanza: lines, pid: null };
  }
  checkFree(colony, spec);
  const release = occupy(colony, agent, { kind: 'changing', since: colony.clock(), reason: REASON });
  try {
    await takeIn(colony, tmux, found, spec);
  } finally {
    release();
    loop.wake();
  }
  return { ...told, outcome: 'adopted', stanza: null, pid: found.pid };
}

/** On the user's own server names of ours begin with the colony's. */
function nameFor({ name }: Colony, found: Surveyed): AgentName {
  return agentName(found.name.startsWith(`${name}-`) ? found.name.slice(name.length + 1) : found.name);
}

/** Whoever adds the stanza must not have the program started a second time before it is adopted. */
function holdBack(colony: Colony, agent: AgentName): void {
  if (colony.journal.ledger.agents.get(agent)?.hold?.reason.code === REASON.code) return;
  announce(colony, { type: 'held', agent, reason: REASON, fingerprint: undefined });
}

/** The session on this colony's server, fit to be adopted; throws Refused if there is none. */
async function findSession(colony: Colony, tmux: Tmux, { session }: AdoptRequest): Promise<Surveyed> {
  const here = await look(colony, tmux.place);
  const found = here.find(({ name, id }) => name === session || id === session);
  if (!found) throw await notHere(colony, tmux, session, here);
  const unfit = whyUnfit(colony, found);
  if (unfit !== undefined) throw refused(unfit);
  return found;
}

/** A living program cannot be moved to another tmux server, so all that can be done for it is to say how to go on. */
async function notHere(colony: Colony, tmux: Tmux, session: string, here: readonly Surveyed[]): Promise<Refused> {
  const elsewhere = tmux.place.kind === 'default' ? [] : await look(colony, { kind: 'default' });
  const found = elsewhere.find(({ name, id }) => name === session || id === session);
  if (!found) {
    const names = here.filter(({ colony: owner, anchor }) => owner === '' && !anchor).map(({ name }) => name);
    const have = names.length > 0 ? `It has: ${names.join(', ')}.` : 'It has no session that is not an agent already.';
    return refused(`there is no session "${session}" on the tmux server of this colony. ${have}`, 'no_such_agent');
  }
  const lines = stanza({
    name: nameFor(colony, found),
    folder: found.folder,
    live: liveCommand(foregroundOf(found.pid)?.words ?? []),
  });
  return refused(
    `"${session}" is on your own tmux server, and a session cannot be moved to another one while it lives.\n` +
      'Either have the colony use that server (`tmux: {socket: default}`, which needs a `colony down` first) and adopt it then,\n' +
      `or end it yourself and have colony start it anew with this below \`agents:\`\n\n${lines}`,
  );
}

/** Throws Refused unless the agent can be given a program that runs already. */
function checkFree(colony: Colony, { name, enabled }: AgentSpec): void {
  if (!enabled) throw refused(`the agent "${name}" is disabled in the file: it would be stopped at once`);
  if (colony.operations.has(name)) throw refused(`something is just being done to "${name}": try again in a moment`);
  const { observed } = colony;
  if (!observed.known) throw refused(`it is not known what runs: ${observed.why}`, 'tmux_unavailable');
  const running = observed.sessions.get(name)?.find(({ main }) => main.state === 'alive');
  if (!running) return;
  throw refused(
    `the agent "${name}" runs already, in the session "${running.name}": give another name with --as, or stop it first`,
  );
}
