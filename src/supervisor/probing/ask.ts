import { type Ended, runCommand } from '../../command/run.ts';
import type { Ask, Heard, Look } from '../../probes/look.ts';
import { RUN_VARIABLE } from '../../processes/environ.ts';
import type { AgentName, AgentSpec, Command } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { childEnvironment, type Environment } from '../environment.ts';
import { hidden, secretsOf } from '../hooks/why.ts';
import { failureText } from '../observe.ts';
import type { Patterns } from '../patterns/patterns.ts';
import type { Outputs } from './outputs.ts';
import { Pictures } from './pictures.ts';

/** What of a command's output is kept: its last line is shown. */
const OUTPUT_LIMIT = 64 * 1024;

/** How the checks of a colony learn about the world. */
export function asker(colony: Colony, outputs: Outputs, patterns: Patterns): Ask {
  const pictures = new Pictures();
  const screen: Ask['screen'] = async (pane) => {
    if (!colony.tmux) return { ok: false, error: 'tmux cannot be reached' };
    const shown = await colony.tmux.capture(pane, { history: 0 });
    return shown.ok ? shown : { ok: false, error: failureText(shown.error) };
  };
  return {
    screen,
    unchangedSince: async (look) => {
      if ((colony.desired?.agents.get(look.agent)?.kind ?? 'shell') === 'shell') return { ok: true, value: undefined };
      const shown = await screen(look.pane);
      return shown.ok ? { ok: true, value: pictures.unchangedSince(look, shown.value, look.now) } : shown;
    },
    command: async (command, look) => {
      const spec = colony.desired?.agents.get(look.agent);
      return spec ? run(command, spec, look, colony) : { is: 'aborted' };
    },
    output: async (look) => {
      const heard = await outputs.heard(look);
      return heard.ok ? { ok: true, value: withoutSecrets(heard.value, secretsFor(look.agent, colony)) } : heard;
    },
    matches: async (pattern, text, { agent, run, role }) => {
      const found = await patterns.search({ agent, run, what: `${role}: screen`, pattern, flags: 'm' }, [text]);
      return found.ok ? { ok: true, value: found.value !== undefined } : found;
    },
    vitals: (agent) => colony.vitals.get(agent),
    reported: (run) => colony.reports.of(run),
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
  return 'output' in ended ? { ...ended, output: hidden(whole(ended.output), secretsFor(look.agent, colony)) } : ended;
}

/** The lines that are known to their end: a part of a secret would not be recognised as one. */
function whole(output: string): string {
  return Buffer.byteLength(output) < OUTPUT_LIMIT - 4 ? output : output.slice(0, output.lastIndexOf('\n') + 1);
}

function secretsFor(agent: AgentName, { environment, desired }: Colony): readonly string[] {
  return secretsOf(environment, desired?.agents.get(agent)?.env ?? {});
}

function withoutSecrets({ matched, fresh, skipped }: Heard, secrets: readonly string[]): Heard {
  return {
    matched: matched && hidden(matched, secrets),
    fresh: fresh && { ...fresh, line: hidden(fresh.line, secrets) },
    skipped,
  };
}

/** What the agent itself has in its environment, but for the id of its run: whoever carries that is a part of it. */
function probeEnvironment(spec: AgentSpec, { generation, run, role }: Look, colony: Colony): Environment {
  const { name, path, home, paths, environment } = colony;
  const identity = { colony: name, config: path, home, spool: paths.spool, generation, run };
  const { [RUN_VARIABLE]: _, ...rest } = childEnvironment(environment, spec, identity);
  return { ...rest, COLONY_PROBE: role };
}
