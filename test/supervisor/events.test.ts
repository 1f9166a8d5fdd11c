import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stream } from '../../src/control/client.ts';
import type { EventLine } from '../../src/control/protocol.ts';
import type { Colony } from '../../src/supervisor/colony.ts';
import { events, eventsOffline } from '../../src/supervisor/handlers/events.ts';
import { Journal } from '../../src/supervisor/state/journal.ts';
import { removeFolder } from '../rig/remove.ts';
import { waitFor } from '../rig/wait.ts';

let dir: string;
let journal: Journal;
let colony: Colony;
let server: Server;
let socket: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'colony-events-'));
  socket = join(dir, 'socket');
  const paths = { journal: join(dir, 'journal.ndjson'), ledger: join(dir, 'ledger.json') };
  journal = new Journal(paths, () => 1_000);
  colony = { journal, paths, desired: undefined, observed: { known: false } } as unknown as Colony;
  server = createServer((request, response) => {
    void events(colony, new URL(request.url ?? '', 'http://x').searchParams, response);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  journal.close();
  removeFolder(dir);
});

const held = (agent: string) =>
  journal.announce({ type: 'held', agent, reason: { code: 'disabled' }, fingerprint: undefined });

async function read(query: string): Promise<EventLine[]> {
  const lines: EventLine[] = [];
  await stream<EventLine>(socket, `/v1/events?${query}`, undefined, (line) => lines.push(line), { method: 'GET' });
  return lines;
}

const seqs = (lines: readonly EventLine[]) => lines.map((line) => ('seq' in line ? line.seq : line.type));
const offline = (query: string) =>
  eventsOffline(colony, new URLSearchParams(query)).lines.map((line) => JSON.parse(line) as EventLine);

test.each([
  ['', [1, 2, 3]],
  ['since=0', [1, 2, 3]],
  ['since=2', [3]],
  ['since=3', []],
  ['since=9', ['reset', 1, 2, 3]],
  ['agent=a', [1, 3]],
  ['agent=a&since=1', [3]],
  ['agent=[a]', []],
  ['type=down', [2]],
  ['type=down&type=held&agent=*', [1, 3]],
  ['after=1000', [1, 2, 3]],
  ['after=1001', []],
])('%j gives %j, with a supervisor and without', async (query, expected) => {
  held('a');
  journal.announce({ type: 'down' });
  held('a');
  if (query === 'agent=[a]') return expect(() => offline(query)).toThrow('no agent is named "[a]"');
  expect(seqs(await read(query))).toEqual(expected);
  expect(seqs(offline(query))).toEqual(expected);
});

test('entries come as they stand in the journal, over two parts of it', async () => {
  for (let i = 0; i < 5_003; i++) held('a');
  expect(seqs(await read(''))).toEqual(Array.from({ length: 5_003 }, (_, at) => at + 1));
  expect(await read('since=5001')).toEqual(offline('since=5001'));
  for (let i = 0; i < 5_000; i++) held('a');
  expect((await read('since=17'))[0]).toEqual({ type: 'gap', from: 18, to: 5_000 });
  expect(seqs(await read('')).slice(0, 1)).toEqual([5_001]);
});

test('what waits in memory for a full disk is told too', async () => {
  held('a');
  rmSync(join(dir, 'journal.ndjson'));
  journal.close();
  writeFileSync(join(dir, 'file'), '');
  const unwritable = { journal: join(dir, 'file', 'journal'), ledger: join(dir, 'ledger.json') };
  colony = { ...colony, journal: new Journal(unwritable, () => 1), paths: unwritable } as unknown as Colony;
  const { seq } = colony.journal.announce({ type: 'down' });
  expect(seqs(offline(`since=${seq - 1}`))).toEqual([seq]);
});

test('a follower that comes back with its last number misses nothing and sees nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(4), { minLength: 1, maxLength: 6 }), async (steps) => {
      let since = journal.ledger.seq;
      const got: number[] = [];
      const from = since;
      for (const step of steps) {
        const connection = connect(socket);
        connection.on('error', () => undefined);
        let text = '';
        connection.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        held('a');
        connection.write(`GET /v1/events?follow=1&since=${since} HTTP/1.0\r\n\r\n`);
        for (let i = 0; i < step; i++) held('a');
        const numbers = () => [...text.matchAll(/\{"seq":(\d+),.*\}\n/g)].map(([, number]) => Number(number));
        const wanted = Math.min(step, 2);
        await waitFor('some entries', () => numbers().length >= wanted);
        connection.destroy();
        got.push(...numbers());
        since = got.at(-1) ?? since;
      }
      const rest = seqs(await read(`since=${since}`)) as number[];
      expect([...got, ...rest]).toEqual(Array.from({ length: journal.ledger.seq - from }, (_, at) => from + at + 1));
    }),
    { numRuns: 30 },
  );
});

test('a reader that does not read is sent away with a last line, and costs no more than that', async () => {
  const connection = connect(socket);
  connection.write('GET /v1/events?follow=1 HTTP/1.0\r\n\r\n');
  await new Promise((resolve) => connection.once('data', resolve));
  connection.pause();
  const why = 'x'.repeat(60_000);
  for (let i = 0; i < 100; i++) {
    journal.announce({ type: 'unreachable', why });
    await new Promise((resolve) => setImmediate(resolve));
  }
  let text = '';
  await new Promise((resolve) => {
    connection.setEncoding('utf8').on('end', resolve).resume();
    connection.on('data', (chunk: string) => {
      text += chunk;
    });
  });
  const lines = text.trim().split('\n');
  expect(lines.at(-1)).toContain('"type":"dropped"');
  expect(lines.length).toBeLessThan(60);
  const last = (JSON.parse(lines.at(-2) ?? '') as { seq: number }).seq;
  expect(seqs(await read(`since=${last}`))[0]).toBe(last + 1);
});
