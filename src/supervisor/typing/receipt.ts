import type { Keyboard } from '../../agents/keyboard.ts';
import { isWholeIn } from '../../agents/typing.ts';
import type { ActivityState, Millis, Source } from '../../reconciler/types.ts';
import type { Picture } from '../../tmux/types.ts';
import type { Desk } from './desk.ts';
import { LOOK } from './looking.ts';

/** What is typed, and how it is typed to this program. */
export type Paper = { readonly text: string; readonly command: boolean; readonly keyboard: Keyboard };

/** How everything stood right before Enter was pressed. */
export type Before = {
  readonly prompted: Millis | undefined;
  /** What it was doing; undefined: nobody knows, or it is a guess from its having drawn something. */
  readonly state: ActivityState | undefined;
  readonly lines: readonly string[];
};

/** How everything stands now, with these lines on the screen. */
export function before(desk: Desk, lines: readonly string[]): Before {
  const doing = desk.doing();
  const guessed = doing?.source === 'output';
  return { prompted: desk.prompted(), state: guessed ? undefined : doing?.state, lines };
}

export type Receipt = { readonly outcome: 'delivered' | 'typed' | 'failed'; readonly text: string };

/** A program that tells what it does tells of a prompt within this time; the hook of one took 0.4 s. */
const TOLD: Millis = 5_000;
/** A text that stands in the box for so long after an Enter is not being sent: a program that starts up loses keys. */
const STUCK: Millis = 2_000;
/** What it says of a command may be drawn a moment after the box is. */
const SAID: Millis = 300;
/** One that was at work when it was last looked at may be through by now, and takes the text at once: it tells within this time. */
const QUEUED: Millis = 1_000;

/** Guesses and looks at the screen may be about what was before. */
const SOURCES: ReadonlySet<Source> = new Set(['report', 'record', 'title', 'hook', 'transcript']);

/** Wait until the program has taken the text; or until it is clear that it does not. */
export async function receipt(desk: Desk, paper: Paper, before: Before): Promise<Receipt | 'still there'> {
  const pressed = desk.now();
  let left: Millis | undefined;
  for (;;) {
    const seen = seenIn(await desk.look(), paper, before);
    if (isTold(desk, before)) return { outcome: 'delivered', text: 'has taken it' };
    if (typeof seen === 'object') return seen;
    const now = desk.now();
    left = seen === 'gone' ? (left ?? now) : undefined;
    const come = left === undefined ? stuck(now - pressed) : gone(paper, before, now - left);
    if (come) return come;
    await desk.pause(LOOK);
  }
}

function stuck(since: Millis): 'still there' | undefined {
  return since > STUCK ? 'still there' : undefined;
}

function isTold(desk: Desk, { prompted, state }: Before): boolean {
  const now = desk.prompted();
  if (now !== undefined && (prompted === undefined || now > prompted)) return true;
  const doing = desk.doing();
  return state !== 'busy' && doing?.state === 'busy' && doing.source !== undefined && SOURCES.has(doing.source);
}

function seenIn({ alive, lines, ...view }: Picture, paper: Paper, before: Before): Receipt | 'gone' | 'there' {
  const { text, command, keyboard } = paper;
  if (!alive) {
    if (command) return { outcome: 'delivered', text: 'has taken it and ended' };
    return { outcome: 'failed', text: 'its program has ended' };
  }
  const refusal = command ? refusalIn(lines, keyboard, before) : undefined;
  if (refusal !== undefined) return { outcome: 'failed', text: `it says: ${refusal}` };
  const box = keyboard.box({ lines, ...view });
  return box !== undefined && box !== '' && isWholeIn(box, text, keyboard) ? 'there' : 'gone';
}

/** What it says of an unknown command, where it did not stand there before. */
function refusalIn(lines: readonly string[], { unknown }: Keyboard, before: Before): string | undefined {
  const said = (rows: readonly string[]) => rows.flatMap((row) => (unknown ? (unknown.exec(row)?.[0] ?? []) : []));
  const now = said(lines);
  return now.length > said(before.lines).length ? now.at(-1) : undefined;
}

/** What it means that the text has been out of the box for so long. */
function gone({ command, keyboard }: Paper, { state }: Before, since: Millis): Receipt | undefined {
  if (command) return since >= SAID ? { outcome: 'delivered', text: 'has taken the command' } : undefined;
  if (state === 'busy') {
    if (since < QUEUED) return undefined;
    return { outcome: 'delivered', text: 'is at work and takes it up when it is through' };
  }
  if (!keyboard.confirms) return { outcome: 'delivered', text: 'has taken it out of its box for input' };
  if (since < TOLD) return undefined;
  return {
    outcome: 'typed',
    text: 'has it no longer in its box for input, and has not said either that it took it up',
  };
}
