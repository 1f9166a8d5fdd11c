import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conversationOf, emptyLog, isMark, markIn, withLogLine } from '../../../src/agents/opencode/log.ts';

const MARK = markIn('/home/me/colony folder/x=y', '0aaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee');
const OTHER = markIn('/f', '1aaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee');

const line = (run: string, rest: string) => `timestamp=2026-11-21T20:13:14.160Z level=INFO run=${run} ${rest}`;
const load = (run: string, path: string) => line(run, `message=loading path=${path}`);
const loop = (run: string, id: string) => line(run, `message=loop session.id=${id} step=0`);
const made = (run: string, id: string, parent: string) =>
  line(
    run,
    `message=created id=${id} slug=a-b path=tmp/x parentID=${parent} title="of parentID=ses_no run=0 message=loop"`,
  );

const conversationIn = (...lines: readonly string[]) => conversationOf(lines.reduce(withLogLine, emptyLog), MARK);

const OWN = [load('4aaee9d6', '/home/me/.config/opencode/opencode.json'), load('4aaee9d6', JSON.stringify(MARK))];

describe('the conversation of a process', () => {
  test.each<[string, readonly string[], string | undefined]>([
    ['its own', [...OWN, made('4aaee9d6', 'ses_a1', 'undefined'), loop('4aaee9d6', 'ses_a1')], 'ses_a1'],
    ['a resumed one, of which nobody has seen the beginning', [...OWN, loop('4aaee9d6', 'ses_a1')], 'ses_a1'],
    ['the last of two', [...OWN, loop('4aaee9d6', 'ses_a1'), loop('4aaee9d6', 'ses_b2')], 'ses_b2'],
    ['back in the first', [...OWN, ...['ses_a1', 'ses_b2', 'ses_a1'].map((id) => loop('4aaee9d6', id))], 'ses_a1'],
    ['nothing was said in it', [...OWN, made('4aaee9d6', 'ses_a1', 'undefined')], undefined],
    ["another process's", [...OWN, loop('0139b6b1', 'ses_b2')], undefined],
    ["another agent's", [...OWN, load('0139b6b1', OTHER), loop('0139b6b1', 'ses_b2')], undefined],
    ['a process without a mark', [...OWN.slice(0, 1), loop('4aaee9d6', 'ses_a1')], undefined],
    [
      "not a sub-agent's",
      [...OWN, loop('4aaee9d6', 'ses_a1'), made('4aaee9d6', 'ses_b2', 'ses_a1'), loop('4aaee9d6', 'ses_b2')],
      'ses_a1',
    ],
    [
      'not that of an opencode which the agent has started',
      [...OWN, loop('4aaee9d6', 'ses_a1'), load('0139b6b1', JSON.stringify(MARK)), loop('0139b6b1', 'ses_b2')],
      'ses_a1',
    ],
    ['no plain id', [...OWN, loop('4aaee9d6', '"ses_a1 --x"'), loop('4aaee9d6', '--x')], undefined],
    ['words of others', [...OWN, line('4aaee9d6', 'message="x message=loop session.id=ses_a1"')], undefined],
    ['cut off', [...OWN, 'ion.id=ses_a1 step=0', 'level=INFO run="4aa'], undefined],
  ])('%s', (_, lines, id) => expect(conversationIn(...lines)).toBe(id));

  test('whatever else stands in the log, nothing is thrown and little is kept', () => {
    const word = fc.constantFrom('run=', 'message=loop', 'session.id=ses_', '"', '\\', ' ', 'created', 'parentID=');
    fc.assert(
      fc.property(fc.array(fc.array(fc.oneof(word, fc.string()))), (lines) => {
        conversationIn(...lines.map((parts) => parts.join('')));
      }),
    );
    const many = Array.from({ length: 3_000 }, (_, at) => loop(`run${at}`, `ses_${at}`));
    expect(many.reduce(withLogLine, emptyLog).conversations.size).toBe(1_000);
  });

  test('a line that says nothing new leaves it as it is', () => {
    const log = [...OWN, loop('4aaee9d6', 'ses_a1')].reduce(withLogLine, emptyLog);
    const configuration = load('4aaee9d6', '/home/me/.config/opencode/opencode.json');
    expect(withLogLine(emptyLog, configuration)).toBe(emptyLog);
    for (const again of [...OWN, loop('4aaee9d6', 'ses_a1'), 'x']) expect(withLogLine(log, again)).toBe(log);
  });
});

test.each<[string | undefined, boolean]>([
  [MARK, true],
  ['/home/me/.config/opencode/opencode.json', false],
  ['/home/me/opencode-mine.json', false],
  [undefined, false],
])('%s is a mark: %s', (path, is) => expect(isMark(path)).toBe(is));
