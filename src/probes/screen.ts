import type { Finding } from '../reconciler/types/health.ts';
import type { ProbeSpec } from '../spec/probes.ts';
import { inTime } from './deadline.ts';
import { healthy, type Look, unhealthy, unknown } from './look.ts';
import { quoted } from './text.ts';

type Screen = NonNullable<ProbeSpec['screen']>;

/** Look at the visible part of the pane. That tmux does not answer is no fault of the program. */
export async function screen(options: Screen, { ask, pane, timeout, cancel }: Look): Promise<Finding> {
  const shown = await inTime(ask.screen(pane), timeout, cancel);
  if (!shown) return unknown('tmux did not say in time what the pane shows');
  return shown.ok ? judgeScreen(options, shown.value) : unknown(shown.error);
}

/** Whether a screen shows what it must, or what it must not; `^` and `$` stand for the ends of a line. */
export function judgeScreen({ match, not_match: bad }: Screen, lines: readonly string[]): Finding {
  const pattern = match ?? bad ?? '';
  const shows = new RegExp(pattern, 'm').test(lines.join('\n'));
  const text = `the screen ${shows ? 'shows' : 'does not show'} ${quoted(pattern)}`;
  return shows === (match !== undefined) ? healthy(text) : unhealthy(text);
}
