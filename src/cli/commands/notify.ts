import { Argument, Command } from 'commander';
import { EXTENSION_LIMIT, type Report, statusText } from '../../child/report.ts';
import { leave, placeIn } from '../../child/spool.ts';
import { EXIT } from '../../control/protocol.ts';
import type { Result } from '../../reconciler/types.ts';
import type { Define } from '../define.ts';
import type { Failure } from '../failure.ts';
import { examples, exitCodes } from '../help.ts';
import { parseSpan } from '../options.ts';
import { complain } from '../terminal.ts';

const WORDS = ['ready', 'heartbeat', 'status', 'extend', 'busy', 'idle', 'waiting'] as const;

type Word = (typeof WORDS)[number];

export const define: Define = (act) =>
  new Command('notify')
    .description('Tell colony something about the agent in which this is run.')
    .addArgument(new Argument('<what>', 'what to tell').choices(WORDS))
    .argument('[value...]', 'the text of a status, or for how long to extend')
    .addHelpText('after', PAGE)
    .action((what: Word, value: readonly string[]) => act(run(what, value)));

async function run(what: Word, value: readonly string[]): Promise<number> {
  const report = reportOf(what, value.join(' '));
  if (!report.ok) return complain(report.error);
  const place = placeIn(process.env);
  if (!place) {
    const text = 'this is not run in an agent: COLONY_SPOOL, COLONY_RUN_ID and COLONY_AGENT tell which one it is';
    return complain({
      exit: EXIT.usage,
      text,
      hint: 'It is for programs that colony has started, and for what they start.',
    });
  }
  try {
    leave(place, report.value);
    return EXIT.done;
  } catch (error) {
    const text = `nothing can be left in ${place.spool}: ${error instanceof Error ? error.message : error}`;
    return complain({ exit: EXIT.unavailable, text });
  }
}

/** What is told; the failure says what is missing, or too much. */
function reportOf(what: Word, value: string): Result<Report, Failure> {
  if (what === 'status') return ok({ kind: 'status', text: statusText(value) });
  if (what === 'extend') return extension(value);
  if (value !== '') return wrong(`\`${what}\` takes nothing more, got "${value}"`);
  return ok(what === 'ready' || what === 'heartbeat' ? { kind: what } : { kind: 'state', state: what });
}

function extension(written: string): Result<Report, Failure> {
  const ms = /^(\d+(ms|s|m|h|d))+$/.test(written) ? parseSpan(written) : undefined;
  if (ms === undefined || ms === 0) return wrong(`\`extend\` takes a length of time such as 5m, got "${written}"`);
  if (ms > EXTENSION_LIMIT) return wrong(`\`extend\` takes at most 1h at a time, got "${written}"`);
  return ok({ kind: 'extend', ms });
}

const ok = (value: Report): Result<Report, Failure> => ({ ok: true, value });

const wrong = (text: string): Result<Report, Failure> => ({ ok: false, error: { exit: EXIT.usage, text } });

const PAGE = [
  examples([
    ['colony notify ready', 'it has come up'],
    ['colony notify heartbeat', 'it is alive; for a probe of the kind heartbeat'],
    ['colony notify status indexing, 40 %', 'a line for people'],
    ['colony notify busy', 'or idle, or waiting (for a person): what it is doing'],
    ['colony notify extend 5m', 'be patient with it: neither find it unwell nor kill it while it stops'],
  ]),
  exitCodes(['done', 'usage', 'unavailable']),
].join('\n');
