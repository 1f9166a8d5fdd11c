import { runCommand } from '../../command/run.ts';
import { RUN_VARIABLE } from '../../processes/environ.ts';
import type { AgentName, AgentSpec, HookName, RunId } from '../../reconciler/types.ts';
import type { HookSpec } from '../../spec/hooks.ts';
import { announce, type Colony } from '../colony.ts';
import { childEnvironment, type Environment } from '../environment.ts';
import { atRisk } from '../faults.ts';
import { secretsOf, whyFailed } from './why.ts';

/** The life of an agent around which a hook runs. */
export type Around = {
  readonly agent: AgentName;
  readonly generation: number;
  /** undefined: it has not begun. */
  readonly run: RunId | undefined;
};

/** How a hook came out. `aborted`: it was ended from here, which says nothing about the agent. */
export type Came = 'well' | 'failed' | 'aborted';

const run = atRisk('runCommand', runCommand);

/** What a hook prints is read from its end; one that prints more than this is not understood anyway. */
const OUTPUT = 256 * 1024;

/**
 * The settings of which the hooks of an agent are taken: what the file says now, also of a program that was started with
 * other ones; of an agent that has left the file, what it said last.
 */
export function hookSpecOf({ desired, departed }: Colony, agent: AgentName): AgentSpec | undefined {
  return desired?.agents.get(agent) ?? departed.get(agent);
}

/** The hook of that name, if the agent has one. */
export function hookOf(spec: AgentSpec | undefined, name: HookName): HookSpec | undefined {
  return spec?.hooks[name];
}

/**
 * Run one hook; its failure is written down.
 *
 * It runs in the folder and environment of the agent, but is no part of it: it does not carry the id of the run, or it
 * would be ended together with the program. `veto`: its failure keeps what it comes before from happening.
 */
export async function runHook(
  colony: Colony,
  spec: AgentSpec,
  name: HookName,
  around: Around,
  how: { readonly variables?: Environment; readonly veto?: boolean; readonly signal?: AbortSignal } = {},
): Promise<Came> {
  const hook = hookOf(spec, name);
  if (!hook) return 'well';
  const { command, timeout } = hook;
  const [program = '', ...args] = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
  const ended = await run({
    argv: [program, ...args],
    cwd: spec.workdir,
    env: { ...environmentOf(colony, spec, around), COLONY_HOOK: name, ...how.variables },
    timeout,
    signal: how.signal,
    outputLimit: OUTPUT,
  });
  if (ended.is === 'aborted') return 'aborted';
  const why = whyFailed(ended, timeout, secretsOf(colony.environment, spec.env));
  if (why === undefined) return 'well';
  announce(colony, {
    type: 'hook_failed',
    agent: around.agent,
    hook: name,
    why,
    veto: how.veto ?? false,
    run: around.run,
  });
  return 'failed';
}

function environmentOf(colony: Colony, spec: AgentSpec, { generation, run = '' }: Around): Environment {
  const { name, path, home, paths, environment } = colony;
  const identity = { colony: name, config: path, home, spool: paths.spool, generation, run };
  const { [RUN_VARIABLE]: _, ...rest } = childEnvironment(environment, spec, identity);
  return rest;
}
