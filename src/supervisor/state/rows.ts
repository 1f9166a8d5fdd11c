import type { Entry } from '../../reconciler/types.ts';
import { type Gap, parseEntry, parseGap } from './entry-shape.ts';
import { linesOf, openLines } from './lines.ts';
import { olderPart } from './load.ts';

/** A line of the journal as it stands there, and what it says. */
export type Row = { readonly text: string; readonly value: Entry | Gap };

/** The last sequence number that a row speaks of. */
export function lastOf({ value }: Row): number {
  return value.type === 'gap' ? value.to : value.seq;
}

/**
 * Everything that is kept of the journal, oldest first; what cannot be read is left out.
 *
 * Both parts are opened before this returns, so that a journal that starts a new part meanwhile loses nothing for the
 * reader. What is appended while it reads is read too.
 */
export function rowsOf(journal: string): Generator<Row> {
  const parts = [olderPart(journal), journal].flatMap((path) => open(path) ?? []);
  return read(parts);
}

function* read(parts: readonly number[]): Generator<Row> {
  for (const fd of parts) {
    for (const line of linesOf(fd)) yield* rowOf(line ?? '');
  }
}

/** One line as a row; none if it says nothing. */
export function* rowOf(line: string): Generator<Row> {
  const text = line.trimEnd();
  const value = parseEntry(text) ?? parseGap(text);
  if (value) yield { text, value };
}

function open(path: string): number | undefined {
  try {
    return openLines(path);
  } catch {
    return undefined;
  }
}
