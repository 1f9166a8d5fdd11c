import type { Finding } from '../reconciler/types/health.ts';
import type { ProbeSpec } from '../spec/probes.ts';
import { inTime } from './deadline.ts';
import { type Heard, healthy, type Look, unhealthy, unknown } from './look.ts';
import { inOneLine, quoted } from './text.ts';

type Log = NonNullable<ProbeSpec['log']>;

/** Read the output of the program, line by line. */
export async function log(options: Log, look: Look): Promise<Finding> {
  const heard = await inTime(look.ask.output(look), look.timeout, look.cancel);
  if (!heard) return unknown('the output could not be read in time');
  return heard.ok ? judgeOutput(options, heard.value) : unknown(heard.error);
}

/**
 * `match` stays healthy once a line matched; `not_match` is unhealthy once for the lines that came since it was asked
 * last. Output that came too fast to be read says nothing.
 */
export function judgeOutput({ match, not_match: bad }: Log, { matched, fresh, skipped }: Heard): Finding {
  if (match !== undefined) {
    if (matched === undefined) return unhealthy(`no line of output has matched ${quoted(match)} so far`);
    return healthy(`the output said “${inOneLine(matched, 80)}”`);
  }
  if (fresh) {
    const more = fresh.count > 1 ? ` (and ${fresh.count - 1} more such lines)` : '';
    return unhealthy(`the output said “${inOneLine(fresh.line, 80)}”${more}`);
  }
  if (skipped > 0) return unknown(`${Math.ceil(skipped / 1024)} KiB of output came too fast to be read`);
  return healthy(`no new line of output matches ${quoted(bad ?? '')}`);
}
