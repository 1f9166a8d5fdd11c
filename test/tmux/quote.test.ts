import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Connection } from '../../src/tmux/connection.ts';
import { asArgv, asFormat, type Command, commandLine, programWords, quote } from '../../src/tmux/quote.ts';
import { good, privateTmux } from '../rig/tmux.ts';
import { waitFor } from '../rig/wait.ts';

const isName = (text: string) => !/[\0/]|^\.{0,2}$/.test(text);

describe('a quoted word', () => {
  test.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['a b;c', '"a b;c"'],
    ['"\\$~', '"\\"\\\\\\$\\~"'],
    ["it's #{pid} %1", '"it\'s #{pid} %1"'],
    ['\n\r\t\x1b\x01\x7f', '"\\n\\r\\t\\e\\001\\177"'],
    ['é漢🙂', '"é漢🙂"'],
  ])('%j', (word, quoted) => {
    expect(quote(word)).toBe(quoted);
  });

  test('commands of one line', () => {
    expect(commandLine([['set-option', '@a', '1'], ['list-panes']])).toBe('set-option "@a" "1" ; list-panes');
  });

  test.each([
    ['/a/b', '/a/b'],
    ['a#b', 'a##b'],
    ['#{pid}', '##{pid}'],
    ['#[x', '###{l:[}x'],
    ['##[', '#####{l:[}'],
  ])('a format that stands for %j', (text, format) => {
    expect(asFormat(text)).toBe(format);
  });

  test('the words of a program', () => {
    expect(programWords(['a', 'b'])).toEqual(['a', 'b']);
    expect(programWords(['my prog'])).toEqual(['/bin/sh', '-c', 'exec "$0"', 'my prog']);
  });
});

describe('a real tmux gives back', () => {
  const rig = privateTmux();
  let connection: Connection;

  beforeAll(async () => {
    const program = { binary: 'tmux', environment: rig.environment, timeout: 15_000 };
    const args = ['-u', '-S', `${rig.dir}/tmux.sock`, '-f', '/dev/null', '-C', 'new-session', '-s', 'quoting'];
    const events = { onClient: () => {}, onNotice: () => {}, onClosed: () => {} };
    connection = good(await Connection.open(program, 'new-session', [...args, 'sleep', '100000'], events));
  });

  afterAll(async () => {
    await connection.close();
    await rig.stop();
  });

  const special = fc.constantFrom(
    ...'"\'\\$~#{};%`!&|<>()[]*?=-+@:.,^ \t\n\r\x1b\x07\x01\x7f',
    'é',
    '漢',
    '🙂',
    '#{pid}',
    '#[',
    '##[',
    '#(id)',
    '#,',
  );
  const text = fc.array(fc.oneof(special, fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 20 });
  const word = text.map((parts) => parts.join('').replaceAll('\0', ''));

  const run = async (commands: readonly Command[]) => good(await connection.run(commands));

  test('every word, as the value of an option', async () => {
    await fc.assert(
      fc.asyncProperty(word, async (value) => {
        const replies = await run([
          ['set-option', '-t', '=quoting:', '--', '@x', value],
          ['show-options', '-v', '-t', '=quoting:', '@x'],
        ]);
        // An empty option prints nothing, or an empty line.
        expect((replies[1] ?? []).join('\n')).toBe(value);
      }),
      { numRuns: 300 },
    );
  });

  test('every word, as argument, environment and folder of a process', async () => {
    let count = 0;
    // Of special characters alone: a folder's name is expanded as a format, which has rules of its own.
    const folder = fc
      .array(special, { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join(''))
      .filter(isName);
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 4 }), word, folder, async (argv, value, name) => {
        const out = `${rig.dir}/out${count++}`;
        const cwd = `${out}.d/${name}`;
        mkdirSync(cwd, { recursive: true });
        // A screen would wrap long lines, so the process writes a file, which is there only when it is whole.
        const write = `printf '%s\\0' "$X" "$PWD" "$@" > "$OUT.new"; mv "$OUT.new" "$OUT"`;
        const env = ['-e', `X=${value}`, '-e', `OUT=${out}`];
        await run([['new-window', '-d', '-c', asFormat(cwd), ...env, '--', 'sh', '-c', write, 'sh', ...argv]]);
        await waitFor('the file', () => existsSync(out));
        expect(readFileSync(out, 'utf8').split('\0').slice(0, -1)).toEqual([value, cwd, ...argv]);
      }),
      { numRuns: 60 },
    );
  });

  test('every word, as argument of the client process', async () => {
    const argument = word.filter((value) => value !== '');
    await fc.assert(
      fc.asyncProperty(argument, async (value) => {
        await rig.tmux(...asArgv(['set-option', '-t', '=quoting:', '--', '@y', value]));
        const replies = await run([['show-options', '-v', '-t', '=quoting:', '@y']]);
        expect((replies[0] ?? []).join('\n')).toBe(value);
      }),
      { numRuns: 60 },
    );
  });
});
