import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { isPlainId } from '../../agents/choice.ts';
import { wordsOf } from '../../agents/command.ts';
import { LAUNCHERS } from '../../agents/launching.ts';
import { kindOf } from '../../config/kind.ts';
import { homeFolder } from '../../control/home.ts';
import type { ColonyPaths } from '../../control/paths.ts';
import { answerToExit } from '../../reconciler/answer.ts';
import { explain } from '../../reconciler/explain.ts';
import { hasLiveRun } from '../../reconciler/ledger.ts';
import type { AgentName, AgentSpec, Desired, History, Ledger, Obstacle } from '../../reconciler/types.ts';
import { type Environment, environmentOf } from '../../supervisor/environment.ts';
import { obstaclesOf } from '../../supervisor/obstacles.ts';
import { transcriptOf } from '../../supervisor/starting/transcript.ts';
import type { AgentFacts, ProgramFacts } from '../types.ts';
import { output } from './run.ts';

export type Household = {
  readonly desired: Desired;
  readonly ledger: Ledger;
  /** The environment that was captured for agents. */
  readonly environment: Environment;
  readonly paths: ColonyPaths;
};

/** Read what the checks of the agents need; a program that many agents share is asked for its version once. */
export async function gatherAgents(household: Household): Promise<readonly AgentFacts[]> {
  const { desired, environment } = household;
  const obstacles = obstaclesOf(desired, new Map(), new Set(), environment, (agent) => agent);
  const versions = new Map<string, Promise<string | undefined>>();
  const specs = [...desired.agents.values()];
  return Promise.all(specs.map((spec) => factsOf(spec, obstacles, household, versions)));
}

type Versions = Map<string, Promise<string | undefined>>;

async function factsOf(
  spec: AgentSpec,
  obstacles: ReadonlyMap<AgentName, Obstacle>,
  household: Household,
  versions: Versions,
): Promise<AgentFacts> {
  const history = household.ledger.agents.get(spec.name);
  const { name, kind, enabled } = spec;
  const hold = history?.hold;
  return {
    ...{ name, kind, enabled, obstacle: obstacles.get(name), onReboot: spec.on_reboot },
    program: await programOf(spec, environmentOf(household.environment, spec), versions),
    resumes: LAUNCHERS[kind].ids !== 'none' && spec.resume !== 'never',
    conversation: await conversationOf(spec, history, household),
    ran: history !== undefined && hasLiveRun(history),
    over: isOver(spec, history),
    hold: hold && { reason: hold.reason, why: explain(hold.reason) },
  };
}

function isOver(spec: AgentSpec, history: History | undefined): boolean {
  const exit = history?.unanswered ? history.lastExit : undefined;
  if (!history || !exit) return history?.hold?.reason.code === 'work_done';
  const is = answerToExit(spec, history, exit, exit.at)?.is;
  return is === 'completed' || is === 'stopped';
}

async function conversationOf(spec: AgentSpec, history: History | undefined, { environment, paths }: Household) {
  const id = history?.conversation?.id;
  if (id === undefined) return undefined;
  if (!isPlainId(id)) return { id, transcript: 'unknown' as const };
  const env = environmentOf(environment, spec);
  const place = { env, home: env.HOME || homeFolder(), folder: join(paths.inject, 'conversations') };
  return { id, transcript: await transcriptOf(LAUNCHERS[spec.kind], id, place) };
}

/** A line that is more than one command, or whose program the shell makes from something else, is not looked for. */
async function programOf(spec: AgentSpec, env: Environment, versions: Versions): Promise<ProgramFacts | undefined> {
  const [first] = wordsOf(spec.command);
  if (!first?.plain || !/^[\w./@+-]+$/.test(first.text) || OF_THE_SHELL.has(first.text)) return undefined;
  if (spec.command.form === 'shell' && !isProgramOfKind(spec, first.text)) return undefined;
  const path = found(first.text, env.PATH ?? '', spec.workdir);
  // Only of programs that colony knows it is known what they do with this option.
  if (path === undefined || !isProgramOfKind(spec, first.text)) return { name: first.text, path, version: undefined };
  const asked = versions.get(path) ?? output(path, ['--version'], env);
  versions.set(path, asked);
  return { name: first.text, path, version: (await asked)?.split('\n')[0] };
}

const OF_THE_SHELL: ReadonlySet<string> = new Set(['exec', 'cd', 'if', 'while', 'for', 'until', 'case', '.', 'source']);

function isProgramOfKind({ kind }: AgentSpec, program: string): boolean {
  return kind !== 'shell' && kindOf({ form: 'words', words: [program] }) === kind;
}

function found(program: string, path: string, workdir: string): string | undefined {
  const places = program.includes('/') ? [program] : path.split(delimiter).map((folder) => join(folder, program));
  return places.map((place) => (isAbsolute(place) ? place : join(workdir, place))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
