import { setTimeout as pause } from 'node:timers/promises';
import { addressed, type CallFailure, stream } from '../control/client.ts';
import { type EventLine, EXIT } from '../control/protocol.ts';
import type { Millis, Result } from '../reconciler/types.ts';
import { whyNot } from './ask.ts';
import { type Colony, findColony, lookAgain } from './colony.ts';
import { eventHeader, eventRows } from './render/events.ts';
import { clip } from './render/width.ts';
import type { Selection } from './select.ts';
import { columns, complain, print } from './terminal.ts';

export type EventsOptions = {
  readonly file: string | undefined;
  readonly names: readonly string[];
  readonly labels: Selection['labels'];
  readonly follow: boolean;
  readonly since: { readonly seq: number } | { readonly after: Millis } | undefined;
  readonly types: readonly string[];
  readonly output: 'table' | 'json';
};

/** How often a supervisor that is not there is looked for. */
const LOOK_AGAIN: Millis = 500;

/** Print the events that are asked for; with `follow`, until somebody ends it. */
export async function showEvents(options: EventsOptions): Promise<number> {
  const found = await findColony({ file: options.file, profiles: [] });
  if (!found.ok) return complain(found.error);
  if (options.follow) leaveWithTheReader();
  const show = printer(options.output);
  let last: number | undefined;
  const onLine = (line: EventLine): void => {
    if (line.type === 'dropped') return;
    if (line.type === 'reset') last = line.last;
    if (line.type === 'gap') last = line.to;
    if ('seq' in line) last = line.seq;
    show(line);
  };
  for (let filesAreRead = false; ; ) {
    const colony = lookAgain(found.value);
    const query = queryOf(options, last);
    const answered = await stream<EventLine>(
      colony.socket,
      addressed(`/v1/events?${query}`, colony.path),
      undefined,
      onLine,
      { method: 'GET' },
    );
    const absent = !answered.ok && answered.error.kind === 'absent';
    // Without a supervisor nothing is written: the files are read once, and then it is waited for.
    const failure = absent && !filesAreRead ? await readFiles(colony, query, onLine) : failureIn(answered);
    filesAreRead = absent;
    if (failure && !canPass(failure, options)) return complain(await reasonOf(colony, failure));
    if (!options.follow) return EXIT.done;
    await pause(LOOK_AGAIN);
  }
}

/** What was asked for at first, and what is asked for again after the connection was lost. */
function queryOf({ names, labels, since, types, follow }: EventsOptions, last: number | undefined): string {
  const params = new URLSearchParams();
  for (const name of names) params.append('agent', name);
  for (const [key, value] of labels) params.append('label', `${key}=${value}`);
  for (const type of types) params.append('type', type);
  if (follow) params.set('follow', '1');
  if (last !== undefined) params.set('since', String(last));
  else if (since && 'seq' in since) params.set('since', String(since.seq));
  if (since && 'after' in since) params.set('after', String(since.after));
  return params.toString();
}

type ReadFailure = CallFailure | { readonly kind: 'offline'; readonly exit: number; readonly text: string };

/** Whether a follower may wait for it to pass. */
function canPass({ kind }: ReadFailure, { follow }: EventsOptions): boolean {
  return follow && (kind === 'absent' || kind === 'broken');
}

function failureIn(answered: Result<void, CallFailure>): CallFailure | undefined {
  return answered.ok ? undefined : answered.error;
}

/** The same from the files of a colony without a supervisor; the answer is what went wrong. */
async function readFiles(
  { home, name, path }: Colony,
  query: string,
  onLine: (line: EventLine) => void,
): Promise<ReadFailure | undefined> {
  const { offline } = await import('../supervisor/offline.ts');
  const kept = await offline({ home, name, path }, { kind: 'events', query });
  if (!kept.ok) return { kind: 'offline', exit: kept.error.exit, text: kept.error.text };
  for (const line of (kept.value as { readonly lines: readonly string[] }).lines) onLine(JSON.parse(line) as EventLine);
  return undefined;
}

async function reasonOf(colony: Colony, failure: ReadFailure) {
  return failure.kind === 'offline' ? { exit: failure.exit, text: failure.text } : whyNot(colony, failure);
}

function printer(output: EventsOptions['output']): (line: EventLine) => void {
  if (output === 'json') return (line) => print(JSON.stringify(line));
  const row = eventRows();
  const width = columns() ?? Number.POSITIVE_INFINITY;
  let header = true;
  return (line) => {
    if (header) print(eventHeader());
    header = false;
    print(clip(row(line), width));
  };
}

/** Whoever followed it through a pipe has left: there is nobody to tell. */
function leaveWithTheReader(): void {
  process.stdout.on('error', () => process.exit(EXIT.done));
}
