import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };
import { Rig } from './rig.ts';

const COMMANDS = [
  'validate',
  'plan',
  'apply',
  'status',
  'attach',
  'logs',
  'down',
  'supervise',
  'schema',
  'enable',
  'disable',
];

describe('help and version', () => {
  it('--version', async () => {
    expect(await new Rig().run(['--version'])).toEqual({ code: 0, stdout: `${pkg.version}\n`, stderr: '' });
  });

  it('the page of the program names every command and every exit code', async () => {
    const { code, stdout, stderr } = await new Rig().run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} {2,}\\S`, 'm'));
    for (const exit of [0, 1, 2, 3, 4, 5, 64, 65, 69, 75])
      expect(stdout).toMatch(new RegExp(`^ {2}${exit} {2,}\\S`, 'm'));
  });

  it.each([[[]], [['help']], [['-h']]])('%j is the same page', async (args) => {
    const rig = new Rig();
    expect(await rig.run(args)).toEqual(await rig.run(['--help']));
  });

  it.each(COMMANDS)('%s --help has a page with examples, and does nothing', async (command) => {
    const rig = new Rig();
    const ran = await rig.run([command, '--help']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^Usage: colony /);
    expect(ran.stdout).toContain('\nExamples:\n');
    expect(await rig.run(['help', command])).toEqual(ran);
    expect(rig.asked).toEqual([]);
  });
});

describe('a command line that is not understood', () => {
  const see = (command: string) => `\`colony ${command} --help\` says what may be given.\n`;

  it.each([
    [
      'an unknown command',
      ['statu'],
      "colony: unknown command 'statu'\nDid you mean status?\n`colony --help` lists the commands; options stand after the command.\n",
    ],
    [
      'the word of another program',
      ['ps'],
      "colony: unknown command 'ps'\nDid you mean status?\n`colony --help` lists the commands; options stand after the command.\n",
    ],
    [
      'help about an unknown command',
      ['help', 'statu'],
      "colony: unknown command 'statu'\nDid you mean status?\n`colony --help` lists the commands; options stand after the command.\n",
    ],
    [
      'an unknown flag',
      ['status', '--wach'],
      `colony: unknown option '--wach'\nDid you mean --watch?\n${see('status')}`,
    ],
    [
      'a flag before the command',
      ['-f', 'x', 'status'],
      "colony: unknown option '-f'\n`colony --help` lists the commands; options stand after the command.\n",
    ],
    ['no name', ['logs'], `colony: missing required argument 'agent'\n${see('logs')}`],
    [
      'two names',
      ['attach', 'a', 'b'],
      `colony: too many arguments for 'attach'. Expected 1 argument but got 2.\n${see('attach')}`,
    ],
    [
      'another form',
      ['plan', '-o', 'xml'],
      `colony: option '-o, --output <format>' argument 'xml' is invalid. Allowed choices are table, json, yaml.\n${see('plan')}`,
    ],
    [
      'no point in time',
      ['events', '--since', 'yesterday'],
      `colony: option '--since <start>' argument 'yesterday' is invalid. It must be a number, a time such as 2026-03-01T12:00:00Z, or a span such as 10m; got "yesterday".\n${see('events')}`,
    ],
    [
      'no agent to stop',
      ['stop'],
      "colony: name an agent, or several by a glob or a label\n`colony stop '*'` means all of them\n",
    ],
    [
      'no length of time',
      ['apply', '--wait', '5'],
      `colony: option '--wait <duration>' argument '5' is invalid. It must be a length of time such as 90s or 1m30s, got "5".\n${see('apply')}`,
    ],
  ])('%s', async (_, args, stderr) => {
    expect(await new Rig().run(args)).toEqual({ code: 64, stdout: '', stderr });
  });
});

it('no colony.yaml anywhere', async () => {
  const rig = new Rig();
  const cwd = join(rig.base, 'empty');
  mkdirSync(cwd);
  expect(await rig.run(['status'], { cwd })).toEqual({
    code: 65,
    stdout: '',
    stderr: `colony: there is no colony.yaml in ${cwd} or any folder above it\n\`colony init\` writes one here; or go to the folder that has it, or name it with -f PATH\n`,
  });
});

it('a crash says that it is one, and that it should be reported', async () => {
  const rig = new Rig();
  await rig.serve({
    'GET /v1/logs': { json: { agent: 'web', lines: [], live: true } },
    'GET /v1/status': { json: { version: 1, agents: [] } },
  });
  const ran = await rig.run(['status']);
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toMatch(/^colony: this is a bug in colony \d[\s\S]*Please report it[\s\S]*TypeError/);
});

it.runIf(existsSync('/dev/full'))('output that cannot be written is no bug', async () => {
  const full = openSync('/dev/full', 'w');
  const program = process.env.COLONY_TEST_PROGRAM ?? fileURLToPath(new URL('../../dist/colony.cjs', import.meta.url));
  const ran = spawnSync(process.execPath, [program, 'schema'], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
  closeSync(full);
  expect(ran).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^colony: what it has to say cannot be written: ENOSPC.*\n$/),
  });
});
