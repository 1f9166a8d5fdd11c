import type { Millis } from '../../spec/define.ts';
import type { AgentName, PaneId, RunId, SessionId } from './words.ts';

/** What the world looks like at one instant. Every field was read; none was remembered. */
export type Observed =
  | { readonly known: false; readonly at: Millis; readonly why: string }
  | {
      readonly known: true;
      readonly at: Millis;
      /** Which boot of the machine this is; undefined where the system does not tell. */
      readonly boot: string | undefined;
      /** undefined: no tmux server runs. */
      readonly server: ServerIdentity | undefined;
      /** Sessions that carry this colony's labels, by agent; more than one only if a person copied labels. */
      readonly sessions: ReadonlyMap<AgentName, readonly Session[]>;
      /** Names of sessions that carry no label of ours: never touched, but they can stand in the way. */
      readonly foreign: ReadonlySet<string>;
      /** Why an agent could not be started at this moment, as far as that can be known beforehand. */
      readonly obstacles: ReadonlyMap<AgentName, Obstacle>;
    };

/** A process that cannot be mistaken for a later one with the same pid. */
export type ProcessIdentity = { readonly pid: number; readonly start: string };
/** `boot`: which boot of the machine it belongs to; undefined where the system does not tell. */
export type ServerIdentity = ProcessIdentity & { readonly boot?: string };

/** One live tmux session of ours, as its labels and its main pane show it. */
export type Session = {
  readonly id: SessionId;
  readonly name: string;
  readonly attached: boolean;
  /** The last key that a person pressed in a terminal attached to it, to the second. */
  readonly typed: Millis | undefined;
  /** The last output of its window, to the second. */
  readonly output: Millis | undefined;
  readonly agent: AgentName;
  readonly generation: number;
  readonly run: RunId | undefined;
  readonly fingerprint: string | undefined;
  readonly started: Millis | undefined;
  /** What the session's status line shows at the moment. */
  readonly shown: string;
  /** What the program has set as the title of its terminal. */
  readonly title: string;
  readonly main: MainPane;
};

/** The pane in which the agent's program runs. */
export type MainPane =
  | { readonly state: 'alive'; readonly pane: PaneId; readonly pid: number }
  /** `at`: when it ended, to the second; undefined where tmux cannot say. `oom`: killed for want of memory. */
  | {
      readonly state: 'dead';
      readonly pane: PaneId;
      readonly exit: Exit;
      readonly at?: Millis | undefined;
      readonly oom?: boolean;
    }
  /** Made, but no process was started in it yet. */
  | { readonly state: 'empty'; readonly pane: PaneId }
  /** A person closed it, and the session lives on through other panes. */
  | { readonly state: 'gone' };

/** How a process ended. Both undefined: it ended, and nobody could say how. */
export type Exit = { readonly code: number | undefined; readonly signal: number | undefined };

/** A reason why a start would fail, seen before it is tried. */
export type Obstacle =
  | { readonly code: 'workdir_missing'; readonly path: string }
  | { readonly code: 'command_not_found'; readonly program: string }
  | { readonly code: 'command_not_executable'; readonly program: string }
  | { readonly code: 'name_taken'; readonly session: string };
