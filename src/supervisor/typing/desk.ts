import { judgeScreen } from '../../agents/screen.ts';
import type { Activity, AgentName, Kind, Millis, PaneId, RunId } from '../../reconciler/types.ts';
import type { Cursor, Picture, Tmux } from '../../tmux/types.ts';
import type { Colony } from '../colony.ts';
import { failureText } from '../observe.ts';
import { vitalsNow } from '../vitals/sync.ts';

/** Where somebody types, and what can be known there of the program. */
export type Desk = {
  readonly kind: Kind;
  /** Throws Broken where tmux does not do what it is asked. */
  readonly look: () => Promise<Picture>;
  readonly paste: (text: string) => Promise<void>;
  readonly keys: (keys: readonly string[]) => Promise<void>;
  readonly enterAt: (cursor: Cursor) => Promise<boolean>;
  readonly stopReading: () => Promise<void>;
  /** What the program is doing by its own word; undefined: nothing is known of this life. */
  readonly doing: () => Pick<Activity, 'state' | 'for' | 'source'> | undefined;
  /** When the last prompt reached the program, as far as it has told. */
  readonly prompted: () => Millis | undefined;
  /** Whether the screen shows a question to a person. */
  readonly asks: (lines: readonly string[]) => boolean;
  readonly pause: (span: Millis) => Promise<void>;
  readonly now: () => Millis;
};

/** tmux does not do what it is asked; the message says why. */
export class Broken extends Error {}

export type Place = {
  readonly agent: AgentName;
  readonly run: RunId | undefined;
  readonly pane: PaneId;
  readonly kind: Kind;
};

/** The desk of a program that runs in a pane of this colony. */
export function deskOf({ agent, run, pane, kind }: Place, colony: Colony, tmux: Tmux): Desk {
  const vitals = () => {
    const known = vitalsNow(colony, agent);
    return known?.run === run ? known : undefined;
  };
  return {
    kind,
    look: () => good(tmux.look(pane)),
    paste: (text) => good(tmux.paste(pane, text)),
    keys: (keys) => good(tmux.keys(pane, keys)),
    enterAt: (cursor) => good(tmux.enterAt(pane, cursor)),
    stopReading: () => good(tmux.stopReading(pane)),
    doing: () => vitals()?.activity,
    prompted: () => vitals()?.told.prompted,
    asks: (lines) => {
      const says = judgeScreen(kind, lines)?.says;
      return says !== undefined && says !== 'nothing' && says.state === 'waiting';
    },
    pause: (span) => new Promise((resolve) => setTimeout(resolve, span)),
    now: () => performance.now(),
  };
}

async function good<T>(asked: ReturnType<Tmux['look']> | Promise<unknown>): Promise<T> {
  const answer = (await asked) as Awaited<ReturnType<Tmux['look']>>;
  if (answer.ok) return answer.value as T;
  throw new Broken(failureText(answer.error));
}
