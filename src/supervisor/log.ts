import type { Logger } from 'winston';
import { describe } from '../reconciler/describe.ts';
import type { Entry } from '../reconciler/types.ts';
import type { Colony } from './colony.ts';

export type Log = { readonly bug: (error: unknown) => void; readonly close: () => Promise<void> };

type Line = { readonly level: 'info' | 'warn' | 'error'; readonly message: string; readonly fields: object };

const FILE_LIMIT = 5 * 1024 * 1024;

const WARNINGS: ReadonlySet<string> = new Set([
  'exited',
  'held',
  'failed',
  'server_lost',
  'unreachable',
  'config_rejected',
]);

/**
 * Write every event as a line into the supervisor's log, and in the foreground on standard error too: as text on a
 * terminal, as JSON where a program reads it.
 *
 * The library is loaded after the first work is done, because it takes longer to load than a hundred agents to find.
 */
export function keepLog(colony: Colony, foreground: boolean): Log {
  const early: Line[] = [];
  let logger: Logger | undefined;
  const write = (line: Line): void => {
    if (logger) logger.log({ level: line.level, message: line.message, ...line.fields });
    else early.push(line);
  };
  const loading: Promise<void> = new Promise<void>((resolve) => setTimeout(resolve, LOAD_AFTER).unref())
    .then(() => import('winston'))
    .then(({ default: winston }) => {
      logger = makeLogger(winston, colony.paths.log, foreground);
      for (const line of early.splice(0)) write(line);
    })
    // Without a log the agents are still looked after, and the journal holds every event.
    .catch((error: unknown) => process.stderr.write(`colony: the log cannot be written: ${textOf(error)}\n`))
    .then(() => undefined);
  colony.journal.listen((entry) => write(lineOf(entry)));
  return {
    bug: (error) => write({ level: 'error', message: `this is a bug in colony: ${textOf(error)}`, fields: {} }),
    close: async () => {
      await loading;
      await new Promise<void>((resolve) => {
        logger?.on('finish', resolve);
        logger?.end();
      });
    },
  };
}

const LOAD_AFTER = 500;

function lineOf(entry: Entry): Line {
  const { seq, type } = entry;
  const agent = 'agent' in entry ? { agent: entry.agent } : {};
  return { level: WARNINGS.has(type) ? 'warn' : 'info', message: describe(entry), fields: { seq, type, ...agent } };
}

function makeLogger(winston: typeof import('winston'), filename: string, foreground: boolean): Logger {
  const { format, transports } = winston;
  const time = format.timestamp();
  const text = format.printf(({ timestamp, level, message, agent }) => {
    return `${timestamp} ${level.padEnd(5)} ${agent === undefined ? '' : `${agent}: `}${message}`;
  });
  const plain = format.combine(time, text);
  const onScreen = process.stderr.isTTY ? plain : format.combine(time, format.json());
  const file = new transports.File({ filename, format: plain, maxsize: FILE_LIMIT, maxFiles: 3, tailable: true });
  const screen = new transports.Console({ format: onScreen, stderrLevels: ['error', 'warn', 'info'] });
  return winston.createLogger({ transports: foreground ? [file, screen] : [file] });
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
