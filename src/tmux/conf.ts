import type { TerminalSize } from '../reconciler/types.ts';
import { wakeChannel } from './commands.ts';
import { END_NOTICE } from './end-notice.ts';
import { type Command, commandLine } from './quote.ts';

export type Conf = {
  readonly colony: string;
  readonly historyLimit: number;
  readonly size: TerminalSize;
  /** Absolute path of the user's own configuration, loaded first. */
  readonly config: string | undefined;
};

/** Counts the forms of the configuration below, so that a server that was set up by an older release is set up anew. */
const FORM = 1;

/** What a server says in `@colony_conf` once it has the configuration of these settings. */
export function confMark(conf: Conf): string {
  const { columns, rows } = conf.size;
  return `${FORM} ${conf.historyLimit} ${columns}x${rows} ${conf.config ?? '-'}`;
}

/** The configuration of a server that belongs to colony alone, as text for `tmux -f`. */
export function confText(conf: Conf): string {
  const lines = confCommands(conf).map((command) => commandLine([command]));
  return ['# Written by colony; changes are overwritten.', ...lines, ''].join('\n');
}

function confCommands(conf: Conf): readonly Command[] {
  return [
    ...(conf.config === undefined ? [] : [['source-file', globbed(conf.config)] as const]),
    ...server(),
    ...sessions(conf),
    ...windows(),
    // A high index leaves hooks of the user's own configuration in place.
    ['set-hook', '-g', 'pane-died[900]', `wait-for -S ${wakeChannel(conf.colony)}`],
    ['set-option', '-g', '@colony_conf', confMark(conf)],
  ];
}

function server(): readonly Command[] {
  return [
    ['set-option', '-s', 'exit-empty', 'off'],
    ['set-option', '-s', 'exit-unattached', 'off'],
    ['set-option', '-s', 'escape-time', '10'],
    ['set-option', '-s', 'focus-events', 'on'],
    ['set-option', '-s', 'default-terminal', 'tmux-256color'],
    // `show-messages` would list every command with the values of the environment that it carried.
    ['set-option', '-s', 'message-limit', '0'],
  ];
}

function sessions(conf: Conf): readonly Command[] {
  const { columns, rows } = conf.size;
  const set = (name: string, value: string): Command => ['set-option', '-g', name, value];
  return [
    set('default-size', `${columns}x${rows}`),
    set('history-limit', String(conf.historyLimit)),
    set('update-environment', ''),
    set('destroy-unattached', 'off'),
    set('detach-on-destroy', 'on'),
    set('status', 'on'),
    set('status-left-length', '80'),
    set('status-left', '#{?@colony_agent,#{@colony_name}/#{@colony_agent} #{@colony_shown},#{session_name}}  '),
    set('status-right-length', '40'),
    set('status-right', 'to leave: #{prefix} d'),
  ];
}

function windows(): readonly Command[] {
  const set = (name: string, value: string): Command => ['set-option', '-gwq', name, value];
  return [
    set('remain-on-exit', 'on'),
    set('remain-on-exit-format', END_NOTICE),
    set('window-size', 'latest'),
    set('automatic-rename', 'off'),
    set('allow-rename', 'off'),
  ];
}

/** `source-file` takes patterns: what is special in one stands for itself. */
export function globbed(path: string): string {
  return path.replace(/[*?[\]\\]/g, '\\$&');
}
