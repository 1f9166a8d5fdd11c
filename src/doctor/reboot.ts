import { managerOf } from '../login/plan.ts';
import type { AgentFacts, ColonyFacts, LoginState } from './types.ts';

/** What becomes of one agent when the machine is started anew. */
export type Outlook = {
  readonly agent: string;
  readonly back: boolean;
  /** It runs now, or ran when it was last looked at, and will not then, although nobody wants that. */
  readonly lost: boolean;
  /** After the name of the agent: `comes back, …`. */
  readonly text: string;
};

export type RebootReport = {
  /** What brings the colony itself back; undefined: nothing does, and `why` says it. */
  readonly by: string | undefined;
  readonly why: string | undefined;
  readonly mend: string | undefined;
  readonly agents: readonly Outlook[];
};

/** What would come back after a reboot at this moment, and what would not, and why. Pure. */
export function afterReboot(colony: ColonyFacts): RebootReport {
  const { by, why, mend } = comesBack(colony);
  return { by, why, mend, agents: colony.agents.map((agent) => outlookOf(agent, why)) };
}

function comesBack({ up, login, path }: ColonyFacts): Omit<RebootReport, 'agents'> {
  const nothing = (why: string, mend: string) => ({ by: undefined, why, mend });
  if (!up) return nothing('the colony is down', `\`colony apply\`, and then ${enabling(login)}`);
  if (login.manager === undefined) return nothing('nothing starts the colony at boot', enabling(login));
  const first = login.verdict.amiss.find(({ deadly, untilBoot }) => !deadly && !untilBoot);
  if (first) return nothing(first.text, first.again ? '`colony enable`' : first.mend);
  if (login.config !== undefined && login.config !== path)
    return nothing(`what starts the colony at boot starts it with ${login.config}`, '`colony enable`');
  if (login.manager !== 'launchd' && login.launcher === undefined)
    return nothing('the script that starts the supervisor is gone', '`colony enable`');
  return { by: login.verdict.good, why: undefined, mend: undefined };
}

/** What would have it started at boot: `colony enable`, where this machine has something that starts programs then. */
export function enabling({ facts, verdict }: LoginState, command = '`colony enable`'): string {
  return (managerOf(facts) ? undefined : verdict.amiss[0]?.mend) ?? command;
}

function outlookOf(agent: AgentFacts, why: string | undefined): Outlook {
  const { name, ran } = agent;
  const stays = (text: string, lost = false): Outlook => ({
    agent: name,
    back: false,
    lost,
    text: `stays down: ${text}`,
  });
  const reason = wanted(agent);
  if (reason !== undefined) return stays(reason);
  if (why !== undefined) return stays(why, ran);
  const { obstacle, program } = agent;
  if (obstacle?.code === 'workdir_missing') return stays(`its folder is missing (${obstacle.path})`, true);
  if (obstacle?.code === 'command_not_executable')
    return stays(`its program may not be executed (${obstacle.program})`, true);
  if (obstacle?.code === 'command_not_found') return stays(`its program is not found (${obstacle.program})`, true);
  if (program && program.path === undefined) return stays(`its program is not found (${program.name})`, true);
  return { agent: name, back: true, lost: false, text: `comes back${conversationText(agent)}` };
}

/** Why nobody wants it to run then; undefined: it is wanted. */
function wanted({ enabled, onReboot, hold, over }: AgentFacts): string | undefined {
  if (!enabled) return 'it is disabled in the file';
  if (onReboot === 'stay_down') return 'its `on_reboot` is stay_down';
  if (over) return 'it has ended, and its restart policy does not start it again';
  if (onReboot === 'start' || !hold) return undefined;
  return hold.reason.code === 'user_requested' ? 'a person has stopped it' : `it is held: ${hold.why}`;
}

function conversationText({ resumes, conversation }: AgentFacts): string {
  if (!resumes) return '';
  if (!conversation) return ', in a new conversation';
  const { id, transcript } = conversation;
  const kept = transcript === 'kept' || transcript === 'unknown';
  return kept ? `, in its conversation ${id}` : `, in a new conversation: nothing is left of ${id}`;
}
