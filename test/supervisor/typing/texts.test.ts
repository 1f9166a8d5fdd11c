import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../rig/wait.ts';
import { Bench } from './bench.ts';

const words = 'The quick brown fox jumps over the lazy dog; it costs $5 `or so`. ';
const long = (length: number) =>
  words
    .repeat(Math.ceil(length / words.length))
    .slice(0, length - 1)
    .trimEnd()
    .padEnd(length, '.');
const lines = (count: number, length: number) =>
  Array.from({ length: count }, (_, n) => `line ${n}: ${long(length)}`).join('\n');

/** Whatever is typed arrives once, whole and as text. */
const TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['1 character', 'x'],
  ['1,500 characters', long(1_500)],
  ['20,000 characters', long(20_000)],
  ['700 characters, which wrap', long(700)],
  ['3 lines', 'one\ntwo\n\nthree'],
  ['50 short lines', lines(50, 10)],
  ['50 lines, 20,000 characters', lines(50, 390)],
  ['!', '!touch made-by-a-shell'],
  ['a blank and !', ' !touch made-by-a-shell'],
  ['/', '/etc/hosts is what'],
  ['a command in the first of several lines', '/foo\nand more'],
  ['#', '# a heading'],
  ['a blank', ' indented'],
  ['a backslash at the end', 'goes on \\'],
  ['a file at the end', 'see @README.md'],
  ['a file alone', '@README.md'],
  ['a variable at the end', 'what is $HOME'],
  ['; at the end', 'echo a;'],
  ['quotes', `"a" 'b' \`c\` $(d) \${e} \\"f\\" #{pane_id}`],
  ['letters of all kinds', 'é 漢字 😀 👩‍👩‍👧 e\u0301'],
  ['one picture', '😀'],
  ['a dash', '-n --help'],
  ['what looks like a box', '────────────\n❯ x\n────────────'],
];

describe.each(['claude', 'codex'] as const)('%s gets once and whole', (kind) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open(kind);
  });
  afterAll(() => bench.close());

  test.each(TEXTS)('%s', async (_, text) => {
    const before = bench.prompts().length;
    // What was sent before stands in its box until it has drawn itself anew, and nothing is typed meanwhile.
    const sent = await waitFor('the text not to be refused in passing', async () => {
      const answer = await bench.send(text);
      return answer.outcome === 'refused' && 'passing' in answer ? undefined : answer;
    });
    expect(sent).toEqual({ outcome: 'delivered', text: 'has taken it' });
    // It tells that it is at work before it writes down what on.
    await waitFor('the prompt to be taken', () => bench.prompts().length > before);
    await bench.idle();
    const [got, ...more] = bench.prompts().slice(before);
    expect(more).toEqual([]);
    // Codex cuts off blanks on both sides, Claude Code those at the end.
    expect(kind === 'codex' ? got : got?.trimEnd()).toBe(kind === 'codex' ? text.trim() : spelled(text));
  });
});

/** What Claude Code keeps is the blank in front. */
function spelled(text: string): string {
  return /^!/.test(text) ? ` ${text}` : text;
}
