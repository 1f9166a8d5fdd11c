import {
  assert,
  constantFrom,
  dictionary,
  jsonValue,
  property,
  shuffledSubarray,
  string,
  stringMatching,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, fingerprint } from '../../src/config/fingerprint.ts';
import { agent } from './memory.ts';

/**
 * These hashes stand on the sessions of every user. If one of them changes, the next release restarts every agent:
 * find another way, or raise the version of the hash and rewrite the labels in place.
 */
describe('golden', () => {
  test.each([
    [{}, 'v1:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'],
    [{ command: 'sleep 1' }, 'v1:0ba0a38c67ecaccf5af15094e77bcf03fa5594f6bb167801d69f867d4636f7f8'],
    [{ command: ['sleep', '1'] }, 'v1:fb825b7e17cc47c656000e05e22d44a2e1cfc846b1cf76fdd6c39858f3f265b4'],
    [
      {
        command: 'claude --model opus',
        workdir: '/srv/shop',
        env: { B: '2', A: '1', ü: 'ß' },
        kind: 'claude',
        metadata: { task: 'T-17', list: [1, 2.5, null, { z: true, a: '"' }] },
        'tmux.size': '200x50',
      },
      'v1:641702ae3193f6b191f02dfad8c9c2fa43ad4edb0cb7881a8bd199a9f920bf33',
    ],
  ])('%j', (fields, hash) => expect(fingerprint(fields)).toBe(hash));

  test('of a whole file', () => {
    const text =
      'env_file: .env\ntmux: {size: 120x40}\ndefaults: {kind: aider, env: {A: "1"}}\n' +
      'agents: {a: {command: "run ${X:-it}", workdir: ~/x, metadata: {b: 1, a: 2}}}';
    const files = { '/home/me/x/x': '', '/home/me/shop/.env': 'T=secret' };
    expect(agent([text, files]).fingerprint).toBe(
      'v1:5e3820fa685fccbf88c0d2ee7e61be713c1d41e3e393fc5c33c2795c8ee22e20',
    );
  });
});

describe('canonical JSON', () => {
  test('does not depend on the order of keys', () =>
    assert(
      property(dictionary(string(), jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonical(reversed)).toBe(canonical(value));
      }),
    ));

  test('is JSON of the same value', () =>
    assert(
      property(jsonValue(), (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    ));
});

const BASE = {
  command: 'command: run',
  workdir: 'workdir: ~/x',
  env: 'env: {A: "1", B: "2"}',
  kind: 'kind: codex',
  metadata: 'metadata: {a: 1}',
  description: 'description: old',
  restart: 'restart: always',
  labels: 'labels: {a: x}',
};

const REPLACING = {
  command: ['command: run it', 'command: [run]', 'command: "run "'],
  workdir: ['workdir: ~/y', ''],
  env: ['env: {A: "1", B: "3"}', 'env: {A: "1"}', 'env: {A: "1", B: "2", C: ""}', 'env: {A: "1", B: "2", C: null}', ''],
  kind: ['kind: claude', ''],
  metadata: ['metadata: {a: 2}', 'metadata: {a: 1, b: null}', ''],
};

const IN_PLACE = {
  description: ['description: new', ''],
  restart: ['restart: never', 'restart: {policy: always, backoff: {max: 1h}}', ''],
  labels: ['labels: {a: y, b: z}', ''],
  stop: ['stop: {signal: INT}'],
  depends_on: ['depends_on: [b]'],
  update: ['update: immediate'],
  enabled: ['enabled: true', 'enabled: false'],
  replicas: ['replicas: 1'],
  'x-note': ['x-note: anything'],
  env: ['env: {B: "2", A: "1"}', 'env: {A: 1, B: 2}'],
  workdir: ['workdir: /home/me/x', 'workdir: ../x'],
};

function of(fields: Readonly<Record<string, string>>): string {
  const lines = Object.values(fields).filter(Boolean);
  const text = `agents:\n  b: {command: x}\n  a:\n    ${lines.join('\n    ')}`;
  return agent([text, { '/home/me/x/': '', '/home/me/y/': '' }]).fingerprint;
}

const edits = (table: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(table).flatMap(([field, lines]) => lines.map((line) => [field, line] as const));

describe('an edit', () => {
  const before = of(BASE);

  test.each(edits(REPLACING))('of %s to "%s" changes it', (field, line) =>
    expect(of({ ...BASE, [field]: line })).not.toBe(before),
  );

  test.each(edits(IN_PLACE))('of %s to "%s" keeps it', (field, line) =>
    expect(of({ ...BASE, [field]: line })).toBe(before),
  );

  test('in place, any number of times and in any order, keeps it', () =>
    assert(
      property(
        shuffledSubarray(edits(IN_PLACE)),
        shuffledSubarray(Object.keys(BASE), { minLength: 8 }),
        (changes, order) => {
          const shuffled = Object.fromEntries(order.map((key) => [key, BASE[key as keyof typeof BASE]]));
          expect(of({ ...shuffled, ...Object.fromEntries(changes) })).toBe(before);
        },
      ),
      { numRuns: 50 },
    ));

  test('of one value of the environment changes it', async () => {
    const value = stringMatching(/^[a-z0-9 ]{0,8}$/);
    const name = constantFrom('A', 'B');
    await assert(
      property(name, value, value, (key, one, two) => {
        const env = (text: string) => of({ ...BASE, env: `env: {${key}: "${text}"}` });
        expect(env(one) === env(two)).toBe(one === two);
      }),
      { numRuns: 50 },
    );
  });

  test('writing into the agent what the defaults said keeps it', () => {
    const one = agent(['defaults: {kind: codex, env: {A: "1"}}\nagents: {a: {command: x}}']).fingerprint;
    const two = agent(['agents: {a: {command: x, kind: codex, env: {A: "1"}}}']).fingerprint;
    expect(one).toBe(two);
  });

  test('replacing the size of the terminal changes it', () => {
    const sized = (size: string) => agent([`tmux: {${size}}\nagents: {a: {command: x}}`]).fingerprint;
    expect(new Set([sized(''), sized('size: 200x50'), sized('size: 80x24')]).size).toBe(3);
    expect(sized('history_limit: 7')).toBe(sized(''));
  });
});
