import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CommanderError } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { section } from '../../src/cli/help.ts';
import { COMMAND_NAMES, commandNamed } from '../../src/cli/program.ts';
import { Rig } from './rig.ts';

/** The lines below a title, up to the next one. */
function part(page: string, title: string): readonly string[] {
  const [, after] = page.split(`\n${title}:\n`);
  return after === undefined
    ? []
    : after
        .slice(0, after.search(/\n\S/) + 1 || undefined)
        .split('\n')
        .filter(Boolean);
}

/** The command lines among the examples: a line of its own, or what stands before two spaces. */
function examplesOf(page: string): readonly string[] {
  return part(page, 'Examples').flatMap((line) => /^ {2}(\S.*?)(?: {2,}.*)?$/.exec(line)?.[1] ?? []);
}

/** The words of one call of colony, as a shell would make them; undefined if the line calls something else. */
function wordsOf(line: string): readonly string[] | undefined {
  const [, call] = /(?:^|[(|;&] *)colony ((?:'[^']*'|"[^"]*"|[^|&>);'"])*)/.exec(line) ?? [];
  return call?.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)?.map((word) => word.replace(/['"]/g, ''));
}

describe.each(COMMAND_NAMES)('colony %s --help', (name) => {
  let page: string;

  beforeAll(async () => {
    const written: string[] = [];
    const command = await commandNamed(name);
    command?.configureOutput({ writeOut: (text) => written.push(text) }).outputHelp();
    page = written.join('');
  });

  test('says in sentences what the command does', () => {
    const [usage = '', said = ''] = page.split('\n\n');
    expect(usage).toMatch(new RegExp(`^Usage: colony ${name}\\b|^Usage: ${name}\\b`));
    expect(said).toMatch(/^[A-Z][\s\S]*\.$/);
  });

  test('breaks the lines of a paragraph nowhere but at the width', async () => {
    const command = await commandNamed(name);
    for (const line of command?.description().split('\n') ?? []) expect(line).toMatch(/\.$/);
  });

  test('fits a terminal of 80 columns', () => {
    expect(page.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('says what each option and argument is', async () => {
    const command = await commandNamed(name);
    for (const option of command?.options ?? []) {
      if (!option.hidden) expect(option.description, option.flags).toMatch(/^[^A-Z\s].*[^.]$/);
    }
    for (const argument of command?.registeredArguments ?? [])
      expect(argument.description, argument.name()).not.toBe('');
  });

  test('has exit codes', () => {
    const codes = part(page, 'Exit codes').map((line) => Number(line.trim().split(' ')[0]));
    expect(codes).toEqual([...codes].sort((a, b) => a - b));
    expect(codes).toContain(0);
    expect(codes).toContain(64);
  });

  test('names the files of a command that has some', async () => {
    const command = await commandNamed(name);
    const takesFile = command?.options.some(({ short }) => short === '-f') ?? false;
    expect(part(page, 'Files').length > 0).toBe(takesFile);
  });

  test('has examples that the command understands', async () => {
    const calls = examplesOf(page).flatMap((line) => [wordsOf(line) ?? []].filter((words) => words.length > 0));
    expect(calls.length).toBeGreaterThan(0);
    for (const [called = '', ...words] of calls) {
      const command = await commandNamed(called);
      command?.action(() => undefined).configureOutput({ writeErr: () => undefined });
      const parsed = await command?.parseAsync(words, { from: 'user' }).catch((error: CommanderError) => error.message);
      expect(parsed, `colony ${called} ${words.join(' ')}`).toBe(command);
    }
  });

  test('does nothing, also where the command would', async () => {
    const rig = new Rig();
    rig.deleteFile();
    const COLONY_HOME = join(rig.base, 'untouched');
    const ran = await rig.run([name, '--help', 'and', '--more'], { env: { COLONY_HOME } });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^Usage: /);
    expect(existsSync(COLONY_HOME)).toBe(false);
  });
});

describe('the parts of a page', () => {
  test('a list stands in two columns, or in one where the terms are long', () => {
    const long = 'x'.repeat(50);
    expect(
      section('T', [
        ['a', 'b'],
        ['cc', 'd'],
      ]),
    ).toBe('\nT:\n  a   b\n  cc  d');
    expect(section('T', [[long, 'b']])).toBe(`\nT:\n  ${long}\n      b`);
    expect(section('T', [['a', 'word '.repeat(20).trim()]]).split('\n')[3]).toBe('     word word word word word');
  });
});
