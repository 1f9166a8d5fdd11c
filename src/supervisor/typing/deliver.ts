import { isWholeIn, KEYBOARDS, prepare } from '../../agents/typing.ts';
import type { Millis } from '../../reconciler/types.ts';
import { bringBack, failedFor, readyBox } from './box.ts';
import { Broken, type Desk } from './desk.ts';
import { attentive, type Delivery, HIDDEN, interrupted, LOOK, question } from './looking.ts';
import { before, type Paper, receipt } from './receipt.ts';

/** What is to be typed. */
export type Task = {
  readonly text: string;
  readonly submit: boolean;
  readonly literal: boolean;
  readonly force: boolean;
  /** It was pasted before, and may stand in the box. */
  readonly pasted: boolean;
};

/** A text that was pasted stands in the box within this time, also on a loaded machine. */
const ARRIVAL: Millis = 5_000;
/** A program that is starting up may lose an Enter; so often it is pressed at most. */
const PRESSES = 3;

/**
 * Type a text, so that it arrives once and whole, or say why it did not.
 *
 * Enter is pressed only while the text is seen in the box for input, and not in any dialog: there it would answer. A
 * person's draft is left alone, or put aside where the program brings it back by itself.
 */
export async function deliver(desk: Desk, task: Task): Promise<Delivery> {
  const prepared = prepare(desk.kind, task.text, task.literal);
  if (!prepared.ok) return { outcome: 'refused', text: prepared.why };
  try {
    const keyboard = KEYBOARDS[desk.kind];
    if (!keyboard || task.force) return await blindly(desk, prepared.text, task.submit);
    const paper: Paper = { ...prepared, keyboard };
    return await carefully(desk, paper, task);
  } catch (error) {
    if (error instanceof Broken) return { outcome: 'failed', text: error.message };
    throw error;
  }
}

/** Of such a program nothing is known, or nobody wants to know. */
async function blindly(desk: Desk, text: string, submit: boolean): Promise<Delivery> {
  await attentive(desk);
  await desk.paste(text);
  if (submit) await desk.keys(['Enter']);
  return { outcome: 'typed', text: submit ? 'has it on its terminal, with Enter' : 'has it on its terminal' };
}

async function carefully(desk: Desk, paper: Paper, { submit, pasted }: Task): Promise<Delivery> {
  const box = await readyBox(desk, paper, pasted);
  if ('outcome' in box) return box;
  const done =
    (box.holds === 'nothing' ? await paste(desk, paper) : undefined) ?? (await submitted(desk, paper, submit));
  if (done.outcome === 'failed' && box.aside !== undefined) await bringBack(desk, paper.keyboard, box.aside);
  return done;
}

/** What went wrong; undefined: the whole text stands in the box. */
async function paste(desk: Desk, paper: Paper): Promise<Delivery | undefined> {
  await desk.paste(paper.text);
  const until = desk.now() + ARRIVAL;
  for (;;) {
    const picture = await desk.look();
    const asking = question(desk, picture);
    if (asking) return interrupted(asking);
    const box = paper.keyboard.box(picture);
    if (box !== undefined && isWholeIn(box, paper.text, paper.keyboard)) return undefined;
    if (desk.now() > until) return failedFor(desk, paper, 'its box for input does not show the whole text');
    await desk.pause(LOOK);
  }
}

/** The text stands in the box. */
async function submitted(desk: Desk, paper: Paper, submit: boolean): Promise<Delivery> {
  if (!submit) return { outcome: 'typed', text: 'has it in its box for input, without Enter' };
  for (let presses = 1; ; presses++) {
    const { lines } = await attentive(desk);
    const stood = before(desk, lines);
    const kept = await enter(desk, paper);
    if (kept) return kept;
    const got = await receipt(desk, paper, stood);
    if (got === 'still there' && presses < PRESSES) continue;
    if (got === 'still there') return failedFor(desk, paper, 'Enter does nothing there');
    return got.outcome === 'failed' ? failedFor(desk, paper, got.text) : got;
  }
}

const changed: Delivery = {
  outcome: 'failed',
  text: 'its box for input holds something else by now; Enter was not pressed',
};

/** Press Enter at the very place where the text was just seen; what moves on the screen makes this a new look. */
async function enter(desk: Desk, { keyboard, text }: Paper): Promise<Delivery | undefined> {
  const until = desk.now() + ARRIVAL;
  for (;;) {
    const picture = await attentive(desk);
    const asking = question(desk, picture);
    if (asking) return interrupted(asking);
    const box = keyboard.box(picture);
    const whole = box !== undefined && isWholeIn(box, text, keyboard);
    if (whole && (await desk.enterAt(picture.cursor))) return undefined;
    if (desk.now() > until) return box === undefined ? interrupted(HIDDEN) : changed;
    await desk.pause(LOOK);
  }
}
