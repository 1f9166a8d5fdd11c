import { Command, CommanderError } from 'commander';
import { EXIT } from '../control/protocol.ts';
import { VERSION } from '../version.ts';
import type { Program } from './completion/complete.ts';
import type { Act, Define } from './define.ts';
import type { Failure } from './failure.ts';
import { ALL_OUTCOMES, examples, exitCodes, FILES, section, WIDTH } from './help.ts';
import { complain } from './terminal.ts';
import { unknownCommand } from './unknown-command.ts';

type Entry = {
  readonly name: string;
  /** Without one it is not on the help page: no person calls it. */
  readonly summary?: string;
  readonly load: () => Promise<{ readonly define: Define }>;
};

/** All commands, in the order of the help page. A command's module is loaded only when the command line names it. */
const COMMANDS: readonly Entry[] = [
  { name: 'init', summary: 'write a colony.yaml for this folder', load: () => import('./commands/init.ts') },
  {
    name: 'validate',
    summary: 'check colony.yaml and report every mistake',
    load: () => import('./commands/validate.ts'),
  },
  { name: 'plan', summary: 'say what apply would change, and why', load: () => import('./commands/plan.ts') },
  { name: 'apply', summary: 'make what runs agree with colony.yaml', load: () => import('./commands/apply.ts') },
  { name: 'status', summary: 'say how every agent is', load: () => import('./commands/status.ts') },
  { name: 'why', summary: 'say what is known of an agent, and why', load: () => import('./commands/why.ts') },
  { name: 'attach', summary: "show an agent's terminal in this one", load: () => import('./commands/attach.ts') },
  { name: 'send', summary: 'type a text into an agent', load: () => import('./commands/send.ts') },
  { name: 'events', summary: 'tell what has happened, and what happens', load: () => import('./commands/events.ts') },
  { name: 'history', summary: 'list the past lives of agents', load: () => import('./commands/history.ts') },
  { name: 'logs', summary: 'print what an agent has written', load: () => import('./commands/logs.ts') },
  { name: 'start', summary: 'start agents that were stopped or are held', load: () => import('./commands/start.ts') },
  { name: 'stop', summary: 'stop agents until they are started again', load: () => import('./commands/stop.ts') },
  { name: 'restart', summary: 'restart agents in their panes', load: () => import('./commands/restart.ts') },
  {
    name: 'wait',
    summary: 'wait until agents are ready, stopped, idle or completed',
    load: () => import('./commands/wait.ts'),
  },
  {
    name: 'adopt',
    summary: 'make a tmux session that runs already an agent',
    load: () => import('./commands/adopt.ts'),
  },
  { name: 'down', summary: 'stop all agents and the supervisor', load: () => import('./commands/down.ts') },
  {
    name: 'enable',
    summary: 'have this colony come back after a reboot',
    load: () => import('./commands/enable.ts'),
  },
  { name: 'disable', summary: 'have it not come back by itself', load: () => import('./commands/disable.ts') },
  { name: 'doctor', summary: 'say what is amiss, and what mends it', load: () => import('./commands/doctor.ts') },
  { name: 'notify', summary: 'tell colony about the agent this is run in', load: () => import('./commands/notify.ts') },
  {
    name: 'statusline',
    summary: 'show the status line of Claude Code, and tell colony what is in it',
    load: () => import('./commands/statusline.ts'),
  },
  { name: 'supervise', summary: 'be the supervisor, in the foreground', load: () => import('./commands/supervise.ts') },
  { name: 'schema', summary: 'print the JSON Schema of colony.yaml', load: () => import('./commands/schema.ts') },
  {
    name: 'completion',
    summary: 'print a script that completes command lines',
    load: () => import('./commands/completion.ts'),
  },
  {
    name: 'complete',
    load: async () => ({ define: (await import('./completion/complete.ts')).completing(forCompletion()) }),
  },
];

/** The names of all commands on the help page, in its order. */
export const COMMAND_NAMES: readonly string[] = COMMANDS.filter(({ summary }) => summary).map(({ name }) => name);

/** Read the command line, do what it says, and give the exit code. `argv` is without node and script. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let code: number = EXIT.done;
  const act: Act = async (run) => {
    code = await run;
  };
  const program = root();
  const wanted = namedCommand(argv);
  for (const entry of COMMANDS) await add(entry, program, entry.name === wanted ? act : undefined);
  if (argv.length === 0) {
    program.outputHelp();
    return EXIT.done;
  }
  const unknown = unknownAmong(argv);
  if (unknown !== undefined) return complain(await unknownCommand(unknown, COMMAND_NAMES));
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    return exitCodeOf(error);
  }
  return code;
}

/** What the parser throws it has said already. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (isFolderGone(error)) return complain(FOLDER_GONE);
  throw error;
}

/** Whoever asks where this shell is learns it from node, at many places and always with these words. */
function isFolderGone(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).syscall === 'uv_cwd';
}

const FOLDER_GONE: Failure = {
  exit: EXIT.failed,
  text: 'the folder that this shell is in is not there any more',
  hint: 'go to another one; a colony whose folder was deleted can be named with -f and the whole path of its file',
};

function root(): Command {
  return new Command('colony')
    .description('Keep the programs that colony.yaml asks for running, each in its own tmux session.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this page')
    .helpCommand('help [command]', 'show the page of a command')
    .addHelpText('after', ROOT_PAGE)
    .showHelpAfterError('`colony --help` lists the commands; options stand after the command.')
    .exitOverride()
    .configureOutput({ getOutHelpWidth: helpWidth, outputError: (text, write) => write(inOurWords(text)) });
}

/** Without `act` it is known by its name and its summary alone. */
async function add(entry: Entry, program: Command, act: Act | undefined): Promise<void> {
  program.addCommand(act ? await load(entry, program, act) : stub(entry), { hidden: entry.summary === undefined });
}

async function load(entry: Entry, program: Command, act: Act): Promise<Command> {
  const { define } = await entry.load();
  const command = define(act)
    .copyInheritedSettings(program)
    .helpOption('-h, --help', 'show this page')
    .showHelpAfterError(`\`colony ${entry.name} --help\` says what may be given.`);
  return command.options.some(({ short }) => short === '-f') ? command.addHelpText('after', FILES) : command;
}

/** One command as it is defined, and nothing that acts; undefined if there is none of that name. */
export async function commandNamed(name: string): Promise<Command | undefined> {
  const entry = COMMANDS.find((each) => each.name === name && each.summary !== undefined);
  return entry && load(entry, root(), async () => undefined);
}

function forCompletion(): Program {
  const commands = COMMANDS.flatMap(({ name, summary }) => (summary ? { value: name, about: summary } : []));
  const help = { value: 'help', about: 'show the page of a command' };
  return { commands: [...commands, help], load: commandNamed };
}

function stub({ name, summary = '' }: Entry): Command {
  return new Command(name).description(summary);
}

/** The command that the line names, if it names one: `colony status …`, `colony help status`. */
function namedCommand(argv: readonly string[]): string | undefined {
  return argv[0] === 'help' ? argv[1] : argv.find((word) => !word.startsWith('-'));
}

/** Lines that are longer are hard to read, however wide the terminal is. */
function helpWidth(): number {
  return process.stdout.isTTY ? Math.min(WIDTH, process.stdout.columns) : WIDTH;
}

/** The word where a command is to stand, if there is none of that name. */
function unknownAmong(argv: readonly string[]): string | undefined {
  const [first, second] = argv;
  const word = first === 'help' ? second : first;
  const known = word === undefined || word === 'help' || word.startsWith('-');
  return known || COMMANDS.some(({ name }) => name === word) ? undefined : word;
}

/** An error of the parser in the form that all errors of this program have. */
function inOurWords(text: string): string {
  return text.replace(/^error: /, 'colony: ').replace(/\n?\((Did you mean [^)]*\?)\)/, '\n$1');
}

const ROOT_PAGE = [
  examples([
    ['colony plan', 'what would change?'],
    ['colony apply', 'start the supervisor if none runs, and make it so'],
    ['colony status', 'how is everything?'],
    ['colony attach backend', "look at an agent's terminal and type in it (leave with prefix d)"],
    ['colony logs backend --lines 50', 'the end of what it has written'],
    ['colony down', 'stop everything'],
  ]),
  FILES,
  section('Environment', [
    ['COLONY_HOME', 'the folder for all of that instead'],
    ['NO_COLOR, FORCE_COLOR', 'never colour, always colour; otherwise only a terminal gets colour'],
  ]),
  exitCodes(ALL_OUTCOMES),
].join('\n');
