import { describe, expect, expectTypeOf, test } from 'vitest';
import { expand } from '../../src/config/expand.ts';
import { realise } from '../../src/config/realise.ts';
import type { AgentFields } from '../../src/spec/agent.ts';
import { Agent } from '../../src/spec/agent.ts';
import type { ColonyFields } from '../../src/spec/colony.ts';
import { Colony } from '../../src/spec/colony.ts';
import {
  type Bytes,
  choice,
  duration,
  EXACTLY_ONE,
  type Millis,
  maybe,
  NOT_BUILT,
  oneOf,
  type Static,
  section,
  short,
  shortFormOf,
  text,
  whole,
} from '../../src/spec/define.ts';
import type { DependsOnSpec } from '../../src/spec/depends.ts';
import type { MemorySpec } from '../../src/spec/memory.ts';
import type { ProbeSpec } from '../../src/spec/probes.ts';
import type { RestartSpec } from '../../src/spec/restart.ts';
import type { StopSpec, StopStep } from '../../src/spec/stop.ts';

const about = { description: 'What it is.' };

describe('building blocks', () => {
  test('a section knows its fields, free keys, and which of them exclude each other', () => {
    const schema = section(
      { a: text(about), b: maybe(whole({ ...about, minimum: 1 })) },
      { ...about, required: ['a'], exactlyOne: ['a', 'b'] },
    );
    expect(JSON.parse(JSON.stringify(schema))).toEqual({
      type: 'object',
      properties: {
        a: { type: 'string', description: 'What it is.' },
        b: { type: 'integer', minimum: 1, description: 'What it is.' },
      },
      additionalProperties: false,
      patternProperties: { '^x-': {} },
      required: ['a'],
      [EXACTLY_ONE]: ['a', 'b'],
      description: 'What it is.',
    });
    expectTypeOf<Static<typeof schema>>().toEqualTypeOf<{ readonly a: string; readonly b: number | undefined }>();
  });

  test('what is not built says so to people and to the program', () => {
    const schema = duration({ ...about, notBuilt: true });
    expect(schema).toMatchObject({ description: 'Not built yet. What it is.', [NOT_BUILT]: true });
  });

  test('a short form keeps description, default and mark of the long one', () => {
    const long = section({ a: text(about) }, { ...about, default: {}, notBuilt: true });
    const schema = short(long, [text(about)], (a) => ({ a }));
    expect(schema).toMatchObject({ description: 'Not built yet. What it is.', default: {}, [NOT_BUILT]: true });
    expect(shortFormOf(schema)?.long).toBe(long);
    expect(shortFormOf(schema)?.expand('x')).toEqual({ a: 'x' });
    expect(shortFormOf(long)).toBeUndefined();
  });

  test('a choice is one of its fields', () => {
    const schema = choice({ a: text(about), b: oneOf(['x', 'y'], about) }, about);
    expect(schema).toMatchObject({ minProperties: 1, maxProperties: 1 });
    expectTypeOf<Static<typeof schema>>().toEqualTypeOf<{ readonly a: string } | { readonly b: 'x' | 'y' }>();
  });
});

describe('types', () => {
  test('are those that the program works with', () => {
    expectTypeOf<RestartSpec['policy']>().toEqualTypeOf<'always' | 'unless-stopped' | 'on-failure' | 'never'>();
    expectTypeOf<RestartSpec['backoff']['max']>().toEqualTypeOf<Millis>();
    expectTypeOf<StopSpec['sequence']>().toEqualTypeOf<readonly StopStep[]>();
    expectTypeOf<DependsOnSpec[string]['condition']>().toEqualTypeOf<'started' | 'ready' | 'completed'>();
    expectTypeOf<MemorySpec['limit']>().toEqualTypeOf<Bytes | undefined>();
    expectTypeOf<ProbeSpec['period']>().toEqualTypeOf<Millis>();
    expectTypeOf<AgentFields['command']>().toEqualTypeOf<string | readonly string[] | undefined>();
    expectTypeOf<ColonyFields['tmux']['size']>().toEqualTypeOf<{ readonly columns: number; readonly rows: number }>();
  });
});

/** What the program gets for fields of one agent. */
const agent = (fields: object) => realise(Agent, expand(fields, Agent));

describe('short forms', () => {
  test.each([
    [{ restart: 'never' }, { restart: { policy: 'never' } }],
    [{ restart: { crash_loop: 'off' } }, { restart: { crash_loop: { action: 'off' } } }],
    [{ stop: { signal: 'INT' } }, { stop: { sequence: [{ signal: 'INT' }], grace: 30_000 } }],
    [{ depends_on: ['a', 'b'] }, { depends_on: { a: { condition: 'ready' }, b: { condition: 'ready' } } }],
    [{ memory: '2GiB' }, { memory: { limit: 2 * 1024 ** 3, for: 30_000, action: { do: 'restart' } } }],
    [{ max_age: '24h' }, { max_age: { after: 86_400_000, jitter: 0, when: 'idle' } }],
    [{ update: 'when_idle' }, { update: { mode: 'when_idle' } }],
    [{ env_file: '.env' }, { env_file: ['.env'] }],
    [{ cpu: { above: '90%' } }, { cpu: { above: 0.9, for: 300_000, action: { do: 'warn' } } }],
    [{ context: { action: { send: '/compact' } } }, { context: { action: { send: '/compact' } } }],
    [{ idle: { after: '10m', action: 'restart' } }, { idle: { after: 600_000, action: { do: 'restart' }, times: 3 } }],
    [{ hooks: { pre_start: ['a', 'b'] } }, { hooks: { pre_start: { command: ['a', 'b'], timeout: 30_000 } } }],
    [
      { probes: { startup: { screen: '>' }, readiness: { http: 'http://x' } } },
      {
        probes: {
          startup: [{ screen: { match: '>' }, period: 10_000, timeout: 5000, failure_threshold: 3 }],
          readiness: [{ http: { url: 'http://x', status: '200-399' }, success_threshold: 1 }],
        },
      },
    ],
    [
      { probes: { liveness: [{ tcp: 80 }, { exec: 'true' }, { activity: '1m' }, { heartbeat: '5s' }, { log: 'x' }] } },
      {
        probes: {
          liveness: [
            { tcp: { port: 80, host: '127.0.0.1' } },
            { exec: { command: 'true' } },
            { activity: { silent_for: 60_000, while: 'busy' } },
            { heartbeat: { stale_after: 5000 } },
            { log: { match: 'x' } },
          ],
        },
      },
    ],
  ])('%j', (fields, spec) => expect(agent(fields)).toMatchObject(spec));

  test('spelled out, they stay as they are', () => {
    for (const fields of [{ restart: 'never', stop: { signal: 'INT' } }, { probes: { startup: { tcp: 1 } } }]) {
      const once = expand(fields, Agent);
      expect(expand(once, Agent)).toEqual(once);
    }
  });

  test('what fits none is left for the check to complain about', () => {
    expect(expand({ restart: 5, depends_on: 'b', memory: 2 }, Agent)).toEqual({
      restart: 5,
      depends_on: 'b',
      memory: 2,
    });
  });

  test('of the colony', () => {
    expect(expand({ include: 'a.yaml', circuit_breaker: 'off', 'x-a': 1 }, Colony)).toEqual({
      include: ['a.yaml'],
      circuit_breaker: { mode: 'off' },
    });
  });
});
