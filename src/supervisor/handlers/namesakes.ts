import { agentNames } from '../../config/stanza.ts';
import type { ApplyRequest, PlanReport } from '../../control/protocol.ts';
import type { AgentName, Desired, Entry, Reason } from '../../reconciler/types.ts';
import type { Surveyed } from '../../tmux/survey.ts';
import type { Colony } from '../colony.ts';
import { occupy } from '../occupy.ts';
import { look, whyUnfit } from './adoptable.ts';
import { takeIn } from './take-in.ts';

const REASON: Reason = { code: 'user_requested' };

/** Sessions that a person has begun, by the agents that are called like them. */
export type Namesakes = ReadonlyMap<AgentName, Surveyed>;

/**
 * What runs already in the place of agents that would be started for the first time: sessions of this colony's tmux
 * server, named as `colony init --from-tmux` names them. Not looked for where it would make no difference.
 */
export async function namesakesOf(colony: Colony, request: ApplyRequest, { rows }: PlanReport): Promise<Namesakes> {
  const { agents } = colony.journal.ledger;
  const added = rows.filter(({ sign, agent }) => sign === '+' && (agents.get(agent)?.generation ?? 0) === 0);
  if (!colony.tmux || added.length === 0 || (request.confirmed && !request.adopt)) return new Map();
  const theirs = (await look(colony, colony.tmux.place)).filter((found) => whyUnfit(colony, found) === undefined);
  const names = agentNames(theirs.map(({ name }) => name));
  const wanted = new Set(added.map(({ agent }) => agent));
  return new Map(
    theirs.flatMap((found, at) => {
      const name = names[at];
      return name !== undefined && wanted.has(name) ? [[name, found]] : [];
    }),
  );
}

/** What a person is told of them, because a second program of each would be started; undefined: there are none. */
export function runAlready(namesakes: Namesakes): string | undefined {
  if (namesakes.size === 0) return undefined;
  const names = [...namesakes.values()].map(({ name }) => `"${name}"`).join(', ');
  const [run, what, them] =
    namesakes.size > 1
      ? [`sessions ${names} run`, 'each of their programs', 'them in as they run']
      : [`a session ${names} runs`, 'its program', 'it in as it runs'];
  return `${run} already on this tmux server, and ${what} would be started a second time; \`colony apply --adopt\` takes ${them}`;
}

type Adopted = {
  readonly entries: readonly Entry[];
  /** To be called when the file is in force: to a pass before that they would be agents that no file knows. */
  readonly release: () => void;
};

/** Make them agents, each as it runs. */
export async function adoptAll(colony: Colony, desired: Desired, namesakes: Namesakes): Promise<Adopted> {
  const entries: Entry[] = [];
  const resting = { kind: 'changing', since: colony.clock(), reason: REASON } as const;
  const releases = [...namesakes.keys()].map((agent) => occupy(colony, agent, resting));
  const release = () => {
    for (const one of releases) one();
  };
  const unlisten = colony.journal.listen((entry) => {
    if (entry.type === 'adopted') entries.push(entry);
  });
  try {
    for (const [agent, found] of namesakes) {
      const spec = desired.agents.get(agent);
      if (spec && colony.tmux) await takeIn(colony, colony.tmux, found, spec);
    }
    return { entries, release };
  } catch (error) {
    release();
    throw error;
  } finally {
    unlisten();
  }
}
