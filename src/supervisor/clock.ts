import { readFileSync } from 'node:fs';
import { bootId } from '../processes/table.ts';
import type { Millis } from '../reconciler/types.ts';
import type { Saver } from './state/saver.ts';

/** Gives the present; injected wherever time matters. */
export type Clock = () => Millis;

type Anchor = { readonly boot: string; readonly wall: Millis; readonly monotonic: Millis };

/**
 * A clock that reads like the wall clock and never jumps.
 *
 * It is the wall clock of the moment when the first supervisor of this boot started, plus the monotonic time since:
 * setting the clock, or a suspend, can neither make a back-off last a year nor restart everything at once. The anchor
 * is kept in a file, so that deadlines mean the same to the next supervisor.
 */
export function steadyClock(anchorPath: string, saver: Saver): Clock {
  const known = readAnchor(anchorPath);
  const anchor = known ?? newAnchor();
  if (!known) saver.save(anchorPath, JSON.stringify(anchor));
  return clockFrom(anchor);
}

/** The same clock, for those who only want to read; where there is none yet, as it would begin now. */
export function readSteadyClock(anchorPath: string): Clock {
  return clockFrom(readAnchor(anchorPath) ?? newAnchor());
}

function clockFrom(anchor: Anchor): Clock {
  return () => Math.round(anchor.wall + monotonic() - anchor.monotonic);
}

/** Milliseconds of the kernel's monotonic clock, which all processes of one boot share. */
function monotonic(): Millis {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

function readAnchor(path: string): Anchor | undefined {
  try {
    const anchor = JSON.parse(readFileSync(path, 'utf8')) as Anchor;
    const usable = anchor.boot === bootId() && Number.isFinite(anchor.wall) && Number.isFinite(anchor.monotonic);
    return usable ? anchor : undefined;
  } catch {
    return undefined;
  }
}

function newAnchor(): Anchor {
  return { boot: bootId(), wall: Date.now(), monotonic: monotonic() };
}
