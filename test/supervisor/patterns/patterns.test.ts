import { afterEach, describe, expect, test } from 'vitest';
import { Answers } from '../../../src/supervisor/patterns/answers.ts';
import { Patterns, type Use } from '../../../src/supervisor/patterns/patterns.ts';
import { search } from '../../../src/supervisor/patterns/search.ts';
import { waitFor } from '../../rig/wait.ts';

const given: Use[] = [];
let patterns = new Patterns((use) => given.push(use));
afterEach(() => {
  patterns.close();
  patterns = new Patterns((use) => given.push(use));
  given.length = 0;
});

const use = (pattern: string, over: Partial<Use> = {}): Use => ({
  ...{ agent: 'web', run: 'web-1', what: 'liveness: log', flags: '', pattern },
  ...over,
});

/** A match of this takes longer than the world will last. */
const HOSTILE = '^(a+)+$';
const VICTIM = `${'a'.repeat(60)}!`;
const GIVEN_UP = { ok: false, error: expect.stringMatching(/given up/) };

describe('what matches', () => {
  test.each([
    ['no text', 'x', [], undefined],
    ['none of them', 'x', ['a', 'b'], undefined],
    ['one', 'b', ['ab', 'ac'], { first: 0, last: 0, count: 1, at: 1 }],
    ['the last one', 'c$', ['ab', 'aac'], { first: 1, last: 1, count: 1, at: 2 }],
    ['several', 'b', ['xxb', 'c', 'b', 'd'], { first: 0, last: 2, count: 2, at: 2 }],
    ['lookaround, and what was matched before', '(?<!x)(a)\\1', ['xaa aa'], { first: 0, last: 0, count: 1, at: 4 }],
  ])('%s', async (_name, pattern, texts, match) => {
    expect(search({ pattern, flags: '', texts })).toEqual(match);
    expect(await patterns.search(use(pattern), texts)).toEqual({ ok: true, value: match });
  });

  test('the ends of lines, where they count', async () => {
    expect(await patterns.search(use('^b$', { flags: 'm' }), ['a\nb\nc'])).toMatchObject({ value: { at: 2 } });
    expect(await patterns.search(use('^b$'), ['a\nb\nc'])).toEqual({ ok: true, value: undefined });
  });
});

describe('a pattern that takes too long', () => {
  test('is given up and told of, while everything else goes on', async () => {
    let turns = 0;
    const beat = setInterval(() => {
      turns += 1;
    }, 10);
    const hostile = patterns.search(use(HOSTILE), ['fine', VICTIM]);
    const other = patterns.search(use('b', { agent: 'api', run: 'api-1' }), ['b']);
    expect(await hostile).toEqual(GIVEN_UP);
    expect(await other).toMatchObject({ ok: true, value: { count: 1 } });
    clearInterval(beat);
    // Two hundred in the two seconds after which it is given up; one or two, if it ran where everything else does.
    expect(turns).toBeGreaterThan(10);
    expect(given).toEqual([use(HOSTILE)]);
  });

  test('is given up for this life and this use alone, and told of once', async () => {
    await patterns.search(use(HOSTILE), [VICTIM]);
    expect(await patterns.search(use(HOSTILE), ['aaa'])).toEqual(GIVEN_UP);
    expect(await patterns.search(use(HOSTILE, { run: 'web-2' }), ['aaa'])).toMatchObject({ value: { count: 1 } });
    expect(await patterns.search(use('a'), ['aaa'])).toMatchObject({ value: { count: 1 } });
    expect(given).toHaveLength(1);
    patterns.keepOnly(new Set());
    expect(await patterns.search(use(HOSTILE), ['aaa'])).toMatchObject({ value: { count: 1 } });
  });

  test('is not waited for that long by many', async () => {
    const began = performance.now();
    const runs = Array.from({ length: 8 }, (_, index) =>
      patterns.search(use(HOSTILE, { run: `web-${index}` }), [VICTIM]),
    );
    expect(await Promise.all(runs)).toEqual(runs.map(() => GIVEN_UP));
    // One waits for two seconds, and each of the others for a tenth of that.
    expect(performance.now() - began).toBeLessThan(8 * 2_000);
    expect(given).toHaveLength(8);
  });

  test('or needs too much of the stack', async () => {
    expect(await patterns.search(use('(?:.|\\n)*x'), ['a'.repeat(50_000_000)])).toEqual(GIVEN_UP);
  });
});

test('after the end nothing is matched, and nobody is blamed', async () => {
  const asked = patterns.search(use(HOSTILE), [VICTIM]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  patterns.close();
  expect(await asked).toMatchObject({ ok: false });
  expect(await patterns.search(use('a'), ['a'])).toMatchObject({ ok: false });
  expect(given).toEqual([]);
});

describe('the sign in an answer', () => {
  test.each([
    ['all tasks (are )?done', 'Now all tasks are done.', 'Now all tasks are done.'],
    ['all tasks (are )?done', 'Well.\nall tasks done\nBye', 'all tasks done'],
    ['^all', 'all tasks done\nBye', 'all tasks done'],
    ['^Done$', 'Well.\n Done\nDone', 'Done'],
    ['all tasks', 'more to do', undefined],
  ])('%s in %j', async (pattern, text, line) => {
    let found = 0;
    const answers = new Answers(patterns, () => (found += 1));
    const sought = { agent: 'web', run: 'web-1', pattern };
    expect(answers.lineIn(sought, text)).toBeUndefined();
    // What was asked first is answered first.
    await patterns.search(use('x'), ['x']);
    await waitFor('word of it', () => found === (line === undefined ? 0 : 1));
    expect(answers.lineIn(sought, text)).toBe(line);
    expect(answers.lineIn({ ...sought, run: 'web-2' }, text)).toBeUndefined();
  });
});
