import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Shape, shapeOf } from '../../src/config/expand.ts';
import { FORMATS } from '../../src/config/formats.ts';
import { longSchema, publishedSchema } from '../../src/config/schema.ts';
import { Agent } from '../../src/spec/agent.ts';
import { Colony } from '../../src/spec/colony.ts';

const file = fileURLToPath(new URL('../../colony.schema.json', import.meta.url));

test('colony.schema.json is what the vocabulary says; `npm run gen` writes it', async () => {
  await expect(`${JSON.stringify(publishedSchema(), null, 2)}\n`).toMatchFileSnapshot(file);
});

/** Fields that have no default because nothing holds when nobody writes them. */
const OPTIONAL = new Set([
  ...['name', 'defaults', 'agents', 'tmux.socket'],
  ...['kind', 'workdir', 'command', 'prompt', 'on_reboot', 'update.wait'],
  ...['memory', 'cpu', 'context', 'idle', 'limit', 'max_age', 'logs', 'notify'],
  ...['waiting', 'completion', 'completion.output', 'completion.answer'],
  ...['probes.startup', 'probes.readiness', 'probes.liveness', 'failures', 'screen.match', 'screen.not_match'],
  ...['log.match', 'log.not_match'],
  ...['exec', 'http', 'tcp', 'screen', 'activity', 'heartbeat', 'log'],
  ...['memory.limit', 'memory.growth', 'cpu.above', 'idle.after', 'idle.action', 'limit.action'],
  ...['max_age.after', 'hooks.pre_start', 'hooks.post_start', 'hooks.pre_stop', 'hooks.post_stop'],
  ...['notify.exec', 'notify.webhook'],
  // Exactly one of these is written.
  ...['do', 'send', 'keys', 'wait', 'signal'],
  // Of the short form: the long one has the default.
  ...['grace'],
]);

type Field = { readonly path: string; readonly shape: Shape; readonly required: boolean };

/** Every field of a mapping, and of what is nested in it. */
function fieldsOf(shape: Shape, path: readonly string[]): readonly Field[] {
  const nested = [shape.items, ...(shape.anyOf ?? []), shape.additionalProperties].flatMap((part) =>
    typeof part === 'object' && part !== shapeOf(Agent) ? fieldsOf(part, path) : [],
  );
  const own = Object.entries(shape.properties ?? {}).flatMap(([key, field]) => {
    if (key === 'defaults' || key === 'agents') return [{ path: key, shape: field, required: false }];
    const required = shape.required?.includes(key) ?? false;
    return [{ path: [...path, key].join('.'), shape: field, required }, ...fieldsOf(field, [...path, key])];
  });
  return [...own, ...nested];
}

const fields = [...fieldsOf(shapeOf(Colony), []), ...fieldsOf(shapeOf(Agent), [])];

describe('every field', () => {
  test('is looked at', () => expect(fields.length).toBeGreaterThan(150));

  test('has a description that is a sentence', () => {
    const bad = fields.filter(({ shape }) => !/^[A-Z`…].*[.…]$/s.test(String(shape.description ?? '')));
    expect(bad.map(({ path }) => path)).toEqual([]);
  });

  test('has a default, or is required, or is known to have none', () => {
    const known = (path: string) =>
      OPTIONAL.has(path) ||
      OPTIONAL.has(path.split('.').slice(-2).join('.')) ||
      OPTIONAL.has(path.split('.').at(-1) ?? '');
    const bad = fields.filter(({ path, shape, required }) => !required && shape.default === undefined && !known(path));
    expect(bad.map(({ path }) => path)).toEqual([]);
  });
});

describe('the long form', () => {
  test('is a valid schema in the strictest reading', () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true });
    for (const format of Object.keys(FORMATS)) ajv.addFormat(format, true);
    for (const shape of [shapeOf(Colony), shapeOf(Agent)]) ajv.compile(longSchema(shape));
  });

  test('has no alternatives', () => expect(JSON.stringify(longSchema(shapeOf(Colony)))).not.toContain('anyOf'));
});

describe('an editor', () => {
  const check = new Ajv({ strict: false, allErrors: true }).compile(publishedSchema());
  const agent = (fields: string) => `agents: {a: {command: x, ${fields}}}`;

  test.each([
    'agents: {}',
    'version: 1\nname: shop\ninclude: agents/*.yaml\nenv_file: .env\ncircuit_breaker: off\nx-any: {thing: 1}\nagents: {}',
    'name: ${NAME:-shop}\nconcurrency: {max_starting: "${N}"}\nagents: {a: {command: x, replicas: "${N:-2}"}}',
    agent('restart: always'),
    agent('restart: null, kind: null, workdir: null, replicas: null, probes: null'),
    agent('restart: {backoff: {max: "${MAX:-5m}"}, policy: "${P}", crash_loop: off}'),
    agent('stop: {signal: INT, grace: 5s}'),
    agent('stop: {sequence: [{keys: [C-c]}, {wait: 1s}, {signal: TERM}]}'),
    agent('depends_on: [b]'),
    agent('depends_on: {b: {condition: started}}'),
    agent('env: {A: 1, B: null, C: true, D: text}, env_file: [a, b], labels: {a: b}, metadata: {a: [1]}'),
    agent('probes: {startup: {screen: x}, liveness: [{http: {url: "http://x"}, period: 5s}]}'),
    agent('memory: 2GiB, max_age: 24h, hooks: {pre_start: make}, update: when_idle, cpu: {above: 90%, action: warn}'),
    agent('schedule: [{cron: "0 4 * * *", action: {send: hi}}]'),
    'defaults: {restart: never, command: [a]}\nagents: {a: }',
  ])('accepts %s', (text) => {
    check(parse(text));
    expect(check.errors ?? []).toEqual([]);
  });

  test.each([
    'agents: {A: {command: x}}',
    'agents: []',
    'nope: 1',
    'tmux: {size: 5}',
    agent('restart: 5'),
    agent('restart: {backoff: {max: 5}}'),
    agent('restart: {backoff: {max: 5 minutes}}'),
    agent('replicas: many'),
    agent('stop: {sequence: [{wait: 1s, signal: TERM}]}'),
    agent('comand: x'),
    agent('labels: {a: 1}'),
    agent('probes: {startup: {period: 1s}}'),
    agent('kind: claud'),
  ])('refuses %s', (text) => expect(check(parse(text))).toBe(false));

  test('is told nothing of how the vocabulary is made', () => {
    expect(JSON.stringify(publishedSchema())).not.toContain('x-colony');
    expect(JSON.stringify(publishedSchema()).length).toBeLessThan(100_000);
  });
});
