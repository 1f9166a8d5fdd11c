import { Completion, Context, Idle, Limit, Prompt, Resume, Waiting } from './conversation.ts';
import { Cpu } from './cpu.ts';
import { commandLine, flag, list, maybe, type Static, section, short, text, whole } from './define.ts';
import { DependsOn } from './depends.ts';
import { Env, EnvFile, Labels, Metadata } from './environment.ts';
import { Hooks, Notify } from './hooks.ts';
import { Kind } from './kind.ts';
import { Logs } from './logs.ts';
import { Memory } from './memory.ts';
import { Probes } from './probes.ts';
import { Restart } from './restart.ts';
import { MaxAge, OnReboot, Schedule } from './schedule.ts';
import { Stop } from './stop.ts';
import { Update } from './update.ts';

/** What names of agents and colonies look like: what tmux keeps as it is in a session name. */
export const NAME = { pattern: '^[a-z][a-z0-9-]*$', maxLength: 63 } as const;

const profile = () => text({ description: 'Name of a profile.', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$' });

/** Everything that can be said about one agent. */
const fields = {
  kind: maybe(Kind),
  description: text({ description: 'What the agent is for.', default: '' }),
  enabled: flag({ description: 'Whether the agent should run at all.', default: true }),
  labels: Labels,
  profiles: short(
    list(profile(), {
      description: 'The agent exists only when one of these profiles is asked for; without any it always does.',
      default: [],
    }),
    [profile()],
    (single) => [single],
  ),
  replicas: whole({
    description: 'How many of this agent: `worker` with 3 becomes `worker-1`, `worker-2` and `worker-3`.',
    default: 1,
    minimum: 0,
    maximum: 1000,
  }),
  workdir: maybe(
    text({
      description: 'Where the program is started; must exist. Relative to the file; if absent, the folder of the file.',
      format: 'path',
    }),
  ),
  command: maybe(commandLine({ description: 'A line for `sh -c`, or a list of words that are executed as they are.' })),
  env: Env,
  env_file: EnvFile,
  metadata: Metadata,
  depends_on: DependsOn,
  restart: Restart,
  stop: Stop,
  update: Update,
  prompt: maybe(Prompt),
  resume: Resume,
  probes: Probes,
  memory: maybe(Memory),
  cpu: maybe(Cpu),
  context: maybe(Context),
  idle: maybe(Idle),
  limit: maybe(Limit),
  waiting: maybe(Waiting),
  completion: maybe(Completion),
  schedule: Schedule,
  max_age: maybe(MaxAge),
  on_reboot: OnReboot,
  logs: maybe(Logs),
  hooks: Hooks,
  notify: maybe(Notify),
};

/** One agent. Nothing is required here: `defaults` may say it. */
export const Agent = section(fields, { description: 'One program that must run.' });

/** What holds for every agent that says nothing else. */
export const Defaults = section(fields, { description: 'What holds for every agent that says nothing else.' });

export type AgentFields = Static<typeof Agent>;
