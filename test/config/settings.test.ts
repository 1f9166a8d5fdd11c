import { describe, expect, test } from 'vitest';
import { digest, REPLACE_FIELDS } from '../../src/config/settings.ts';
import * as reconciler from '../../src/reconciler/diff.ts';
import { agent, load, loaded, shown } from './memory.ts';

/** The settings of an agent with these fields. */
const settings = (fields: string, files = {}) =>
  agent([`agents:\n  a:\n    command: x\n    ${fields}\n  b: {command: x}`, files, { environment: { V: 'v-1' } }])
    .settings;

describe('what the user set, flat', () => {
  test.each([
    ['description: d', { description: 'd' }],
    ['restart: always', { 'restart.policy': 'always' }],
    ['restart: {backoff: {max: 300s}}', { 'restart.backoff.max': '5m' }],
    ['restart: {crash_loop: off}', { 'restart.crash_loop.action': 'off' }],
    ['stop: {signal: INT, grace: 90s}', { 'stop.sequence': '[{"signal":"INT"}]', 'stop.grace': '1m30s' }],
    ['depends_on: [b]', { 'depends_on.b.condition': 'ready' }],
    ['depends_on: {b: {condition: ready}}', { 'depends_on.b.condition': 'ready' }],
    ['labels: {team: core}', { 'labels.team': 'core' }],
    ['metadata: {b: 1, a: {}}', { metadata: '{"a":{},"b":1}' }],
    ['workdir: .', { workdir: '/home/me/shop' }],
    ['kind: shell', { kind: 'shell' }],
    ['enabled: true', { enabled: 'true' }],
    ['replicas: 1', {}],
    ['x-note: free', {}],
    ['restart: null', {}],
    ['env: {A: "1"}', { 'env.A': digest('1') }],
    ['env: {A: null, B:}', { 'env.A': 'unset', 'env.B': 'unset' }],
    ['env_file: e.env', { 'env.E': digest('e') }],
  ])('%s', (fields, expected) => {
    expect(settings(fields, { '/home/me/shop/e.env': 'E=e' })).toEqual({ command: 'x', ...expected });
  });

  test('a list is shown as JSON', () => {
    expect(agent(['agents: {a: {command: [a, "b c"]}}']).settings).toEqual({ command: '["a","b c"]' });
  });

  test('defaults and the size of the terminal count', () => {
    const text = 'tmux: {size: 80x24}\ndefaults: {labels: {a: x}}\nagents: {a: {command: x}}';
    expect(agent([text]).settings).toEqual({ command: 'x', 'labels.a': 'x', 'tmux.size': '80x24' });
  });

  test('the order of keys does not matter', () => {
    const one = settings('env: {B: b, A: a}\n    restart: {reset_after: 1m, policy: always}');
    const two = settings('restart: {policy: always, reset_after: 60s}\n    env: {A: a, B: b}');
    expect(Object.entries(one)).toEqual(Object.entries(two));
  });
});

describe('secrets', () => {
  test.each([
    ['command: run ${V}', 'command', digest('run v-1')],
    ['command: run ${E}', 'command', digest('run e-1')],
    ['command: run ${N:-plain}', 'command', 'run plain'],
    ['command: run ${REPLICA}', 'command', 'run 1'],
    ['command: [run, "${V}"]', 'command', digest('["run","v-1"]')],
    ['command: run ${N:-${V}}', 'command', digest('run v-1')],
    ['command: run\n    metadata: {k: "${V}"}', 'metadata', digest('{"k":"v-1"}')],
    ['command: run\n    workdir: ${V}', 'workdir', digest('/home/me/shop/v-1')],
    ['command: run\n    stop: {signal: "${S:-INT}", grace: "${G}"}', 'stop.grace', digest('5s')],
    ['command: run\n    labels: {a: "${V}", b: x}', 'labels.b', digest('x')],
  ])('%s', (fields, field, value) => {
    const files = { '/home/me/shop/.env': 'E=e-1', '/home/me/shop/v-1/x': '' };
    const text = `env_file: .env\nagents:\n  a:\n    ${fields}`;
    expect(agent([text, files, { environment: { V: 'v-1', G: '5s' } }]).settings[field]).toBe(value);
  });

  test('a variable in the defaults makes the field secret as well', () => {
    const text = 'defaults: {description: "${V}"}\nagents: {a: {command: x}}';
    expect(agent([text, {}, { environment: { V: 'v-1' } }]).settings.description).toBe(digest('v-1'));
  });

  test('no value of an environment stands in settings, fingerprints or patterns', () => {
    const text = 'env_file: .env\nagents: {a: {command: "run ${T}", env: {A: sk-1, B: "x${T}"}}}';
    const { desired, patterns } = loaded(text, { '/home/me/shop/.env': 'T=sk-2\nU=sk-3' });
    const { settings: all, fingerprint } = desired.agents.get('a') ?? { settings: {}, fingerprint: '' };
    expect(JSON.stringify([all, fingerprint, patterns])).not.toContain('sk-');
  });

  test.each([
    ['a wrong type beside it', 'agents: {a: {command: x, env: {A: sk-1, B: {c: sk-2}}, restart: 5}}'],
    ['an unknown key beside it', 'agents: {a: {command: x, env: {A: sk-1}, environment: {B: sk-2}, nope: 1}}'],
    ['a syntax error beside it', 'agents:\n  a:\n    env: {A: sk-1, B: sk-2\n    command: x'],
    ['a syntax error in it', 'agents:\n  a:\n    env:\n      A: "sk-1\n      B: sk-2'],
    ['a syntax error in JSON', '{"agents": {"a": {"command": "x", "env": {"A": "sk-1"}, "env_file": ]}}}'],
    ['a tab in it', 'agents:\n  a:\n    env:\n    \tA: sk-1\n'],
    ['a list in its place', 'agents:\n  a:\n    command: x\n    env: [A=sk-1, B=sk-2]\n'],
    ['a block text', 'agents:\n  a:\n    command: x\n    env:\n      A: |\n        sk-1\n        sk-2\n      1B: x\n'],
    ['a broken variable in it', 'agents: {a: {command: x, env: {A: "sk-1${", B: "${N:?}sk-2"}}}'],
    ['its value where a number belongs', 'env_file: .env\nagents:\n  a:\n    command: x\n    replicas: ${T}'],
    ['its value where a duration belongs', 'env_file: .env\nagents:\n  a:\n    command: x\n    stop: {grace: "${T}"}'],
    ['its value where a folder belongs', 'env_file: .env\nagents:\n  a:\n    command: x\n    workdir: ${T}'],
  ])('%s does not show it', (_name, text) => {
    expect(shown(text, { '/home/me/shop/.env': 'T=sk-3' })).not.toContain('sk-');
  });
});

describe('fields that need a new process', () => {
  test('are those that the reconciler knows', () => expect(REPLACE_FIELDS).toEqual(reconciler.REPLACE_FIELDS));

  test('are spelled as settings are', () => {
    const text =
      'tmux: {size: 80x24}\nagents: {a: {command: x, workdir: ., env: {A: a}, kind: shell, metadata: {a: 1}}}';
    const result = load(text);
    const names = result.ok ? Object.keys(result.value.desired.agents.get('a')?.settings ?? {}) : [];
    expect(names.sort()).toEqual([...REPLACE_FIELDS].map((field) => (field === 'env' ? 'env.A' : field)).sort());
  });
});
