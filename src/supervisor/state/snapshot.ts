import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { emptyLedger, noHistory } from '../../reconciler/ledger.ts';
import type { AgentName, History, Ledger } from '../../reconciler/types.ts';
import { refusal, writeAtomic } from './files.ts';
import { historyShape, snapshotShape } from './history-shape.ts';

type Stored = Omit<Ledger, 'agents'> & { readonly agents: readonly (readonly [AgentName, Partial<History>])[] };

/** A thousand agents with their last screens take a tenth of it. */
const LARGEST = 64 * 1024 * 1024;

export type Snapshot = {
  readonly ledger: Ledger;
  /** Why it is not what was written, as the end of a sentence; undefined: it is sound, or there is none. */
  readonly wrong: string | undefined;
  readonly there: boolean;
};

/** Write the ledger down; throws what the system says. */
export function writeSnapshot(path: string, ledger: Ledger): void {
  writeAtomic(path, JSON.stringify({ ...ledger, agents: [...ledger.agents] }));
}

/** The ledger as it was last written. A history that lacks fields is completed, one that is wrong is left out. */
export function readSnapshot(path: string): Snapshot {
  let text: string;
  try {
    text = readBounded(path);
  } catch (error) {
    const there = (error as NodeJS.ErrnoException).code !== 'ENOENT';
    return { ledger: emptyLedger, wrong: there ? `cannot be read: ${refusal(error)}` : undefined, there };
  }
  const stored = parse(text);
  if (!stored) return { ledger: emptyLedger, wrong: 'cannot be understood', there: true };
  const sound = stored.agents.filter(([, history]) => historyShape(history));
  const dropped = stored.agents.length - sound.length;
  const agents = new Map(sound.map(([agent, history]) => [agent, { ...noHistory, ...history }]));
  // An older colony knew less: what its ledger does not hold is as at the beginning.
  return {
    ledger: { ...emptyLedger, ...stored, agents },
    wrong: dropped > 0 ? `has lost ${dropped} agents` : undefined,
    there: true,
  };
}

function readBounded(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const info = fstatSync(fd);
    if (info.isDirectory()) throw new Error('it is a folder');
    if (!info.isFile()) throw new Error('it is no file');
    if (info.size > LARGEST) throw new Error(`it has ${info.size} bytes, and at most ${LARGEST} are read`);
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

function parse(text: string): Stored | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return snapshotShape(value) ? (value as Stored) : undefined;
  } catch {
    return undefined;
  }
}
