import { describe } from '../../reconciler/describe.ts';
import type { AgentName, Entry } from '../../reconciler/types.ts';
import type { Row } from '../state/rows.ts';

/** So many entries fit on a screen beside all the rest. */
const MOST = 12;

/** So many rows are read before other work has its turn. */
const ROWS_AT_ONCE = 500;

/** The last that was written down about an agent, oldest first. */
export async function latestOf(agent: AgentName, rows: Iterable<Row>): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  let count = 0;
  for (const { value } of rows) {
    count += 1;
    if (count % ROWS_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    if (!('agent' in value) || value.agent !== agent || UNTOLD.has(value.type)) continue;
    found.push(value);
    if (found.length > MOST) found.shift();
  }
  return found;
}

/** They stand on the screen of the agent, which is shown elsewhere. */
const UNTOLD: ReadonlySet<Entry['type']> = new Set<Entry['type']>(['last_lines']);

/** An entry of a newer release may be of a type, or have fields, that are not known here. */
export function lineOf(entry: Entry): string {
  try {
    return describe(entry);
  } catch {
    return entry.type;
  }
}
