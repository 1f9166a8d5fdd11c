import { readdirSync, readFileSync } from 'node:fs';
import { EXIT } from '../control/protocol.ts';
import type { Colony } from './colony.ts';
import type { Failure } from './failure.ts';

/** Somebody holds the control socket open and does not answer. Nothing is done to it: that is for a person to decide. */
export function notAnswering(colony: Colony): Failure {
  const pid = holderOf(colony);
  return {
    exit: EXIT.unavailable,
    text: `the supervisor of ${colony.name}${pid === undefined ? '' : ` (pid ${pid})`} does not answer`,
    hint: `its log is ${colony.log}; if it hangs, end it with \`kill -9 ${pid ?? 'PID'}\` and run \`colony apply\`: its agents keep running and are taken over`,
  };
}

/** The process whose lock has the highest number; undefined if the lock cannot be read. */
function holderOf({ dir }: Colony): number | undefined {
  try {
    const numbers = readdirSync(dir).flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []);
    const holder = JSON.parse(readFileSync(`${dir}/lock.${Math.max(...numbers.map(Number))}`, 'utf8')) as unknown;
    const { pid } = holder as { pid?: unknown };
    return typeof pid === 'number' ? pid : undefined;
  } catch {
    return undefined;
  }
}
