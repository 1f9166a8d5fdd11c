import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyLedger, record } from '../../../src/reconciler/ledger.ts';
import type { AgentSpec, Event, Ledger, Operation } from '../../../src/reconciler/types.ts';
import type { Colony } from '../../../src/supervisor/colony.ts';
import { takeUp } from '../../../src/supervisor/starting/conversation.ts';
import { appliedOf, specOf } from '../../reconciler/base.ts';
import { removeFolder } from '../../rig/remove.ts';

const ID = '0aaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'colony-conversation-'));
});

afterEach(() => removeFolder(home));

/** A supervisor of which only the past, and what is under way, matters. */
function colonyAfter(events: readonly Event[], starting: readonly string[] = []) {
  let ledger: Ledger = emptyLedger;
  const said: Event[] = [];
  const announce = (event: Event) => {
    ledger = record(ledger, { ...event, seq: ledger.seq + 1, at: 1_000 });
  };
  for (const event of events) announce(event);
  const journal = {
    get ledger() {
      return ledger;
    },
    announce: (event: Event) => {
      said.push(event);
      announce(event);
    },
  };
  const operation: Operation = { kind: 'starting', since: 0, reason: { code: 'not_running' } };
  const operations = new Map(starting.map((agent) => [agent, operation]));
  return { colony: { journal, operations } as unknown as Colony, said };
}

const claude = (more: Partial<AgentSpec> = {}): AgentSpec => specOf('api', { kind: 'claude', resume: 'auto', ...more });

const take = (colony: Colony, spec: AgentSpec = claude()) =>
  takeUp(
    colony,
    { do: 'spawn', agent: spec.name, reason: { code: 'not_running' }, spec, generation: 2 },
    { env: {}, home, folder: home },
  );

const inIt = (agent: string, id = ID): Event => ({ type: 'conversation', agent, run: undefined, id, how: 'assigned' });

const started = (agent: string, kind: AgentSpec['kind'] = 'claude'): Event => ({
  ...{ type: 'started', agent, reason: { code: 'not_running' }, generation: 1, run: `${agent}-1`, started: 0 },
  ...{ pid: 1, applied: { ...appliedOf(specOf(agent)), kind } },
});

const ended = (agent: string, code = 1, uptime = 900): Event => ({
  ...{ type: 'exited', agent, exit: { code, signal: undefined }, ended: uptime, generation: 1, run: `${agent}-1` },
  ...{ uptime, oom: false, healthy: false, reason: { code: 'exited', exit: { code, signal: undefined } } },
});

const lastLines = (agent: string, ...tail: string[]): Event => ({ type: 'last_lines', agent, run: `${agent}-1`, tail });

function transcript(text = 'x'): void {
  mkdirSync(join(home, '.claude', 'projects', 'p'), { recursive: true });
  writeFileSync(join(home, '.claude', 'projects', 'p', `${ID}.jsonl`), text);
}

describe('a conversation is taken up', () => {
  test('for the first time under an id that is written down before anything is started', async () => {
    const { colony, said } = colonyAfter([]);
    const start = await take(colony);
    expect(start).toMatchObject({ do: 'new', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(said).toEqual([inIt('api', start.id)]);
    // Whoever is killed now leaves an agent that begins under the same id.
    expect(await take(colony)).toEqual(start);
    expect(said).toHaveLength(1);
  });

  test('by its id where it is on disk', async () => {
    const { colony, said } = colonyAfter([inIt('api'), started('api'), ended('api')]);
    transcript();
    expect(await take(colony)).toEqual({ do: 'resume', id: ID });
    expect(said).toEqual([]);
  });

  test('never where nobody wants that', async () => {
    const { colony, said } = colonyAfter([inIt('api')]);
    transcript();
    expect(await take(colony, claude({ resume: 'never' }))).toEqual({ do: 'new', id: undefined });
    expect(said).toEqual([]);
  });

  test('not with an id that is no plain word', async () => {
    const { colony } = colonyAfter([inIt('api', '../../x')]);
    expect((await take(colony)).id).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a conversation that was refused', () => {
  const text = `No conversation found with session ID: ${ID}`;

  test('is left for one new one', async () => {
    const { colony, said } = colonyAfter([inIt('api'), started('api'), ended('api'), lastLines('api', text)]);
    transcript();
    const { id } = await take(colony);
    expect(said).toEqual([
      { type: 'conversation_refused', agent: 'api', run: undefined, id: ID, why: `the program says: ${text}` },
      inIt('api', id),
    ]);
    expect(colony.journal.ledger.agents.get('api')?.conversations).toEqual([ID]);
    expect(await take(colony)).toEqual({ do: 'new', id });
  });

  test.each<[string, Event]>([
    ['by who ended as it should', ended('api', 0)],
    ['by who had lived for long', ended('api', 1, 100_000)],
  ])('is not: %s', async (_, end) => {
    const { colony } = colonyAfter([inIt('api'), started('api'), end, lastLines('api', text)]);
    transcript();
    expect(await take(colony)).toEqual({ do: 'resume', id: ID });
  });
});

test('a conversation that is taken is resumed, from then on', async () => {
  const text = `Error: Session ID ${ID} is already in use.`;
  const { colony } = colonyAfter([inIt('api'), started('api'), ended('api'), lastLines('api', text)]);
  expect(await take(colony)).toEqual({ do: 'resume', id: ID });
  colony.journal.announce({ type: 'last_lines', agent: 'api', run: 'api-1', tail: [] });
  expect(await take(colony)).toEqual({ do: 'resume', id: ID });
});

describe('a conversation that another agent is in', () => {
  const both = [inIt('api'), inIt('web'), started('api'), ended('api')];

  test('is left to it', async () => {
    const { colony, said } = colonyAfter([...both, started('web')]);
    transcript();
    expect((await take(colony)).do).toBe('new');
    expect(said[0]).toMatchObject({ type: 'conversation_refused', id: ID, why: 'the agent "web" is in it' });
  });

  test('is free once that one has ended', async () => {
    const { colony } = colonyAfter([...both, started('web'), ended('web')]);
    transcript();
    expect(await take(colony)).toEqual({ do: 'resume', id: ID });
  });

  test('goes to the first by name, if both are started at once', async () => {
    const { colony } = colonyAfter([...both, inIt('aaa')], ['aaa', 'api', 'web']);
    transcript();
    expect((await take(colony)).do).toBe('new');
    const without = colonyAfter(both, ['api', 'web']).colony;
    expect(await take(without)).toEqual({ do: 'resume', id: ID });
  });
});

describe('another kind of program', () => {
  test.each<[AgentSpec['kind'], 'new' | 'resume']>([
    ['codex', 'new'],
    ['claude', 'resume'],
    ['shell', 'resume'],
  ])('was in it: %s -> %s', async (kind, does) => {
    const { colony } = colonyAfter([inIt('api'), started('api', kind), ended('api')]);
    transcript();
    expect((await take(colony)).do).toBe(does);
  });
});

describe('an id that the program chooses', () => {
  const codex = claude({ kind: 'codex' });

  test('is not known before', async () => {
    const { colony, said } = colonyAfter([]);
    expect(await take(colony, codex)).toEqual({ do: 'new', id: undefined });
    expect(said).toEqual([]);
  });

  test('is gone on with once something was said', async () => {
    const { colony } = colonyAfter([inIt('api'), started('api', 'codex'), ended('api')]);
    expect(await take(colony, codex)).toEqual({ do: 'new', id: undefined });
    mkdirSync(join(home, '.codex', 'sessions', '2026', '11', '21'), { recursive: true });
    writeFileSync(join(home, '.codex', 'sessions', '2026', '11', '21', `rollout-2026-11-21T00-00-00-${ID}.jsonl`), 'x');
    expect(await take(colony, codex)).toEqual({ do: 'resume', id: ID });
  });
});
