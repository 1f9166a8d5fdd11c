import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EXIT } from '../../control/protocol.ts';
import type { Result } from '../../reconciler/types.ts';
import { shellEnvironment } from '../environment.ts';
import { type Failure, needsTerminal } from '../failure.ts';
import { canAsk, print } from '../terminal.ts';
import { agentLines, compose, EXAMPLE, type Installed, type Plan } from './compose.ts';
import { questions } from './questions.ts';
import { installedAgents, isIgnored, repositoryOf, schemaFor } from './surroundings.ts';

export type InitOptions = {
  /** Take the usual answer to every question. */
  readonly yes: boolean;
  /** Write over a file that is there. */
  readonly force: boolean;
  /** Take the agents from the sessions of this tmux server; `true`: of the user's own. */
  readonly fromTmux: string | true | undefined;
};

const FILE = 'colony.yaml';

/** Write a colony.yaml for this folder, which is checked before it is put there. */
export async function init(options: InitOptions): Promise<Result<void, Failure>> {
  const folder = process.cwd();
  const there = [FILE, 'colony.yml'].find((name) => existsSync(join(folder, name)));
  if (there !== undefined && !options.force)
    return fails(`there is a ${there} here already`, 'write over it with --force');
  if (!options.yes && !canAsk()) {
    const failure = needsTerminal(
      'init asks questions, and here is no terminal',
      '`colony init --yes` takes the usual answers',
    );
    return { ok: false, error: failure };
  }
  const agents = options.fromTmux === undefined ? installed() : await fromTmux(options.fromTmux);
  if (!agents.ok) return agents;
  const { agentName } = await import('./look.ts');
  const usual = agentName(basename(folder));
  const answered = options.yes ? { name: usual, ...agents.value.usual } : await askFor(usual, agents.value);
  if (!answered) return fails('nothing was written', '');
  const { name, stanzas, suggested } = answered;
  const envFile = existsSync(join(folder, '.env')) ? '.env' : undefined;
  const schema = schemaFor(folder, process.argv[1] ?? '');
  const { origin, guest } = agents.value;
  const text = compose({ name: agentName(name), schema, envFile, stanzas, suggested, origin, guest });
  const written = await write(join(folder, FILE), text);
  if (written.ok) tell(folder, stanzas.length, { ...options, guest });
  return written;
}

type Chosen = Pick<Plan, 'stanzas' | 'suggested'>;

type Candidates = {
  readonly usual: Chosen;
  readonly origin: string | undefined;
  /** They are sessions of the user's own tmux server. */
  readonly guest: boolean;
  /** Those that a person may choose from. */
  readonly installed: readonly Installed[];
};

/** Two that work in the same folder get in each other's way, so one of them is the usual answer. */
function installed(): Result<Candidates, Failure> {
  const found = installedAgents(process.env.PATH ?? '');
  return {
    ok: true,
    value: { installed: found, usual: chosen(found, found[0] ? [found[0].kind] : []), origin: undefined, guest: false },
  };
}

function chosen(found: readonly Installed[], kinds: readonly string[]): Chosen {
  const [wanted, others] = [true, false].map((is) => found.filter(({ kind }) => kinds.includes(kind) === is));
  const stanzas = wanted?.map(agentLines) ?? [];
  return { stanzas: stanzas.length > 0 ? stanzas : [EXAMPLE], suggested: others?.map(agentLines) ?? [] };
}

async function fromTmux(socket: string | true): Promise<Result<Candidates, Failure>> {
  const { sessionsOn } = await import('./look.ts');
  const seen = await sessionsOn(socket === true ? undefined : socket, shellEnvironment());
  if (!seen.ok) return fails(seen.error, '');
  const { stanzas, shells } = seen.value;
  const where = socket === true ? 'your tmux server' : `the tmux server ${socket}`;
  if (stanzas.length + shells.length === 0)
    return fails(
      `${where} has no session that is not an agent already`,
      '`colony init` without --from-tmux writes a file from what is installed',
    );
  const origin = `From the sessions of ${where}.${shells.length > 0 ? ' In those behind a # nothing but a shell ran.' : ''}`;
  const guest = socket === true || socket === 'default';
  return { ok: true, value: { installed: [], usual: { stanzas, suggested: shells }, origin, guest } };
}

/** undefined: the person has ended it. */
async function askFor(usual: string, { installed: found, usual: taken }: Candidates) {
  const { ask, close } = questions();
  try {
    const name = await ask('What is the colony called?', usual);
    if (name === undefined) return undefined;
    if (found.length === 0) return { name, ...taken };
    const names = found.map(({ kind }) => kind);
    const which = await ask(`Which of these should run here? (${names.join(', ')}, none)`, names[0] ?? 'none');
    return which === undefined ? undefined : { name, ...chosen(found, which.split(/[\s,]+/)) };
  } finally {
    close();
  }
}

/** Whole and valid, or not at all. */
async function write(path: string, text: string): Promise<Result<void, Failure>> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    const { checkFile } = await import('../check-file.ts');
    const checked = checkFile(draft, []);
    if (!checked.ok) return checked;
    renameSync(draft, path);
    return { ok: true, value: undefined };
  } catch (error) {
    return fails(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, '');
  } finally {
    rmSync(draft, { force: true });
  }
}

function tell(
  folder: string,
  count: number,
  { fromTmux: tmux, guest }: InitOptions & { readonly guest: boolean },
): void {
  print(`Wrote ${FILE} with ${count} ${count === 1 ? 'agent' : 'agents'}. Look through it, then:`);
  if (guest)
    print(
      '  colony apply --adopt   take the sessions in as they run: nothing in them is restarted, nothing started twice',
    );
  else print('  colony plan     what would be started?\n  colony apply    start it');
  if (tmux !== undefined && !guest)
    print(
      'The sessions themselves go on, and colony would start each program a second time: end them before `colony apply`.\n' +
        "A session cannot be moved to another tmux server, and this one is not to be the colony's own.",
    );
  const repository = repositoryOf(folder);
  if (repository !== undefined && !isIgnored('.env', [folder, repository]))
    print('Secrets belong into .env, and that into .gitignore: echo .env >> .gitignore');
}

function fails(text: string, hint: string): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: { exit: EXIT.failed, text, ...(hint === '' ? {} : { hint }) } };
}
