import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNamed, select } from '../../src/cli/select.ts';

const AGENTS = [
  { name: 'backend', labels: { team: 'core' } },
  { name: 'worker-1', labels: { team: 'core', tier: '2' } },
  { name: 'worker-2', labels: {} },
];

describe('select', () => {
  it.each([
    ['everything', [], [], 'backend worker-1 worker-2'],
    ['a name', ['worker-2'], [], 'worker-2'],
    ['two names, in the order of the file', ['worker-2', 'backend'], [], 'backend worker-2'],
    ['a glob', ['work*'], [], 'worker-1 worker-2'],
    ['one character', ['worker-?'], [], 'worker-1 worker-2'],
    ['a label', [], [['team', 'core']], 'backend worker-1'],
    [
      'two labels',
      [],
      [
        ['team', 'core'],
        ['tier', '2'],
      ],
      'worker-1',
    ],
    ['a glob and a label', ['work*'], [['team', 'core']], 'worker-1'],
  ] as const)('%s', (_, names, labels, expected) => {
    const chosen = select(AGENTS, { names, labels });
    expect(chosen.ok && chosen.value.map(({ name }) => name).join(' ')).toBe(expected);
  });

  it.each([
    [['worker'], [], { written: 'worker', what: 'name' }],
    [['backend', 'x*'], [], { written: 'x*', what: 'glob' }],
    [[], [['team', 'none']], { written: 'team=none', what: 'label' }],
  ] as const)('%j %j fits nothing', (names, labels, error) => {
    expect(select(AGENTS, { names, labels })).toEqual({ ok: false, error });
  });

  it('selects all of nothing', () => expect(select([], { names: [], labels: [] })).toEqual({ ok: true, value: [] }));
});

it('a name without wildcards fits itself alone, whatever is in it', () => {
  const name = fc.string().filter((text) => !/[*?]/.test(text));
  fc.assert(fc.property(name, name, (a, b) => isNamed(a, [b]) === (a === b)));
  fc.assert(fc.property(name, (a) => isNamed(a, [a])));
});

it('a star fits every name', () => {
  fc.assert(fc.property(fc.string(), (name) => isNamed(name, ['*'])));
});
