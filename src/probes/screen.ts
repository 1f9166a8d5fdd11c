import type { Finding } from '../reconciler/types/health.ts';
import type { ProbeSpec } from '../spec/probes.ts';
import { inTime } from './deadline.ts';
import { healthy, type Look, unhealthy, unknown } from './look.ts';
import { quoted } from './text.ts';

type Screen = NonNullable<ProbeSpec['screen']>;

/** Look at the visible part of the pane. That tmux does not answer is no fault of the program. */
export async function screen(options: Screen, look: Look): Promise<Finding> {
  const { ask, pane, timeout, cancel } = look;
  const shown = await inTime(ask.screen(pane), timeout, cancel);
  if (!shown) return unknown('tmux did not say in time what the pane shows');
  if (!shown.ok) return unknown(shown.error);
  const shows = await inTime(ask.matches(patternOf(options), shown.value.join('\n'), look), timeout, cancel);
  if (!shows) return unknown('its pattern could not be matched in time');
  return shows.ok ? judgeScreen(options, shows.value) : unknown(shows.error);
}

/** `shows`: whether the screen matches the pattern, be it what it must show or what it must not. */
export function judgeScreen(options: Screen, shows: boolean): Finding {
  const text = `the screen ${shows ? 'shows' : 'does not show'} ${quoted(patternOf(options))}`;
  return shows === (options.match !== undefined) ? healthy(text) : unhealthy(text);
}

const patternOf = ({ match, not_match: bad }: Screen): string => match ?? bad ?? '';
