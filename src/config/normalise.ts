import { dirname } from 'node:path';
import type { AgentName, AgentSpec, Command, Kind, TerminalSize } from '../reconciler/types.ts';
import { Completion, Context, Idle, Limit, Resume, Waiting } from '../spec/conversation.ts';
import { Cpu } from '../spec/cpu.ts';
import type { Static, TSchema } from '../spec/define.ts';
import type { DependsOnSpec } from '../spec/depends.ts';
import { DependsOn } from '../spec/depends.ts';
import { Labels } from '../spec/environment.ts';
import { Hooks } from '../spec/hooks.ts';
import { stopOfKind, updateOfKind } from '../spec/kinds.ts';
import { Memory } from '../spec/memory.ts';
import { Probes, type ProbesSpec } from '../spec/probes.ts';
import { Restart } from '../spec/restart.ts';
import { MaxAge, OnReboot, Schedule } from '../spec/schedule.ts';
import { Stop } from '../spec/stop.ts';
import { Update } from '../spec/update.ts';
import type { Draft, Instance } from './draft.ts';
import { fingerprint } from './fingerprint.ts';
import { kindOf } from './kind.ts';
import { realise } from './realise.ts';
import { settingsOf } from './settings.ts';
import { isRecord } from './tree.ts';

/** The size of a terminal, and how the user wrote it if the user did. */
export type Size = { readonly real: TerminalSize; readonly written: string | undefined };

/** Checked agents -> what the reconciler works with, one for each replica. */
export function normalise(drafts: readonly Draft[], size: Size): ReadonlyMap<AgentName, AgentSpec> {
  const active = drafts.filter((draft) => draft.active);
  const names = new Map(active.map((draft) => [draft.name, draft.names]));
  return new Map(
    active.flatMap((draft) =>
      draft.instances.map((instance) => [instance.name, agentOf(draft, instance, names, size)] as const),
    ),
  );
}

function agentOf(
  draft: Draft,
  instance: Instance,
  names: ReadonlyMap<string, readonly string[]>,
  size: Size,
): AgentSpec {
  const { fields, env, secret } = instance;
  const command = commandOf(fields.command as string | readonly string[]);
  const workdir = fields.workdir as string | undefined;
  const kind = fields.kind as Kind | undefined;
  const known = kind ?? kindOf(command);
  const metadata = isRecord(fields.metadata) ? fields.metadata : {};
  return {
    name: instance.name,
    kind: known,
    description: typeof fields.description === 'string' ? fields.description : '',
    enabled: draft.enabled,
    labels: realise(Labels, fields.labels),
    workdir: workdir ?? dirname(draft.written.source.file),
    command,
    env,
    metadata,
    replica: instance.replica,
    depends_on: dependsOn(realise(DependsOn, fields.depends_on), names),
    restart: realise(Restart, fields.restart),
    stop: realise(Stop, fields.stop ?? stopOfKind(known)),
    update: realise(Update, fields.update ?? updateOfKind(known)),
    probes: probesOf(realise(Probes, fields.probes)),
    hooks: realise(Hooks, fields.hooks),
    memory: given(Memory, fields.memory),
    cpu: given(Cpu, fields.cpu),
    max_age: given(MaxAge, fields.max_age),
    ...conversing(fields, known),
    schedule: realise(Schedule, fields.schedule),
    on_reboot: realise(OnReboot, fields.on_reboot),
    size: size.real,
    fingerprint: fingerprint({
      command: fields.command as string | readonly string[],
      ...(workdir === undefined ? {} : { workdir }),
      ...(kind === undefined ? {} : { kind }),
      ...(Object.keys(env).length === 0 ? {} : { env }),
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      ...(size.written === undefined ? {} : { 'tmux.size': size.written }),
    }),
    settings: settingsOf({ fields, secret, env, workdir, size: size.written }),
  };
}

type Conversing = Pick<AgentSpec, 'prompt' | 'resume' | 'context' | 'idle' | 'limit' | 'waiting' | 'completion'>;

/** What is about the conversation that a program is in. */
function conversing(fields: Instance['fields'], kind: Kind): Conversing {
  return {
    prompt: typeof fields.prompt === 'string' ? fields.prompt : undefined,
    resume: realise(Resume, fields.resume),
    context: given(Context, fields.context),
    idle: given(Idle, fields.idle),
    limit: given(Limit, fields.limit),
    // Programs that are known to ask are watched for that without a word in the file.
    waiting: given(Waiting, fields.waiting ?? (kind === 'shell' ? undefined : {})),
    completion: given(Completion, fields.completion),
  };
}

/** A section without a default holds only where somebody wrote it. */
function given<S extends TSchema>(schema: S, value: unknown): Static<S> | undefined {
  return value === undefined || value === null ? undefined : realise(schema, value);
}

function probesOf({ startup = [], readiness = [], liveness = [] }: ProbesSpec): AgentSpec['probes'] {
  return { startup, readiness, liveness };
}

/** A line for a shell, or words. */
export function commandOf(written: string | readonly string[]): Command {
  if (typeof written === 'string') return { form: 'shell', line: written };
  const [program = '', ...rest] = written;
  return { form: 'words', words: [program, ...rest] };
}

/** Whoever depends on an agent with replicas waits for all of them. */
function dependsOn(written: DependsOnSpec, names: ReadonlyMap<string, readonly string[]>): DependsOnSpec {
  return Object.fromEntries(
    Object.entries(written).flatMap(([name, how]) => (names.get(name) ?? [name]).map((each) => [each, how] as const)),
  );
}
