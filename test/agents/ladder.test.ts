import { describe, expect, test } from 'vitest';
import { readRecord, recordSign } from '../../src/agents/claude/record.ts';
import { hookSign } from '../../src/agents/claude/told.ts';
import { codexTitleSign } from '../../src/agents/codex/title.ts';
import { emptyTranscript, transcriptSign, withLine } from '../../src/agents/codex/transcript.ts';
import { signsOf } from '../../src/agents/evidence.ts';
import { readHook } from '../../src/agents/hook.ts';
import { whichCounts } from '../../src/agents/ladder.ts';
import { nothingRead, type Readings } from '../../src/agents/reading.ts';
import { resetTime } from '../../src/agents/reset-time.ts';
import type { Kind } from '../../src/reconciler/types.ts';

const NOW = Date.parse('2026-11-21T18:00:00Z');

const record = (status: string, waitingFor?: string) => {
  const read = readRecord(JSON.stringify({ pid: 7, procStart: '1', sessionId: 'aaaa-1', status, waitingFor }));
  return read && { ...read, at: NOW };
};

/** Messages of hooks, each told a second after the one before; the last one a second ago. */
const told = (...messages: readonly [string, object?][]) =>
  Object.fromEntries(
    messages.flatMap(([event, message = {}], i) => {
      const hook = readHook(event, JSON.stringify(message));
      return hook ? [[event, { ...hook, at: NOW - (messages.length - i) * 1_000 }]] : [];
    }),
  );

const line = (used: number, resets: number | undefined) => ({
  ...{ session: 'aaaa-1', model: 'm', context: 0.1, cost: 0, at: NOW },
  limits: [{ name: 'five_hour', used, resets }],
});

const LIMIT: [string, object] = [
  'StopFailure',
  { error: 'rate_limit', last_assistant_message: "You've hit your limit · resets 6:50pm (UTC)" },
];
const REJECTED: [string, object] = [
  'StopFailure',
  { error: 'rate_limit', last_assistant_message: 'API Error: Request rejected (429)' },
];
const NO_LOGIN: [string, object] = ['StopFailure', { error: 'authentication_failed' }];
const TASKS = (type: string) => ({ background_tasks: [{ id: 'a', type, status: 'running' }] });
const screen = (says: object) => ({ rule: 'r', says, until: undefined, since: NOW, at: NOW }) as Readings['screen'];

const judge = (kind: Kind, readings: Partial<Readings>) => {
  const all = { ...nothingRead(NOW), started: NOW - 3_600_000, ...readings };
  const sign = whichCounts(signsOf(kind, all), NOW);
  return sign ? [sign.state, sign.for, sign.source].filter(Boolean).join(' ') : 'unknown';
};

describe('what counts of Claude Code', () => {
  test.each<[string, Partial<Readings>, string]>([
    ['nothing was read', {}, 'unknown'],
    ['its record', { record: record('busy') }, 'busy record'],
    ['an interruption: no hook tells', { record: record('idle'), hooks: told(['UserPromptSubmit']) }, 'idle record'],
    ['two prompts, and one end', { hooks: told(['UserPromptSubmit'], ['UserPromptSubmit'], ['Stop']) }, 'idle hook'],
    ['sub-agents after the end', { hooks: told(['Stop', TASKS('subagent')]) }, 'busy hook'],
    ['a server in the background', { hooks: told(['Stop', TASKS('shell')]) }, 'idle hook'],
    ['the same in its record', { record: record('shell') }, 'idle record'],
    ['a permission', { record: record('waiting', 'permission prompt') }, 'waiting permission record'],
    ['a question', { record: record('waiting', 'input needed') }, 'waiting question record'],
    ['a menu that a person opened', { record: record('waiting', 'dialog open') }, 'waiting record'],
    ['a status of a later release', { record: record('dreaming'), hooks: told(['Stop']) }, 'idle hook'],
    ['a permission that was refused', { record: record('idle'), hooks: told(['PermissionRequest']) }, 'idle record'],
    ['a limit', { record: record('idle'), hooks: told(LIMIT) }, 'limited hook'],
    ['it goes on after it', { record: record('busy'), hooks: told(LIMIT, ['UserPromptSubmit']) }, 'busy record'],
    ['it went on', { record: record('idle'), hooks: told(LIMIT, ['UserPromptSubmit'], ['Stop']) }, 'idle record'],
    ['asked too often', { record: record('idle'), hooks: told(REJECTED) }, 'idle record'],
    ['the account says used up', { hooks: told(REJECTED), line: line(1, NOW + 9_000) }, 'limited hook'],
    ['retrying', { record: record('busy'), hooks: told(REJECTED) }, 'busy record'],
    ['no login', { record: record('idle'), hooks: told(NO_LOGIN) }, 'waiting login hook'],
    [
      'a login',
      { record: record('idle'), hooks: told(NO_LOGIN, ['Notification', { notification_type: 'auth_success' }]) },
      'idle record',
    ],
    [
      'a sub-agent at the end of a compaction',
      { hooks: told(['PreCompact'], ['SessionStart', { source: 'compact' }], ['PostCompact', { trigger: 'manual' }]) },
      'idle hook',
    ],
    [
      'a compaction within a turn',
      { hooks: told(['UserPromptSubmit'], ['PostCompact', { trigger: 'auto' }]) },
      'busy hook',
    ],
    ['a screen, and nothing else', { screen: screen({ state: 'waiting', for: 'trust' }) }, 'waiting trust screen'],
    [
      'a screen that is newer than a message',
      {
        hooks: { UserPromptSubmit: { ...told(['UserPromptSubmit']).UserPromptSubmit, at: NOW - 9_000 } as never },
        screen: screen({ state: 'idle' }),
      },
      'idle screen',
    ],
  ])('%s', (_, readings, expected) => expect(judge('claude', readings)).toBe(expected));

  test('until when a limit lasts', () => {
    const until = (readings: Partial<Readings>) => hookSign({ ...nothingRead(NOW), ...readings })?.until;
    expect(until({ hooks: told(LIMIT), line: line(1, NOW + 5_000) })).toBe(NOW + 5_000);
    expect(until({ hooks: told(LIMIT), line: line(0.4, NOW + 5_000) })).toBe(NOW + 50 * 60_000);
    expect(until({ hooks: told(LIMIT) })).toBe(NOW + 50 * 60_000);
    // Since then the machine has slept: the reset that was meant is over, and not that of tomorrow.
    const slept = until({ hooks: told(LIMIT), offsets: [{ since: NOW, ahead: -8 * 3_600_000 }] });
    expect(slept).toBe(NOW + 50 * 60_000 - 8 * 3_600_000);
    expect(recordSign({ ...nothingRead(NOW), record: record('idle') })?.at).toBe(NOW);
  });
});

const written = (...payloads: readonly object[]) =>
  payloads.reduce<typeof emptyTranscript>(
    (before, payload, i) =>
      withLine(
        before,
        JSON.stringify({
          timestamp: new Date(NOW - (payloads.length - i) * 1_000).toISOString(),
          type: 'name' in payload ? 'response_item' : 'event_msg',
          payload,
        }),
      ),
    emptyTranscript,
  );

const BEGUN = { type: 'task_started' };
const FAILED = (codex_error_info: unknown, message = 'no') => ({
  type: 'task_complete',
  error: { message, codex_error_info },
});
const USED_UP = FAILED('usage_limit_exceeded', 'You’ve hit your usage limit. Try again at 6:51 PM.');
const title = (text: string) => ({ text, at: NOW });

describe('what counts of Gemini CLI', () => {
  const limit = screen({ state: 'limited' });
  test.each<[string, Partial<Readings>, string]>([
    ['a star', { title: title('✦  Working… (api)') }, 'busy title'],
    ['a hand', { title: title('✋  Action Required (api)') }, 'waiting permission title'],
    ['a star while it asks about a limit', { title: title('✦  Working… (api)'), screen: limit }, 'limited screen'],
    ['a star in front of any other screen', { title: title('✦  x'), screen: screen({ state: 'idle' }) }, 'busy title'],
    [
      'a folder that is not trusted',
      { title: title('◇  Ready (api)'), screen: screen({ state: 'waiting', for: 'trust' }) },
      'waiting trust screen',
    ],
  ])('%s', (_, readings, expected) => expect(judge('gemini', readings)).toBe(expected));
});

describe('what counts of Codex', () => {
  test.each<[string, Partial<Readings>, string]>([
    ['nothing was read', {}, 'unknown'],
    ['a spinner', { title: title('⠋ proj') }, 'busy title'],
    [
      'the name of the project',
      { title: title('proj'), transcript: written(BEGUN, { type: 'task_complete' }) },
      'idle title',
    ],
    [
      'an approval',
      { title: title('[ . ] Action Required | proj'), transcript: written(BEGUN) },
      'waiting permission title',
    ],
    [
      'a question',
      {
        title: title('[ ! ] Action Required | p'),
        transcript: written(BEGUN, { type: 'function_call', name: 'request_user_input' }),
      },
      'waiting question title',
    ],
    ['an interruption', { title: title('proj'), transcript: written(BEGUN, { type: 'turn_aborted' }) }, 'idle title'],
    ['a limit', { title: title('proj'), transcript: written(BEGUN, USED_UP) }, 'limited transcript'],
    [
      'a dialog about a limit that lasts',
      { title: title('proj'), transcript: written(USED_UP), screen: screen({ state: 'waiting', for: 'question' }) },
      'limited transcript',
    ],
    [
      'no login',
      { title: title('proj'), transcript: written(FAILED({ http_connection_failed: { http_status_code: 401 } })) },
      'waiting login transcript',
    ],
    ['another error', { title: title('proj'), transcript: written(FAILED('internal_server_error')) }, 'idle title'],
    [
      'a dialog that it takes for none',
      { title: title('proj'), screen: screen({ state: 'waiting', for: 'question' }) },
      'waiting question screen',
    ],
    [
      'a turn that began after the look at the title',
      { title: { text: 'proj', at: NOW - 5_000 }, transcript: written(BEGUN) },
      'busy transcript',
    ],
    [
      'killed in a turn, and started again',
      { started: NOW, title: title('proj'), transcript: written(BEGUN) },
      'idle title',
    ],
    [
      'started again before the reset',
      { started: NOW, title: title('proj'), transcript: written(USED_UP) },
      'limited transcript',
    ],
  ])('%s', (_, readings, expected) => expect(judge('codex', readings)).toBe(expected));

  test('what a conversation tells', () => {
    const count = {
      type: 'token_count',
      info: { last_token_usage: { total_tokens: 50_000 }, model_context_window: 200_000 },
      rate_limits: { primary: { used_percent: 42, window_minutes: 300, resets_at: 1_795_290_284 }, secondary: null },
    };
    const said = written({ type: 'item_completed', item: { type: 'UserMessage' } }, count, {
      type: 'task_complete',
      last_agent_message: 'done',
    });
    expect(said).toMatchObject({
      context: { used: 0.25 },
      limits: [{ name: 'five_hour', used: 0.42 }],
      answer: { text: 'done' },
    });
    expect(said.prompted).toBe(NOW - 3_000);
    expect(withLine(said, 'garbage {{{')).toBe(said);
    expect(codexTitleSign(nothingRead(NOW))).toBeUndefined();
    expect(transcriptSign(nothingRead(NOW))).toBeUndefined();
  });
});

describe('times of a reset', () => {
  const at = (text: string) => Date.parse(text);
  test.each<[string, string, number | undefined]>([
    ['resets 6:50pm (UTC)', 'UTC', at('2026-11-21T18:50:00Z')],
    ['resets 3am (Europe/Berlin)', 'UTC', at('2026-11-22T02:00:00Z')],
    ['resets 3am', 'America/New_York', at('2026-11-22T08:00:00Z')],
    ['try again at 6:51 PM.', 'UTC', at('2026-11-21T18:51:00Z')],
    ['resets 5:59pm (UTC)', 'UTC', at('2026-11-21T17:59:00Z')],
    ['resets 12am (UTC)', 'UTC', at('2026-11-22T00:00:00Z')],
    ['resets Nov 24, 3am (UTC)', 'UTC', at('2026-11-24T03:00:00Z')],
    ['try again at Nov 24th, 2026 6:51 PM', 'UTC', at('2026-11-24T18:51:00Z')],
    ['try again in 2 hours 5 minutes', 'UTC', NOW + 125 * 60_000],
    ['resets 3am (Nowhere/Here)', 'UTC', at('2026-11-22T03:00:00Z')],
    ['resets soon', 'UTC', undefined],
    ['resets 99pm', 'UTC', undefined],
  ])('%s', (text, zone, expected) => expect(resetTime(text, NOW, zone)).toBe(expected));
});
