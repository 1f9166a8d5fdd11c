import { describe, expect, test } from 'vitest';
import { type Choice, choose, isPlainId, type Known } from '../../src/agents/choice.ts';

const ID = 'c0ffee';

const base = (): Known => ({
  ids: 'assigned',
  resume: 'auto',
  id: ID,
  foreign: undefined,
  other: undefined,
  lastWord: undefined,
  transcript: 'kept',
});

const refused = { is: 'refused', text: 'No conversation found' } as const;
const taken = { is: 'taken', text: 'already in use' } as const;

describe('how a new life begins', () => {
  test.each<[string, Partial<Known>, Choice['begin']]>([
    ['goes on', {}, 'resume'],
    ['nothing is known', { id: undefined }, 'new'],
    ['nobody wants it', { resume: 'never' }, 'new'],
    ['there are none', { ids: 'none' }, 'new'],
    ['it was another program', { foreign: 'codex' }, 'new'],
    ['somebody else is in it', { other: 'web' }, 'new'],
    ['it was refused', { lastWord: refused }, 'new'],
    ['it was refused, and nothing is there', { lastWord: refused, transcript: 'missing' }, 'new'],
    ['nothing was said in it yet', { transcript: 'missing' }, 'same'],
    ['there is one that cannot be seen', { transcript: 'missing', lastWord: taken }, 'resume'],
    ['there is one that cannot be seen, and somebody is in it', { lastWord: taken, other: 'web' }, 'new'],
    ['its file is empty', { transcript: 'empty' }, 'new'],
    ['its file is empty, and the id is not given again', { transcript: 'empty', lastWord: taken }, 'new'],
    ['nobody can look', { transcript: 'unknown' }, 'resume'],
    ['the program chose the id, and nothing was said', { ids: 'discovered', transcript: 'missing' }, 'new'],
    ['the program chose the id', { ids: 'discovered' }, 'resume'],
    ['the program chose the id, and nobody can look', { ids: 'discovered', transcript: 'unknown' }, 'resume'],
  ])('%s', (_, change, begin) => expect(choose({ ...base(), ...change }).begin).toBe(begin));

  test.each<[Partial<Known>, string | undefined]>([
    [{ foreign: 'codex' }, 'it belongs to another program (codex)'],
    [{ other: 'web' }, 'the agent "web" is in it'],
    [{ lastWord: refused }, 'the program says: No conversation found'],
    [{ transcript: 'empty' }, 'its file on disk holds nothing that was said'],
    [{ resume: 'never' }, undefined],
    [{ ids: 'discovered', transcript: 'missing' }, undefined],
  ])('%j says why', (change, why) => {
    const choice = choose({ ...base(), ...change });
    expect(choice).toEqual(why === undefined ? { begin: 'new' } : { begin: 'new', instead: { id: ID, why } });
  });
});

test.each([
  ['0aaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee', true],
  ['ses_0123abCD', true],
  ['', false],
  ['-x', false],
  ['../x', false],
  ['*', false],
  ['a b', false],
  ['x'.repeat(129), false],
])('an id that can be used in paths and commands: %j %s', (id, plain) => expect(isPlainId(id)).toBe(plain));
