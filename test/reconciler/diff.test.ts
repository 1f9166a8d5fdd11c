import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differences, needsNewProcess } from '../../src/reconciler/diff.ts';

describe('differences', () => {
  const before = { command: 'a', 'labels.team': 'core' };
  test.each([
    ['the same: none', before, []],
    ['changed', { ...before, command: 'b' }, [{ field: 'command', from: 'a', to: 'b' }]],
    ['taken away', { command: 'a' }, [{ field: 'labels.team', from: 'core', to: undefined }]],
    ['added', { ...before, aaa: '1' }, [{ field: 'aaa', from: undefined, to: '1' }]],
    [
      'several, sorted by field',
      { command: 'b', aaa: '1', 'labels.team': 'core' },
      [
        { field: 'aaa', from: undefined, to: '1' },
        { field: 'command', from: 'a', to: 'b' },
      ],
    ],
  ])('%s', (_, to, expected) => expect(differences(before, to)).toEqual(expected));

  test('backwards they are the same fields with the sides exchanged', () => {
    const settings = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2'));
    fc.assert(
      fc.property(settings, settings, (one, other) => {
        const back = differences(other, one).map(({ field, from, to }) => ({ field, from: to, to: from }));
        expect(differences(one, other)).toEqual(back);
      }),
    );
  });
});

describe('needs a new process', () => {
  test.each([
    ['command', true],
    ['workdir', true],
    ['env.API_KEY', true],
    ['kind', true],
    ['tmux.size', true],
    ['metadata.task', true],
    ['env_file', false],
    ['environment', false],
    ['restart.policy', false],
    ['labels.command', false],
    ['description', false],
  ])('%s: %s', (field, expected) => expect(needsNewProcess(field)).toBe(expected));
});
