import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawLine, lineAskedFor, readLine, telemetryOf } from '../../src/agents/claude/statusline.ts';
import { readHook } from '../../src/agents/hook.ts';
import { lineIn, readObject, textIn } from '../../src/agents/json.ts';

const WHOLE = {
  session_id: '236aad7b-0000-4000-8000-000000000000',
  model: { id: 'claude-sonnet-5-5', display_name: 'Sonnet 5.5' },
  cost: { total_cost_usd: 1.234 },
  context_window: { used_percentage: 42, context_window_size: 200_000 },
  rate_limits: {
    five_hour: { used_percentage: 100, resets_at: 1_795_225_633 },
    seven_day: { used_percentage: 13, resets_at: 1_795_308_433 },
  },
};

describe('a message for the status line', () => {
  test('whole', () => {
    expect(readLine(JSON.stringify(WHOLE))).toEqual({
      session: WHOLE.session_id,
      model: 'Sonnet 5.5',
      context: 0.42,
      cost: 1.234,
      limits: [
        { name: 'five_hour', used: 1, resets: 1_795_225_633_000 },
        { name: 'seven_day', used: 0.13, resets: 1_795_308_433_000 },
      ],
    });
  });

  test.each<[string, object, object]>([
    ['no context yet', { context_window: { used_percentage: null } }, { context: undefined }],
    ['a context below nothing', { context_window: { used_percentage: -3 } }, { context: undefined }],
    ['a context that is no number', { context_window: { used_percentage: '42' } }, { context: undefined }],
    ['a model that draws', { model: { display_name: 'a\u001b[31mb\n\u202ec' } }, { model: 'a [31mb c' }],
    ['a model that is long', { model: { id: 'x'.repeat(9_999) } }, { model: 'x'.repeat(60) }],
    ['no model', { model: null }, { model: undefined }],
    ['a session that leads elsewhere', { session_id: '../../etc/passwd' }, { session: undefined }],
    ['limits that are a list', { rate_limits: [1, 2] }, { limits: [] }],
    [
      'a limit without a reset',
      { rate_limits: { a: { used_percentage: 1 } } },
      { limits: [{ name: 'a', used: 0.01, resets: undefined }] },
    ],
    [
      'a reset in milliseconds',
      { rate_limits: { a: { used_percentage: 1, resets_at: 1e13 } } },
      { limits: [{ name: 'a', used: 0.01, resets: undefined }] },
    ],
    [
      'too many limits',
      { rate_limits: Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`l${i}`, { used_percentage: 1 }])) },
      { limits: { length: 8 } },
    ],
  ])('%s', (_, mutation, expected) => {
    expect(readLine(JSON.stringify({ ...WHOLE, ...mutation }))).toMatchObject(expected);
  });

  test('cut off anywhere, it says nothing that it did not say', () => {
    const text = JSON.stringify(WHOLE);
    for (let end = 1; end < text.length; end++) {
      const line = readLine(text.slice(0, end));
      expect([undefined, 0.42]).toContain(line?.context);
      expect([undefined, 'Sonnet 5.5', 'claude-sonnet-5-5']).toContain(line?.model);
      expect([undefined, WHOLE.session_id]).toContain(line?.session);
      expect([undefined, 1.234]).toContain(line?.cost);
    }
  });
});

test('nothing that anybody writes makes a reader throw, or says what cannot be printed', () => {
  const hostile = fc.oneof(
    fc.json(),
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.json().map((text) => text.slice(0, text.length / 2)),
  );
  const shaped = fc
    .record(
      {
        session_id: fc.anything(),
        model: fc.anything(),
        cost: fc.anything(),
        context_window: fc.anything(),
        rate_limits: fc.anything(),
        error: fc.anything(),
        last_assistant_message: fc.anything(),
        background_tasks: fc.anything(),
      },
      { requiredKeys: [] },
    )
    .map((value) => {
      try {
        return JSON.stringify(value) ?? '';
      } catch {
        return '';
      }
    });
  fc.assert(
    fc.property(fc.oneof(hostile, shaped), (text) => {
      const said = [readLine(text), readHook('Stop', text), lineAskedFor(text)];
      const [line, hook] = said as [ReturnType<typeof readLine>, ReturnType<typeof readHook>];
      const drawn = line ? drawLine('api', line) : '';
      expect(`${drawn}${hook?.error ?? ''}${hook?.session ?? ''}`).not.toMatch(/\p{C}/u);
      expect(hook?.answer ?? '').not.toMatch(/[^\P{C}\n]/u);
    }),
    { numRuns: 2_000 },
  );
});

test('what is deep is refused at once', () => {
  const began = performance.now();
  for (const text of ['['.repeat(200_000), `{"a":${'['.repeat(200_000)}`, '{"a":'.repeat(100_000)]) readObject(text);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('texts are bounded, and of one line or of several', () => {
  expect(lineIn('a\n\u001b]0;x\u0007b', 99)).toBe('a ]0;x b');
  expect(textIn('a\r\nb\u001b[1m\n\nc', 99)).toBe('a\nb [1m\n\nc');
  expect(textIn('x'.repeat(100), 10)).toHaveLength(10);
  expect(lineIn('   ', 9)).toBeUndefined();
});

describe('telemetry', () => {
  const line = { session: 'aaaa', model: 'm', context: 0.5, cost: 1, limits: [], at: 10 };
  test.each([
    ['as it was told', line, line, { context: 0.5, contextAt: 10 }],
    [
      'the same conversation has not told it since',
      { ...line, context: undefined, at: 20 },
      line,
      { context: 0.5, contextAt: 10, at: 20 },
    ],
    [
      'another conversation',
      { ...line, session: 'bbbb', context: undefined, at: 20 },
      line,
      { context: undefined, contextAt: undefined },
    ],
    ['never told', { ...line, context: undefined }, undefined, { context: undefined }],
  ])('%s', (_, last, full, expected) => expect(telemetryOf(last, full)).toMatchObject(expected));
});
