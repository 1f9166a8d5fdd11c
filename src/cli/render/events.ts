import type { EventLine } from '../../control/protocol.ts';
import { describe } from '../../reconciler/describe.ts';
import type { Entry } from '../../reconciler/types.ts';
import { oneLine, widthOf } from './width.ts';

/** Wide enough for most names, so that the columns seldom move. */
const AGENT_WIDTH = 12;

/** Renders lines of a stream as rows of a table, whose column grows with what comes. */
export function eventRows(): (line: EventLine) => string {
  let width = AGENT_WIDTH;
  const row = (time: string, agent: string, text: string): string => {
    width = Math.max(width, widthOf(agent));
    return `${time.padEnd(TIME.length)}  ${agent}${' '.repeat(width - widthOf(agent))}  ${oneLine(text)}`;
  };
  return (line) => {
    if (line.type === 'gap') return row('-', '-', `entries ${line.from} to ${line.to} are not kept any more`);
    if (line.type === 'reset') return row('-', '-', `the records were lost: the newest entry is ${line.last}`);
    if (line.type === 'dropped') return row('-', '-', line.why);
    return row(localTime(line.at), 'agent' in line ? oneLine(line.agent) : '-', sentence(line));
  };
}

/** The line above the rows. */
export function eventHeader(): string {
  return `${'TIME'.padEnd(TIME.length)}  ${'AGENT'.padEnd(AGENT_WIDTH)}  EVENT`;
}

const TIME = '2026-03-01 12:00:00';

/** In the time zone of whoever reads it. */
function localTime(at: number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A supervisor of another release may give an event other fields than this program knows. */
function sentence(entry: Entry): string {
  try {
    return describe(entry);
  } catch {
    return entry.type;
  }
}
