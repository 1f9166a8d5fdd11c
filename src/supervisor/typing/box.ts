import type { Keyboard } from '../../agents/keyboard.ts';
import { isWholeIn } from '../../agents/typing.ts';
import type { Millis } from '../../reconciler/types.ts';
import type { Picture } from '../../tmux/types.ts';
import type { Desk } from './desk.ts';
import { attentive, type Delivery, HIDDEN, LOOK, question, refused } from './looking.ts';
import type { Paper } from './receipt.ts';

/** A program that has just drawn something else draws its box again within this time. */
const BOX: Millis = 2_000;
/** What stands there unchanged for so long is a draft; a text that was just sent is out of the box before, on a loaded machine too. */
const DRAFT: Millis = 1_000;

/** The box is there. `aside`: a draft was put aside by this key. */
export type Ready = { readonly holds: 'nothing' | 'the text'; readonly aside?: string };

/** What stands in the box, and since when it is that. */
type Stands = { readonly text: string | undefined; readonly since: Millis };

/** What keeps a text from being typed; else the box is there and empty, or holds the text if it was pasted before. */
export async function readyBox(desk: Desk, paper: Paper, pasted: boolean): Promise<Delivery | Ready> {
  const began = desk.now();
  let stands: Stands = { text: undefined, since: began };
  for (;;) {
    const picture = await attentive(desk);
    const text = paper.keyboard.box(picture);
    const known = atOneLook(desk, picture, paper, text, pasted);
    if (known) return known;
    const now = desk.now();
    if (stands.text !== text) stands = { text, since: now };
    if (text && now - stands.since >= DRAFT) return draftAside(desk, paper.keyboard, picture, text);
    if (now > began + BOX) return restless(text);
    await desk.pause(LOOK);
  }
}

/** The box did not come to rest, or did not come. */
function restless(text: string | undefined): Delivery {
  return refused(text ? 'somebody is typing there' : HIDDEN);
}

/** What one look is enough for. */
function atOneLook(desk: Desk, picture: Picture, { keyboard, text }: Paper, box: string | undefined, pasted: boolean) {
  const asking = question(desk, picture);
  if (asking) return refused(asking);
  if (box === '') return { holds: 'nothing' } as const;
  const arrived = pasted && box !== undefined && isWholeIn(box, text, keyboard);
  return arrived ? ({ holds: 'the text' } as const) : undefined;
}

/** What a person has begun to write must neither be sent nor be lost. */
async function draftAside(
  desk: Desk,
  { aside, box }: Keyboard,
  picture: Picture,
  draft: string,
): Promise<Delivery | Ready> {
  const drafted = `somebody has typed ${[...draft].length} characters there and not sent them`;
  if (!aside) return refused(drafted);
  if (picture.lines.some((line) => aside.taken.test(line)))
    return refused(`${drafted}, and another draft is put aside`);
  await desk.keys([aside.key]);
  const until = desk.now() + BOX;
  while (desk.now() < until) {
    if (box(await desk.look()) === '') return { holds: 'nothing', aside: aside.key };
    await desk.pause(LOOK);
  }
  return refused(drafted);
}

/** What was put aside comes back with the next prompt; without one the same key brings it back. */
export async function bringBack(desk: Desk, { box }: Keyboard, aside: string): Promise<void> {
  if (box(await desk.look()) === '') await desk.keys([aside]);
}

/** Take the text out of the box again, if it is what stands there. */
export async function failedFor(desk: Desk, { keyboard, text }: Paper, why: string): Promise<Delivery> {
  const rows = text.split('\n').length;
  const box = keyboard.box(await desk.look());
  if (box === undefined || box === '') return { outcome: 'failed', text: why };
  await desk.keys(Array.from({ length: Math.min(2 * rows + 2, 200) }, () => keyboard.wipe).flat());
  const until = desk.now() + BOX;
  while (desk.now() < until) {
    if (keyboard.box(await desk.look()) === '')
      return { outcome: 'failed', text: `${why}; the text was taken out again` };
    await desk.pause(LOOK);
  }
  return { outcome: 'failed', text: `${why}; something of it may stand there still` };
}
