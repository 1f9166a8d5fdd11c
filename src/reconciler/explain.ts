import { formatBytes, percentText } from './amount.ts';
import { formatSpan } from './span.ts';
import type { Circuit, Exit, Reason, Stuck } from './types.ts';

type Sentence<C> = (reason: Extract<Reason, { code: C }>) => string;

/** One plain sentence for each reason; the compiler sees to it that none is missing. */
const SENTENCES: { readonly [C in Reason['code']]: Sentence<C> } = {
  not_running: () => 'does not run yet',
  exited: ({ exit }) => `the program ended: ${exitText(exit)}`,
  signaled: ({ exit }) => `the program was ended by ${signalName(exit.signal)}`,
  oom_killed: () => 'the kernel killed the program because memory ran out',
  crash_loop: ({ restarts, window }) =>
    `crash loop: more than ${restarts} failures within ${formatSpan(window)}; not started again by itself`,
  crash_looping: ({ restarts, window, last }) =>
    `keeps failing: more than ${restarts} failures within ${formatSpan(window)}, the last with ${exitText(last)}`,
  circuit_open: ({ circuit }) => circuitText(circuit),
  config_changed: ({ fields }) =>
    fields.length > 0 ? `changed in the file: ${fields.join(', ')}` : 'changed in the file',
  removed_from_file: () => 'no longer in the file',
  disabled: () => 'disabled in the file',
  user_requested: () => 'asked for by a person',
  dependency_not_ready: ({ agents, stuck }) => {
    if (!stuck) return `waits for ${agents.join(', ')}`;
    const others = agents.filter((agent) => agent !== stuck.agent);
    const before = others.length > 0 ? `${others.join(', ')}, and for ` : '';
    return `waits for ${before}${stuck.agent}, which ${STUCK[stuck.is](stuck.reason)}`;
  },
  command_not_found: ({ program }) => `command not found${program === undefined ? ' (exit code 127)' : `: ${program}`}`,
  command_not_executable: ({ program }) =>
    `command cannot be executed${program === undefined ? ' (exit code 126)' : `: ${program}`}`,
  workdir_missing: ({ path }) => `the working directory does not exist: ${path}`,
  name_taken: ({ session }) =>
    `a tmux session named "${session}" exists and is not colony's; it is left alone; rename or close it, and this agent starts`,
  start_failed: ({ why }) => `could not be started: ${why}`,
  pane_closed: () => 'its pane was closed by hand',
  session_closed: () => 'its tmux session was closed by hand',
  duplicate: () => 'a second session carries the labels of this agent',
  tmux_unreachable: ({ why }) => `tmux cannot be asked, so nothing is done: ${why}`,
  tmux_server_lost: () => 'the tmux server ended and took the program with it',
  rebooted: () => 'the machine was rebooted',
  adopted: () => 'found running and taken over as it is',
  starting_up: ({ role, text }) => `its ${role} probe has not passed yet${text === undefined ? '' : `: ${text}`}`,
  startup_timeout: ({ probe, text }) => `did not come up in time: the ${probe} probe says that ${text}`,
  not_ready: ({ probe, text }) => `not ready: the ${probe} probe says that ${text}`,
  liveness_failed: ({ probe, text }) => `the ${probe} probe says that ${text}`,
  hung: ({ text }) => `hung: ${text}`,
  memory_limit: ({ used, limit, for: span }) =>
    `its processes use ${formatBytes(used)} of memory, above ${formatBytes(limit)} for ${formatSpan(span)}`,
  memory_growth: ({ grown, within }) => `its memory grew all through ${formatSpan(within)}, by ${formatBytes(grown)}`,
  cpu_busy: ({ cpu, above, for: span, silent }) =>
    `its processes use ${percentText(cpu)} of a CPU, above ${percentText(above)} for ${formatSpan(span)}` +
    (silent ? ', and it prints nothing' : ''),
  max_age: ({ after }) => `older than ${formatSpan(after)}`,
  scheduled: ({ cron, tz }) => `scheduled: ${cron} (${tz})`,
  hook_failed: ({ hook, why }) => `the hook ${hook} said no: ${why}`,
  work_done: ({ text }) => `its work is done: ${text}`,
  context_full: ({ context, above }) => `its context is ${percentText(context)} full, above ${percentText(above)}`,
  idle: ({ for: span, time, times }) => `idle for ${formatSpan(span)}${times === 1 ? '' : `, ${time} of ${times}`}`,
  limit_reset: ({ until }) =>
    until === undefined
      ? 'its usage limit is reached, and nobody knows when it will be reset'
      : 'its usage limit is reset',
  waiting: ({ for: what, after }) =>
    `has waited for ${what === undefined ? 'a person' : WAITS_FOR[what]} for ${formatSpan(after)}`,
  memory_reserve: ({ available, reserve }) =>
    `the machine has ${formatBytes(available)} of memory left, and ${formatBytes(reserve)} are kept free`,
  pattern_given_up: ({ what, pattern }) =>
    `its pattern /${pattern}/ (${what}) took too long to match and is given up for this life`,
};

const WAITS_FOR = {
  permission: 'a permission',
  question: 'an answer',
  trust: 'a word that its folder can be trusted',
  login: 'a login',
} as const;

/** The reason as a sentence, without a full stop. */
export function explain<C extends Reason['code']>(reason: Extract<Reason, { code: C }>): string {
  return (SENTENCES[reason.code as C] as Sentence<C>)(reason);
}

/** What has become of a dependency, as the rest of a sentence that begins with its name. */
const STUCK: { readonly [K in Stuck['is']]: (reason: Reason) => string } = {
  absent: () => 'is not in the file',
  disabled: () => 'is disabled in the file',
  stopped: (reason) =>
    reason.code === 'user_requested' ? 'was stopped by a person' : `is not started again: ${explain(reason)}`,
  held: (reason) => `is held: ${reason.code === 'crash_loop' ? failedText(reason) : explain(reason)}`,
  completed: () => 'has done its work and is not started again',
  waiting: (reason) => explain(reason),
};

function failedText({ restarts, window }: Extract<Reason, { code: 'crash_loop' }>): string {
  return `it failed more than ${restarts} times within ${formatSpan(window)}`;
}

function circuitText(circuit: Circuit): string {
  const why = `restarts pause because ${circuit.agents} agents failed together`;
  if (circuit.state === 'open') return `${why}, then one of them is tried; a start by hand is done at once`;
  if (circuit.state === 'trial') return `${why}, until it is known how ${circuit.agent} does`;
  return 'restarts had paused because many agents failed together; these are started one after another';
}

/** `exit code 3`, `SIGKILL`, or that nobody knows. */
export function exitText(exit: Exit): string {
  if (exit.signal !== undefined) return signalName(exit.signal);
  return exit.code === undefined ? 'how is not known' : `exit code ${exit.code}`;
}

/** Signals with the same number on Linux and macOS; the others are named by their number. */
const SIGNAL_NAMES: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
};

function signalName(signal: number | undefined): string {
  if (signal === undefined) return 'a signal';
  return SIGNAL_NAMES[signal] ?? `signal ${signal}`;
}
