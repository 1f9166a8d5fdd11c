import { randomBytes } from 'node:crypto';
import { conditionOf } from '../reconciler/condition.ts';
import { noHealth } from '../reconciler/ledger.ts';
import type { AgentSpec, Applied, Desired, Millis, RunId } from '../reconciler/types.ts';
import type { Launch } from '../tmux/types.ts';
import { childEnvironment, type Environment, unsetBy } from './environment.ts';
import type { Prepared } from './starting/prepare.ts';

/** The name of an agent's tmux session: on a server that others use too, the colony's name stands before it. */
export function sessionName(desired: Pick<Desired, 'name' | 'tmux'>, agent: string): string {
  return desired.tmux.server.kind === 'own' ? agent : `${desired.name}-${agent}`;
}

/** An id for one life of an agent; the agent's name in it is for people who read process lists. */
export function newRunId(agent: string): RunId {
  return `${agent}-${randomBytes(8).toString('hex')}`;
}

export type LaunchContext = {
  readonly desired: Desired;
  readonly base: Environment;
  readonly home: string | undefined;
  readonly spool: string;
  readonly now: Millis;
  readonly prepared: Pick<Prepared, 'argv' | 'env' | 'conversation'>;
};

/** Everything tmux needs to give an agent a new life. */
export function launchOf(spec: AgentSpec, generation: number, run: RunId, context: LaunchContext): Launch {
  const { desired, base, home, spool, now, prepared } = context;
  const { conversation } = prepared;
  const membership = { colony: desired.name, config: desired.path, home, spool };
  const env = childEnvironment(base, spec, { ...membership, generation, run, conversation }, prepared.env);
  return {
    name: sessionName(desired, spec.name),
    agent: spec.name,
    workdir: spec.workdir,
    argv: without(
      unsetBy(spec.env).filter((name) => env[name] === undefined),
      prepared.argv,
    ),
    env,
    size: spec.size,
    labels: { generation, fingerprint: spec.fingerprint, run, started: now, shown: conditionOf(spec, noHealth).is },
  };
}

/** tmux gives a program all that its server has, and no option of the command that starts one takes a variable away. */
function without(names: readonly string[], argv: Launch['argv']): Launch['argv'] {
  return names.length === 0 ? argv : ['/usr/bin/env', ...names.flatMap((name) => ['-u', name]), ...argv];
}

/** What the ledger keeps of the settings that are in force for a session. */
export function appliedOf(spec: AgentSpec): Applied {
  return {
    fingerprint: spec.fingerprint,
    kind: spec.kind,
    settings: spec.settings,
    stop: spec.stop,
    depends_on: Object.keys(spec.depends_on),
  };
}
