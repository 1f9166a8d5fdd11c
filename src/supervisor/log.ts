import type { Logger } from 'winston';
import { describe } from '../reconciler/describe.ts';
import type { Entry } from '../reconciler/types.ts';
import { type Colony, warningsOf } from './colony.ts';

/** How events are written on standard error; `auto`: as text on a terminal, as JSON where a program reads it. */
export type ScreenFormat = 'auto' | 'text' | 'json';

export type Log = { readonly bug: (error: unknown) => void; readonly close: () => Promise<void> };

type Line = { readonly level: 'info' | 'warn' | 'error'; readonly message: string; readonly fields: object };

const FILE_LIMIT = 5 * 1024 * 1024;

const WARNINGS: ReadonlySet<string> = new Set([
  'exited',
  'held',
  'failed',
  'crash_looping',
  'circuit_opened',
  'server_lost',
  'unreachable',
  'config_rejected',
  'journal_unwritable',
  'journal_damaged',
  'not_saved',
]);

/** Lines that wait for the library, or for space on the disk; older ones are in the journal. */
const EARLY_LINES = 1_000;

/** How long a line waits for others, so that it is written when what it tells of is done. */
const LATE = 100;

/** How long after a failure the log is opened anew. */
const REOPEN_AFTER = 5_000;

/** How long the end of the supervisor waits for its last lines. */
const CLOSE_WITHIN = 1_000;

/**
 * Write every event as a line into the supervisor's log, and in the form of `screen`, if there is one, on standard error
 * too.
 *
 * The library is loaded after the first work is done, because it takes longer to load than a hundred agents to find.
 */
export function keepLog(colony: Colony, screen: ScreenFormat | undefined): Log {
  const early: Line[] = warningsOf(colony).map((message) => ({ level: 'warn', message, fields: {} }));
  let logger: Logger | undefined;
  let reopening: NodeJS.Timeout | undefined;
  const write = (line: Line): void => {
    if (logger) logger.log({ level: line.level, message: line.message, ...line.fields });
    else if (early.push(line) > EARLY_LINES) early.shift();
  };
  const open = (winston: typeof import('winston')): void => {
    const made = makeLogger(winston, colony.paths.log, screen, () => {
      if (logger !== made) return;
      // A stream that has failed takes nothing any more, also when there is space again.
      logger = undefined;
      made.close();
      reopening = setTimeout(() => open(winston), REOPEN_AFTER).unref();
    });
    logger = made;
    for (const line of early.splice(0)) write(line);
  };
  const loading: Promise<void> = new Promise<void>((resolve) => setTimeout(resolve, LOAD_AFTER).unref())
    .then(() => import('winston'))
    .then(({ default: winston }) => open(winston))
    // Without a log the agents are still looked after, and the journal holds every event.
    .catch((error: unknown) => process.stderr.write(`colony: the log cannot be written: ${textOf(error)}\n`))
    .then(() => undefined);
  // Whoever announces has something more urgent to do than to wait for a line of text.
  const late: Entry[] = [];
  const flush = () => {
    for (const entry of late.splice(0)) write(lineOf(entry));
  };
  colony.journal.listen((entry) => {
    if (late.push(entry) === 1) setTimeout(flush, LATE);
  });
  return {
    bug: (error) => write({ level: 'error', message: `this is a bug in colony: ${textOf(error)}`, fields: {} }),
    close: async () => {
      flush();
      await loading;
      clearTimeout(reopening);
      await finished(logger);
    },
  };
}

/** A log that finds no space never finishes, and is not waited for. */
function finished(logger: Logger | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, logger ? CLOSE_WITHIN : 0);
    logger?.on('finish', () => {
      clearTimeout(timer);
      resolve();
    });
    logger?.end();
  });
}

const LOAD_AFTER = 500;

function lineOf(entry: Entry): Line {
  const { seq, type } = entry;
  const agent = 'agent' in entry ? { agent: entry.agent } : {};
  return { level: WARNINGS.has(type) ? 'warn' : 'info', message: describe(entry), fields: { seq, type, ...agent } };
}

function makeLogger(
  winston: typeof import('winston'),
  filename: string,
  screenFormat: ScreenFormat | undefined,
  onError: () => void,
): Logger {
  const { format, transports } = winston;
  const time = format.timestamp();
  const text = format.printf(({ timestamp, level, message, agent }) => {
    return `${timestamp} ${level.padEnd(5)} ${agent === undefined ? '' : `${agent}: `}${message}`;
  });
  const plain = format.combine(time, text);
  const asText = screenFormat === 'text' || (screenFormat === 'auto' && process.stderr.isTTY);
  const onScreen = asText ? plain : format.combine(time, format.json());
  const file = new transports.File({ filename, format: plain, maxsize: FILE_LIMIT, maxFiles: 3, tailable: true });
  const screen = new transports.Console({ format: onScreen, stderrLevels: ['error', 'warn', 'info'] });
  const logger = winston.createLogger({ transports: screenFormat ? [file, screen] : [file] });
  for (const stream of [logger, file, screen]) stream.on('error', onError);
  return logger;
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
