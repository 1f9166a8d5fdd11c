import { describe, expect, test } from 'vitest';
import { noHistory } from '../../src/reconciler/ledger.ts';
import type { AgentSpec, Entry, Evidence, Source } from '../../src/reconciler/types.ts';
import type { Environment } from '../../src/supervisor/environment.ts';
import { afterRestart } from '../../src/supervisor/why/after-restart.ts';
import { evidenceOf } from '../../src/supervisor/why/evidence.ts';
import { latestOf } from '../../src/supervisor/why/latest.ts';
import { doing, MINUTE, NOW, SECOND, specOf, vitalsOf } from '../policies/base.ts';

const says = (source: Source, more: Partial<Evidence> = {}): Evidence => ({
  ...{ source, state: 'idle', at: NOW - SECOND, text: `${source} text`, ...more },
});

describe('the evidence', () => {
  test('the most trustworthy stands first, and what counts is marked', () => {
    const evidence = [says('screen'), says('hook', { state: 'waiting', for: 'permission' }), says('record')];
    const vitals = doing('waiting', NOW - MINUTE, { source: 'hook', for: 'permission' }, { evidence });
    expect(evidenceOf(vitals, NOW)).toEqual([
      { source: 'record', state: 'idle', age_ms: SECOND, text: 'record text', counts: false },
      { source: 'hook', state: 'waiting', for: 'permission', age_ms: SECOND, text: 'hook text', counts: true },
      { source: 'screen', state: 'idle', age_ms: SECOND, text: 'screen text', counts: false },
    ]);
  });

  test('a time is told as one', () => {
    const vitals = doing('limited', NOW, { source: 'hook' }, { evidence: [says('hook', { until: NOW })] });
    expect(evidenceOf(vitals, NOW)).toMatchObject([{ until: new Date(NOW).toISOString() }]);
    const later = new Date(NOW + 60 * MINUTE).toISOString();
    const slept = [{ since: 0, ahead: -60 * MINUTE }];
    expect(evidenceOf(vitals, NOW, slept)).toMatchObject([{ until: later, age_ms: SECOND }]);
    expect(evidenceOf(vitals, NOW, [{ since: NOW, ahead: -MINUTE }])).toMatchObject([{ age_ms: MINUTE + SECOND }]);
  });

  test('what keeps no words of its own is told all the same', () => {
    const vitals = doing('busy', NOW, { source: 'output', at: NOW - MINUTE }, { evidence: [says('screen')] });
    expect(evidenceOf(vitals, NOW)).toMatchObject(
      [
        { source: 'screen', counts: false },
        { source: 'output', state: 'busy', age_ms: MINUTE, counts: true, text: /guessed/ },
      ].map((each) => ('text' in each ? { ...each, text: expect.stringMatching(each.text) } : each)),
    );
  });

  test('nothing is known', () => expect(evidenceOf(vitalsOf([]), NOW)).toEqual([]));
});

describe('after a restart', () => {
  const conversation = { id: 'c-1', since: NOW, how: 'assigned' } as const;
  test.each([
    ['of a program that was taken out of the file', undefined, noHistory, /not in the file/],
    ['of any program', specOf('db'), noHistory, /begins anew/],
    [
      'of one that is to forget',
      specOf('db', { kind: 'claude', resume: 'never' }),
      { ...noHistory, conversation },
      /new/,
    ],
    ['of one that has said nothing yet', specOf('db', { kind: 'claude' }), noHistory, /new conversation/],
    ['of one in a conversation', specOf('db', { kind: 'claude' }), { ...noHistory, conversation }, /goes on .* c-1\.$/],
  ])('%s', (_name, spec, history, text) => expect(afterRestart(spec, history)).toMatch(text));

  const opencode = (more: Partial<AgentSpec>) => specOf('db', { kind: 'opencode', ...more });
  const command = { form: 'words', words: ['opencode', '--log-level', 'ERROR'] } as const;
  test.each<[string, Partial<AgentSpec>, Environment, RegExp]>([
    ['has said nothing yet', {}, {}, /with the first prompt\.$/],
    ['has a configuration of its own', { env: { OPENCODE_CONFIG: '/x' } }, {}, /because `OPENCODE_CONFIG` is set/],
    ['inherits a configuration', {}, { OPENCODE_CONFIG: '/x' }, /because `OPENCODE_CONFIG` is set/],
    ['is to log errors alone', { command }, {}, /log level is so high/],
    ['inherits a log level', {}, { OPENCODE_LOG_LEVEL: 'warn' }, /log level is so high/],
    ['logs more than it must', {}, { OPENCODE_LOG_LEVEL: 'DEBUG' }, /with the first prompt\.$/],
  ])('of an opencode that %s', (_, more, environment, text) => {
    expect(afterRestart(opencode(more), noHistory, environment)).toMatch(text);
  });
});

test('the last entries are those of this agent, and oldest first', async () => {
  const entry = (seq: number, agent: string, more: object = {}): Entry =>
    ({ type: 'alert_over', seq, at: NOW, agent, policy: 'x', ...more }) as Entry;
  const entries = Array.from({ length: 2_000 }, (_, seq) => entry(seq, seq % 2 === 0 ? 'db' : 'api'));
  const others: Entry[] = [{ type: 'down', seq: 2_001, at: NOW }, entry(2_002, 'db', { type: 'last_lines', tail: [] })];
  const rows = [...entries, ...others].map((value) => ({ text: '', value }));
  const found = await latestOf('db', rows);
  expect(found.map(({ seq }) => seq)).toEqual(Array.from({ length: 12 }, (_, index) => 1_976 + 2 * index));
  expect(await latestOf('nobody', rows)).toEqual([]);
});
