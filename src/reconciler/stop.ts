import type { StopSpec } from '../spec/stop.ts';

/** How a session is stopped of which nothing is known but that it is ours; the same as the defaults of the file. */
export const defaultStop: StopSpec = { sequence: [{ signal: 'TERM' }], grace: 30_000 };

/** Nobody is asked, and nothing is waited for: the whole tree is killed. */
export const stopAtOnce: StopSpec = { sequence: [], grace: 0 };
