import { beforeEach, describe, expect, test } from 'vitest';
import type { Letter } from '../../../src/reconciler/types.ts';
import { type Ended, MOST_LETTERS, Postbox } from '../../../src/supervisor/typing/postbox.ts';
import { waitFor } from '../../rig/wait.ts';

let letters: Map<string, readonly Letter[]>;
let post: Postbox;
let told: (readonly [id: string, ended: Ended])[];

beforeEach(() => {
  letters = new Map();
  post = new Postbox(letters);
  told = [];
});

function put(when: Letter['when'] = 'idle', more: { agent?: string; run?: string; wake?: () => void } = {}): Letter {
  const { agent = 'a', ...rest } = more;
  const what = { text: 'x', submit: true, literal: false };
  const letter: Letter = { id: post.nextId(), what, when, force: false, since: 0 };
  const ended = (end: Ended) => void told.push([letter.id, end]);
  post.put({ agent, letter, ended, ...rest });
  return letter;
}

const waiting = (agent = 'a') => (letters.get(agent) ?? []).map(({ id }) => id);

describe('letters', () => {
  test('wait in their order, those that are to be typed now before the others', () => {
    const [first, second, urgent, other] = [put(), put(), put('now'), put('idle', { agent: 'b' })];
    expect(waiting()).toEqual([urgent.id, first.id, second.id]);
    expect(waiting('b')).toEqual([other.id]);
  });

  test('are told about once, and are gone then', () => {
    const letter = put();
    expect(post.begin(letter)).toMatchObject({ pasted: false });
    expect(post.isBegun(letter)).toBe(true);
    post.end(letter, { outcome: 'delivered', text: 'x' });
    post.end(letter, { outcome: 'failed', text: 'y' });
    expect(told).toEqual([[letter.id, { outcome: 'delivered', text: 'x' }]]);
    expect(letters.size).toBe(0);
    expect(post.begin(letter)).toBeUndefined();
  });

  test('are taken back until they are being typed', () => {
    const [one, two] = [put(), put()];
    expect(post.withdraw(one)).toBe(true);
    post.begin(two);
    expect(post.withdraw(two)).toBe(false);
    expect(waiting()).toEqual([two.id]);
    expect(told).toEqual([]);
  });

  test('are not taken in without end', () => {
    for (let i = 0; i < MOST_LETTERS; i++) put();
    const what = { text: 'x', submit: true, literal: false };
    const letter: Letter = { id: post.nextId(), what, when: 'now', force: false, since: 0 };
    expect(post.put({ agent: 'a', letter, ended: () => undefined })).toBe(false);
    expect(waiting()).toHaveLength(MOST_LETTERS);
    expect(post.put({ agent: 'b', letter, ended: () => undefined })).toBe(true);
  });

  test('that were meant for one life are forgotten with it', () => {
    const [mine, others] = [put('idle', { run: 'a-1' }), put()];
    post.forget('a', 'a-2');
    expect(waiting()).toEqual([mine.id, others.id]);
    post.forget('a', 'a-1');
    expect(waiting()).toEqual([others.id]);
  });

  test('that rest come back by themselves, unless somebody takes them back', async () => {
    let woken = 0;
    const [tried, left] = [put('idle', { wake: () => void woken++ }), put()];
    post.begin(tried);
    post.rest(tried, true);
    post.begin(left);
    post.rest(left, false);
    expect(letters.size).toBe(0);
    expect(post.withdraw(left)).toBe(true);
    await waitFor('the letter to come back', () => woken === 1);
    expect(waiting()).toEqual([tried.id]);
    expect(post.begin(tried)).toMatchObject({ pasted: true });
  });

  test('are all told about when the supervisor leaves', () => {
    const [begun, waits] = [put(), put()];
    post.begin(begun);
    post.close();
    expect(told).toMatchObject([
      [begun.id, { outcome: 'failed' }],
      [waits.id, { outcome: 'refused', text: 'the supervisor leaves; nothing was typed' }],
    ]);
    expect(letters.size).toBe(0);
  });
});
