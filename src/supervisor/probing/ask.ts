import { type Ended, runCommand } from '../../command/run.ts';
import type { Ask, Look } from '../../probes/look.ts';
import { RUN_VARIABLE } from '../../processes/environ.ts';
import type { AgentSpec, Command } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { childEnvironment, type Environment } from '../environment.ts';
import { failureText } from '../observe.ts';
import { hideValues } from './hide.ts';

/** What of a command's output is kept: its last line is shown. */
const OUTPUT_LIMIT = 64 * 1024;

/** How the checks of a colony learn about the world. */
export function asker(colony: Colony): Omit<Ask, 'output'> {
  return {
    screen: async (pane) => {
      if (!colony.tmux) return { ok: false, error: 'tmux cannot be reached' };
      const shown = await colony.tmux.capture(pane, { history: 0 });
      return shown.ok ? shown : { ok: false, error: failureText(shown.error) };
    },
    command: async (command, look) => {
      const spec = colony.desired?.agents.get(look.agent);
      return spec ? run(command, spec, look, colony) : { is: 'aborted' };
    },
    vitals: (agent) => colony.vitals.get(agent),
    reported: () => undefined,
  };
}

async function run(command: Command, spec: AgentSpec, look: Look, colony: Colony): Promise<Ended> {
  const ended = await runCommand({
    argv: command.form === 'words' ? command.words : ['/bin/sh', '-c', command.line],
    cwd: spec.workdir,
    env: probeEnvironment(spec, look, colony),
    timeout: look.timeout,
    signal: look.cancel,
    outputLimit: OUTPUT_LIMIT,
  });
  return 'output' in ended ? { ...ended, output: hideValues(ended.output, spec.env) } : ended;
}

/** What the agent itself has in its environment, but for the id of its run: whoever carries that is a part of it. */
function probeEnvironment(spec: AgentSpec, { generation, run, role }: Look, colony: Colony): Environment {
  const identity = { colony: colony.name, config: colony.path, home: colony.home, generation, run };
  const { [RUN_VARIABLE]: _, ...environment } = childEnvironment(colony.environment, spec, identity);
  return { ...environment, COLONY_PROBE: role };
}
