import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Message, Report, Written } from './report.ts';

/** Where a program leaves its reports, and who it is. */
export type Place = { readonly spool: string; readonly run: string; readonly agent: string };

/** The place of the agent in which this process runs, which its environment tells; undefined: in none. */
export function placeIn(environment: Readonly<Record<string, string | undefined>>): Place | undefined {
  const { COLONY_SPOOL: spool, COLONY_RUN_ID: run, COLONY_AGENT: agent } = environment;
  return spool && agent && run && /^[a-z0-9-]+$/.test(run) ? { spool, run, agent } : undefined;
}

/**
 * Leave a report for the supervisor, which reads it at once, or when there is one again. Throws what the file system
 * says.
 *
 * Each report is a file of its own, whole from the moment in which it can be seen. Its name ends in the time since the
 * machine was booted, so that of two the later one is known.
 */
export function leave({ spool, run, agent }: Place, report: Report | Message): void {
  const order = process.hrtime.bigint().toString(36).padStart(13, '0');
  const name = `${run}.${order}-${Math.random().toString(36).slice(2, 10)}`;
  const { message = '', ...rest } = { message: undefined, ...report };
  const written: Written = { v: 1, run, agent, ...rest };
  const temporary = `${spool}/.${name}`;
  try {
    writeFileSync(temporary, `${JSON.stringify(written)}\n${message}`, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, `${spool}/${name}`);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
