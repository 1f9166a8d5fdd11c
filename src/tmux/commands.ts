import type { PaneId, SessionId } from '../reconciler/types.ts';
import { END_NOTICE } from './end-notice.ts';
import { LISTING } from './listing.ts';
import { asFormat, type Command, programWords } from './quote.ts';
import type { Labels, Launch } from './types.ts';

/** What the commands depend on beside the launch itself. */
export type Host = {
  readonly colony: string;
  /** false: the server is the user's own, and nothing global on it is ours. */
  readonly own: boolean;
  readonly historyLimit: number;
  readonly unset: readonly string[];
  /** What every program on this server has in its environment anyway; it need not be said for each. */
  readonly inherited: Readonly<Record<string, string>>;
};

/** The channel of `wait-for` on which hooks wake the supervisor of a colony. */
export function wakeChannel(colony: string): string {
  return `colony-wake-${colony}`;
}

/**
 * Make a session with a program in it. All of it is one line, which the server runs without looking elsewhere, so no
 * crash leaves a session without labels and nobody ever sees one.
 */
export function birth(launch: Launch, host: Host): readonly Command[] {
  const session = `=${launch.name}:`;
  const made: readonly Command[] = host.own ? ownBirth(launch, session, host) : guestBirth(launch, session, host);
  return [
    ...made,
    setLabel(session, 'name', host.colony),
    setLabel(session, 'agent', launch.agent),
    takeAsMain(session),
    ...labelCommands(session, launch.labels),
    report(session),
  ];
}

/**
 * On a server of our own the session starts with the program itself. `-e` also writes into the session's environment,
 * where anybody could read it and later panes would inherit it, so it is wiped off at once.
 */
function ownBirth(launch: Launch, session: string, host: Host): readonly Command[] {
  return [
    [...newSession(launch), ...program(launch, host)] as unknown as Command,
    ...ownVariables(launch, host).map(([key]): Command => ['set-environment', '-t', session, '-u', key]),
  ];
}

/**
 * On the user's server the session must be set up before its program starts: the length of the history and the
 * variables to leave out are taken when a pane is made. A placeholder holds the session open until then.
 */
function guestBirth(launch: Launch, session: string, host: Host): readonly Command[] {
  return [
    [...newSession(launch), '-c', asFormat(launch.workdir), '--', 'cat', '-'] as unknown as Command,
    ['set-option', '-t', session, 'destroy-unattached', 'off'],
    ['set-option', '-t', session, 'history-limit', String(host.historyLimit)],
    ...hidden(session, host),
    ['new-window', '-k', '-t', `${session}^`, ...program(launch, host)],
    ...guestWindow(session, host),
  ];
}

function newSession(launch: Launch): readonly string[] {
  const { columns, rows } = launch.size;
  return ['new-session', '-d', '-x', String(columns), '-y', String(rows), '-s', launch.name];
}

/** Start the program anew in the pane it had. Without `-k`: tmux refuses while a process lives there. */
export function rebirth(session: SessionId, pane: PaneId, launch: Launch, host: Host): readonly Command[] {
  return [
    ...hidden(session, host),
    ['respawn-pane', '-t', pane, ...program(launch, host)],
    // The title that the program before has left behind says nothing of this one.
    ['select-pane', '-t', pane, '-T', ''],
    // The labels come after it: where tmux refuses the process, those of the former life stay.
    ...labelCommands(session, launch.labels),
    report(pane),
  ];
}

/** Start the program in a new window of a session whose main pane a person has closed. */
export function rehouse(session: SessionId, launch: Launch, host: Host): readonly Command[] {
  const current = `${session}:`;
  return [
    ...hidden(session, host),
    // Not detached: so it is the current window, which is the only way to name it in the same line.
    ['new-window', '-t', current, ...program(launch, host)],
    ...(host.own ? [] : guestWindow(current, host)),
    takeAsMain(current),
    ...labelCommands(session, launch.labels),
    report(current),
  ];
}

/**
 * Make a session that a person has begun one of ours, with all that ours have. The colony's name comes last: whatever is
 * cut short before it, the session is still nobody's.
 */
export function adoption(
  session: SessionId,
  pane: PaneId,
  agent: string,
  labels: Labels,
  host: Host,
): readonly Command[] {
  return [
    setLabel(session, 'agent', agent),
    setLabel(session, 'pane', pane),
    ['set-option', '-t', session, 'destroy-unattached', 'off'],
    ...hidden(session, host),
    ...(host.own ? [] : guestWindow(pane, host)),
    ...labelCommands(session, labels),
    setLabel(session, 'name', host.colony),
    report(pane),
  ];
}

/** Write down what is known of the life in a session. */
export function labelCommands(session: SessionId, labels: Partial<Labels>): readonly Command[] {
  const keys = ['generation', 'fingerprint', 'run', 'started', 'shown'] as const;
  return keys.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [setLabel(session, key, String(value))];
  });
}

/** `-c`, `-e` and the words of the program, as several tmux commands take them. */
function program(launch: Launch, host: Host): readonly string[] {
  const env = ownVariables(launch, host).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  return ['-c', asFormat(launch.workdir), ...env, '--', ...programWords(launch.argv)];
}

/** The variables that this program has and others do not: for a hundred agents, the others are most of the work. */
function ownVariables(launch: Launch, { inherited }: Host): readonly (readonly [string, string])[] {
  return Object.entries(launch.env).filter(([key, value]) => inherited[key] !== value);
}

function setLabel(target: string, key: string, value: string): Command {
  return ['set-option', '-t', target, '--', `@colony_${key}`, value];
}

function takeAsMain(target: string): Command {
  return ['set-option', '-F', '-t', target, '@colony_pane', '#{pane_id}'];
}

/** Keep variables of the server's environment from programs of this session; on our own server that is done globally. */
function hidden(session: string, host: Host): readonly Command[] {
  if (host.own) return [];
  return host.unset.map((key): Command => ['set-environment', '-t', session, '-r', key]);
}

/** What a server of our own has set for all windows. */
function guestWindow(window: string, host: Host): readonly Command[] {
  const set = (...words: string[]): Command => ['set-option', '-w', '-q', '-t', window, ...words];
  return [
    set('remain-on-exit', 'on'),
    set('remain-on-exit-format', END_NOTICE),
    set('automatic-rename', 'off'),
    set('allow-rename', 'off'),
    ['set-hook', '-w', '-t', window, 'pane-died', `wait-for -S ${wakeChannel(host.colony)}`],
  ];
}

/** Print what is there now in the form in which everything is observed. */
function report(target: string): Command {
  return ['display-message', '-p', '-t', target, LISTING];
}
