import type { Millis } from '../../reconciler/types.ts';
import type { Picture } from '../../tmux/types.ts';
import type { Desk } from './desk.ts';

/** What has become of it, as the outcomes of a request. */
export type Delivery = {
  readonly outcome: 'delivered' | 'typed' | 'failed' | 'refused';
  /** What the program has done, without a subject; or why nothing was typed or taken, as a sentence without a full stop. */
  readonly text: string;
  /** What kept it from being sent will be over, and then it can be tried again. `pasted`: it stands in the box meanwhile. */
  readonly passing?: 'untouched' | 'pasted';
};

/** What is said where no box can be seen. */
export const HIDDEN = 'its box for input is not to be seen, so something else has the keyboard';

/** How often the screen is looked at while something is expected. */
export const LOOK: Millis = 30;

/** Look, and see to it that keys reach the program: who scrolls there loses the place, and nothing else. */
export async function attentive(desk: Desk): Promise<Picture> {
  const picture = await desk.look();
  if (!picture.reading) return picture;
  await desk.stopReading();
  return desk.look();
}

/** Why nothing may be typed now. */
export function question(desk: Desk, { alive, lines }: Picture): string | undefined {
  if (!alive) return 'its program has ended';
  const doing = desk.doing();
  if (doing?.state === 'waiting') return `it waits for a person${doing.for === undefined ? '' : ` (${doing.for})`}`;
  return desk.asks(lines) ? 'a dialog is open' : undefined;
}

/** A question came up after the text was pasted. */
export function interrupted(asking: string): Delivery {
  return { outcome: 'failed', text: `${asking}; Enter was not pressed`, passing: 'pasted' };
}

/** Nothing was typed, and it can be tried again. */
export function refused(why: string): Delivery {
  return { outcome: 'refused', text: why, passing: 'untouched' };
}
