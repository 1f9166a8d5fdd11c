import type { Saying } from '../../reconciler/types.ts';
import { idIn, lineIn, numberIn, readObject } from '../json.ts';
import type { Readings, Record, Sign } from '../reading.ts';

/** A record from the text of its file; undefined: it is none that says what the program does. Never throws. */
export function readRecord(text: string): Record | undefined {
  const said = readObject(text);
  const pid = numberIn(said?.pid, 1);
  const status = lineIn(said?.status, 20);
  if (!said || pid === undefined || status === undefined) return undefined;
  return {
    pid,
    status,
    start: lineIn(said.procStart, 60),
    session: idIn(said.sessionId),
    waitingFor: lineIn(said.waitingFor, 60),
    since: numberIn(said.statusUpdatedAt) ?? numberIn(said.updatedAt),
  };
}

/** What the record says of what the program does. */
export function recordSign({ record, now }: Readings): Sign | undefined {
  const saying = record && sayingOf(record);
  if (!record || !saying) return undefined;
  const { status, waitingFor, pid, at } = record;
  const since = Math.min(record.since ?? at, now);
  const text = `the record of process ${pid} says ${waitingFor === undefined ? status : `${status}: ${waitingFor}`}`;
  return { ...saying, source: 'record', at, since, text };
}

/**
 * `shell`: the turn has ended, and a command of it runs on in the background. That may be a server that never ends, and
 * the program takes prompts, so it has nothing to do. While sub-agents are at work it says `busy`.
 */
function sayingOf({ status, waitingFor }: Record): Saying | undefined {
  switch (status) {
    case 'busy':
      return { state: 'busy' };
    case 'idle':
    case 'shell':
      return { state: 'idle' };
    case 'waiting':
      return waiting(waitingFor);
    default:
      return undefined;
  }
}

/** A menu that a person has opened waits for that person, and for nothing that has a name. */
function waiting(what: string | undefined): Saying {
  if (what === 'input needed') return { state: 'waiting', for: 'question' };
  return what === 'dialog open' ? { state: 'waiting' } : { state: 'waiting', for: 'permission' };
}
