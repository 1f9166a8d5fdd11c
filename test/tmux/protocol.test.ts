import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ControlEvent, ControlParser } from '../../src/tmux/protocol.ts';

function parse(text: string): readonly ControlEvent[] {
  return new ControlParser().feed(Buffer.from(text));
}

const reply = (lines: readonly string[], over: object = {}) => ({ kind: 'reply', own: true, ok: true, lines, ...over });

describe('the control protocol', () => {
  test.each<[string, string, readonly object[]]>([
    ['a reply without output', '%begin 17 4 1\n%end 17 4 1\n', [reply([])]],
    ['a reply with output', '%begin 17 4 1\none\n\n two\n%end 17 4 1\n', [reply(['one', '', ' two'])]],
    ['a refusal', '%begin 17 4 1\nno\n%error 17 4 1\n', [reply(['no'], { ok: false })]],
    ["a hook's command", '%begin 17 4 0\n%end 17 4 0\n', [reply([], { own: false })]],
    ['another end inside', '%begin 17 4 1\n%end 17 3 1\n%end 17 4 1\n', [reply(['%end 17 3 1'])]],
    ['another begin inside', '%begin 17 4 1\n%begin 17 5 1\n%end 17 4 1\n', [reply(['%begin 17 5 1'])]],
    ['a notification inside', '%begin 17 4 1\n%sessions-changed\n%end 17 4 1\n', [reply(['%sessions-changed'])]],
    ['a notification', '%sessions-changed\n', [{ kind: 'notice', name: 'sessions-changed', rest: '' }]],
    ['its words', '%window-close @3 x\n', [{ kind: 'notice', name: 'window-close', rest: '@3 x' }]],
    ['leaving', '%exit\n', [{ kind: 'exit', reason: '' }]],
    ['leaving with a reason', '%exit server exited\n', [{ kind: 'exit', reason: 'server exited' }]],
    ['an end without a begin', '%end 17 4 1\n', [{ kind: 'notice', name: 'end', rest: '17 4 1' }]],
    ['words beside it', 'hello\n', [{ kind: 'stray', line: 'hello' }]],
    ['half a line', '%sessions-chang', []],
    ['half a reply', '%begin 17 4 1\nhalf', []],
  ])('%s', (_name, text, events) => {
    expect(parse(text)).toEqual(events);
  });

  test('any way of cutting the bytes gives the same events', () => {
    const line = fc.oneof(
      fc.constantFrom('%begin 1 1 1', '%end 1 1 1', '%error 1 1 1', '%begin 2 2 0', '%end 2 2 0', '%exit', '%a b', ''),
      fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\n', '')),
    );
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat({ max: 400 })), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const parser = new ControlParser();
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const events = places.slice(1).flatMap((to, i) => parser.feed(bytes.subarray(places[i], to)));
        expect(events).toEqual(new ControlParser().feed(bytes));
      }),
      { numRuns: 500 },
    );
  });
});
