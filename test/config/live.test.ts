import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { liveCommand } from '../../src/config/live.ts';
import { loadConfig } from '../../src/config/load.ts';
import { agentName, stanza } from '../../src/config/stanza.ts';
import { removeFolder } from '../rig/remove.ts';

const ID = '0a1b2c3d-1111-4222-8333-444455556666';

const ROWS: readonly [string, string[], string, string[]][] = [
  ['a program by its path', ['/usr/local/bin/claude', '--model', 'opus'], 'claude', ['claude', '--model', 'opus']],
  [
    'a conversation that is gone on with',
    ['claude', '--resume', ID, '--model', 'opus'],
    'claude',
    ['claude', '--model', 'opus'],
  ],
  ['a conversation of the same option', ['claude', `--session-id=${ID}`], 'claude', ['claude']],
  ['a prompt', ['claude', '--verbose', 'fix it now'], 'claude', ['claude', '--verbose']],
  ['the last conversation', ['claude', '-c'], 'claude', ['claude']],
  ['a command of the program', ['codex', 'resume', ID, '--search'], 'codex', ['codex', '--search']],
  ['a script of Node.js', ['node', '/usr/local/bin/codex', '--search'], 'codex', ['codex', '--search']],
  [
    'a file of a package',
    ['/usr/bin/node', '--no-warnings', '/usr/lib/node_modules/@google/gemini-cli/dist/index.js', '-y'],
    'gemini',
    ['gemini', '-y'],
  ],
  [
    'a script of Python',
    ['/opt/bin/python3.12', '/home/me/.local/bin/aider', '--no-git'],
    'aider',
    ['aider', '--no-git'],
  ],
  ['a script that nobody knows', ['node', 'server.js', '--port', '80'], 'shell', ['node', 'server.js', '--port', '80']],
  ['a shell of a login', ['-bash'], 'shell', ['bash']],
];

test.each(ROWS)('%s', (_, words, kind, expected) => {
  expect(liveCommand(words)).toEqual({ kind, words: expected, hidden: [] });
});

const SECRETS: readonly [string[], string[], string[]][] = [
  [['aider', '--openai-api-key', 'hunter2', '--no-git'], ['aider', '--no-git'], ['--openai-api-key']],
  [['aider', '--anthropic-api-key=hunter2'], ['aider'], ['--anthropic-api-key']],
  [['serve', '--token', '--verbose'], ['serve', '--verbose'], ['--token']],
  [['serve', 'sk-ant-0123456789abcdef'], ['serve'], ['a word that looks like a secret']],
  [['sh', '-c', 'API_KEY=hunter2 serve'], ['sh', '-c'], ['a word that looks like a secret']],
  [['serve', '--monkey', 'see'], ['serve', '--monkey', 'see'], []],
];

test.each(SECRETS)('what may be secret is left out, and named: %j', (words, kept, hidden) => {
  expect(liveCommand(words)).toMatchObject({ words: kept, hidden });
});

describe('the stanza of a program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'colony-stanza-'));
  afterAll(() => removeFolder(folder));

  const loaded = (lines: string) => {
    const path = join(folder, 'colony.yaml');
    writeFileSync(path, `version: 1\nname: lab\nagents:\n${lines}`);
    const done = loadConfig({ path, profiles: [], environment: {}, home: folder, generation: 0 });
    return done.ok ? [...done.value.desired.agents.values()] : JSON.stringify(done.error.diagnostics);
  };

  test('is what a person would write', () => {
    const live = liveCommand(['claude', '--model', 'opus', '--api-key', 'x']);
    expect(stanza({ name: 'api', folder: '/work', live })).toBe(
      '  # left out, because it may be secret: --api-key; give it by env: or env_file:\n' +
        '  api:\n    kind: claude\n    workdir: /work\n    command: claude --model opus\n',
    );
  });

  test('starts the same program, whatever its words are', () => {
    const plain = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((text) => /^[^\0-\x1f\x7f]*$/.test(text));
    const special = fc.constantFrom('$HOME', '${X}', '$$', '~', '# no', "it's", '- a', 'a: b', '*x', '&y', 'null', '[');
    const word = fc.oneof(plain, special);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), word, (words, name) => {
        const live = { kind: 'shell', words: ['/bin/x', ...words], hidden: [] } as const;
        const found = loaded(stanza({ name: agentName(name), folder, live }));
        const [agent] = typeof found === 'string' ? [] : found;
        if (!agent) throw new Error(String(found));
        const { command } = agent;
        const started = command.form === 'words' ? command.words : command.line.split(' ');
        expect(started).toEqual(live.words);
      }),
      { numRuns: 200 },
    );
  });
});

test.each([
  ['Web Site', 'web-site'],
  ['3rd', 'rd'],
  ['--', 'agent'],
  ['ok', 'ok'],
  ['ünïcode', 'n-code'],
])('the session %s becomes the agent %s', (session, agent) => expect(agentName(session)).toBe(agent));
