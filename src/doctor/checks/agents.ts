import type { AgentFacts, ColonyFacts, Finding } from '../types.ts';

/** What each agent would stumble over at its next start. Those that are disabled need nothing. */
export function agentsReady({ agents }: ColonyFacts): readonly Finding[] {
  const found = agents.filter(({ enabled }) => enabled).flatMap((agent) => [...startable(agent), ...resumable(agent)]);
  const ok = { id: 'agents', level: 'ok', text: 'Every agent has its folder and its program' } as const;
  return found.some(({ id }) => id === 'workdir' || id === 'program') ? found : [...found, ok];
}

function startable({ name, obstacle, program }: AgentFacts): readonly Finding[] {
  if (obstacle?.code === 'workdir_missing') {
    const text = `The folder of ${name} is missing: ${obstacle.path}`;
    return [{ id: 'workdir', level: 'error', text, mend: `\`mkdir -p ${obstacle.path}\`, or correct its \`workdir\`` }];
  }
  if (obstacle?.code === 'command_not_executable') {
    const text = `The program of ${name} may not be executed: ${obstacle.program}`;
    return [{ id: 'program', level: 'error', text, mend: `\`chmod +x ${obstacle.program}\`` }];
  }
  if (obstacle?.code !== 'command_not_found' && (!program || program.path !== undefined)) return [];
  const missing = obstacle?.code === 'command_not_found' ? obstacle.program : program?.name;
  const text = `The program of ${name} is not found by the PATH that was captured for agents: ${missing}`;
  const mend = 'install it, or name it by its whole path; where this shell finds it, `colony apply --refresh-env`';
  return [{ id: 'program', level: 'error', text, mend }];
}

function resumable({ name, resumes, conversation }: AgentFacts): readonly Finding[] {
  if (!resumes || !conversation) return [];
  const { id, transcript } = conversation;
  if (transcript === 'missing' || transcript === 'empty') {
    const text = `The conversation of ${name} (${id}) cannot be gone on with: ${NOTHING_LEFT[transcript]}`;
    return [
      {
        id: 'conversation',
        level: 'note',
        text,
        mend: 'where there was more in it, restore the file before the next restart',
      },
    ];
  }
  return [];
}

/** A conversation in which nothing was said yet has no file either. */
const NOTHING_LEFT = {
  missing: 'there is no file of it, as when nothing was said in it yet',
  empty: 'its file holds nothing that was said',
} as const;

/** One line for each program that colony knows and that is used here. */
export function programsKnown({ agents }: ColonyFacts): readonly Finding[] {
  const used = new Map(
    agents.flatMap(({ kind, program }) =>
      kind === 'shell' || program?.path === undefined ? [] : [[program.path, { kind, version: program.version }]],
    ),
  );
  return [...used].map(([path, { kind, version }]) => {
    const text =
      version === undefined ? `${kind} is ${path}; which version, it does not say` : `${kind} is ${version} (${path})`;
    return { id: `kind_${kind}`, level: 'ok', text };
  });
}
