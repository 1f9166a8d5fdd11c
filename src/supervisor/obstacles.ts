import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { AgentName, AgentSpec, Desired, Obstacle, Session } from '../reconciler/types.ts';
import { type Environment, environmentOf } from './environment.ts';

/** What the agents that do not run would stumble over if they were started now. */
export function obstaclesOf(
  desired: Desired,
  sessions: ReadonlyMap<AgentName, readonly Session[]>,
  foreign: ReadonlySet<string>,
  base: Environment,
  sessionName: (agent: AgentName) => string,
): ReadonlyMap<AgentName, Obstacle> {
  const found = new Map<AgentName, Obstacle>();
  for (const spec of desired.agents.values()) {
    const session = sessions.get(spec.name)?.[0];
    if (!spec.enabled || session?.main.state === 'alive') continue;
    const name = sessionName(spec.name);
    const obstacle: Obstacle | undefined =
      !session && foreign.has(name)
        ? { code: 'name_taken', session: name }
        : obstacleOf(spec, environmentOf(base, spec));
    if (obstacle) found.set(spec.name, obstacle);
  }
  return found;
}

/**
 * Why starting this agent would fail, as far as that can be seen beforehand.
 *
 * tmux starts a program in the home folder if its own folder is missing, and tells nobody when a program is not found.
 */
function obstacleOf(spec: AgentSpec, environment: Environment): Obstacle | undefined {
  if (!isFolder(spec.workdir)) return { code: 'workdir_missing', path: spec.workdir };
  if (spec.command.form === 'shell') return undefined;
  const [program] = spec.command.words;
  const candidates = program.includes('/')
    ? [program]
    : (environment.PATH ?? '').split(delimiter).map((dir) => join(dir, program));
  const files = candidates.map((path) => (isAbsolute(path) ? path : join(spec.workdir, path))).filter(isFile);
  // A name that was made of variables may be, or hold, a secret.
  const shown = spec.settings.command?.startsWith('secret:') ? '(secret)' : program;
  if (files.length === 0) return { code: 'command_not_found', program: shown };
  return files.some(isExecutable) ? undefined : { code: 'command_not_executable', program: shown };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isFile(path: string): boolean {
  return tryStat(path)?.isFile() ?? false;
}

function tryStat(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
