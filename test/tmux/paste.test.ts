import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTmux } from '../../src/tmux/open.ts';
import type { Tmux } from '../../src/tmux/types.ts';
import { bad, good, type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { waitFor } from '../rig/wait.ts';
import { launchOf, paneOf } from './launch.ts';

const RECORDER = fileURLToPath(new URL('../rig/recorder.mjs', import.meta.url));

let rig: PrivateTmux;
let tmux: Tmux;
let pane: string;
let heard: string;

beforeAll(async () => {
  rig = privateTmux();
  tmux = good(await openTmux(rig.options()));
  heard = join(rig.dir, 'heard');
  writeFileSync(heard, '');
  good(await tmux.spawn(launchOf('a', { argv: [process.execPath, RECORDER, heard] })));
  pane = paneOf(good(await tmux.observe()), 'a');
  await waitFor('the recorder', async () =>
    good(await tmux.capture(pane, { history: 0 }))
      .join('')
      .includes('recording'),
  );
});

afterAll(async () => {
  await tmux.close();
  await rig.stop();
});

/** What the program gets when this is pasted. */
async function pasted(text: string): Promise<string> {
  truncateSync(heard);
  good(await tmux.paste(pane, text));
  const end = Buffer.from('\x1b[201~');
  await waitFor('the end of the paste', () => readFileSync(heard).subarray(-end.length).equals(end));
  return readFileSync(heard, 'utf8');
}

describe('what is pasted', () => {
  const character = fc.oneof(
    fc.constantFrom(
      ';',
      '"',
      "'",
      '$',
      '`',
      '\\',
      '\n',
      '\t',
      '#',
      '{',
      '}',
      '%',
      '~',
      ' ',
      '-',
      '!',
      '\\;',
      '$HOME',
      '#{pane_id}',
    ),
    fc.string({ unit: 'binary', maxLength: 1 }),
    fc.constantFrom('é', '漢', '😀', '👩‍👩‍👧', 'e\u0301', '\u200b'),
  );
  const text = fc
    .array(character, { minLength: 1, maxLength: 200 })
    .map((parts) => parts.join('').replace(/(?![\n\t])\p{C}/gu, ''))
    .filter((joined) => joined !== '');

  test('arrives byte for byte between the marks of a paste, line breaks as the key Enter is', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        expect(await pasted(written)).toBe(`\x1b[200~${written.replaceAll('\n', '\r')}\x1b[201~`);
      }),
      { numRuns: 60 },
    );
  });

  test('may be as long as anybody may type', async () => {
    const long = `${'漢é;$"\\'.repeat(20_000)}\n${'x'.repeat(60_000)}`;
    expect(await pasted(long)).toBe(`\x1b[200~${long.replaceAll('\n', '\r')}\x1b[201~`);
  });
});

describe('Enter', () => {
  test('is pressed where the cursor was seen, and nowhere else', async () => {
    const { cursor, alive, reading } = good(await tmux.look(pane));
    expect({ alive, reading }).toEqual({ alive: true, reading: false });
    truncateSync(heard);
    expect(good(await tmux.enterAt(pane, { ...cursor, y: cursor.y + 1 }))).toBe(false);
    expect(good(await tmux.enterAt(pane, { ...cursor, shown: !cursor.shown }))).toBe(false);
    expect(good(await tmux.enterAt(pane, cursor))).toBe(true);
    await waitFor('a key', () => readFileSync(heard, 'utf8') !== '');
    expect(readFileSync(heard, 'utf8')).toBe('\r');
    // The answers to what comes next are not mixed up with those of the condition.
    expect(good(await tmux.look(pane)).cursor).toEqual(cursor);
  });

  test('reaches a program in whose terminal somebody scrolls once that is ended', async () => {
    await rig.tmux('copy-mode', '-t', pane);
    expect(good(await tmux.look(pane)).reading).toBe(true);
    good(await tmux.stopReading(pane));
    expect(good(await tmux.look(pane)).reading).toBe(false);
    good(await tmux.stopReading(pane));
  });

  test('of a pane that is gone is an error', async () => {
    expect(bad(await tmux.look('%99'))).toMatchObject({ code: 'refused' });
    const nowhere = await tmux.enterAt('%99', { x: 0, y: 0, shown: true });
    expect(nowhere.ok && nowhere.value).toBe(false);
  });
});
