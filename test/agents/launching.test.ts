import { describe, expect, test } from 'vitest';
import type { Order, Start } from '../../src/agents/define.ts';
import { lastWordOn } from '../../src/agents/last-words.ts';
import { LAUNCHERS } from '../../src/agents/launching.ts';
import type { Kind } from '../../src/reconciler/types.ts';

const ID = '0aaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const LIFE = '1aaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const assigned: Start = { do: 'new', id: ID };
const own: Start = { do: 'new', id: undefined };
const resumed: Start = { do: 'resume', id: ID };

const launched = (kind: Kind, order: Partial<Order>) => {
  const whole = {
    agent: 'api',
    start: own,
    prompt: undefined,
    settings: undefined,
    words: [],
    folder: '/f',
    life: LIFE,
    ...order,
  };
  return LAUNCHERS[kind].launch(whole);
};

const CODEX = [
  '--no-daemon',
  ...['-c', 'check_for_update_on_startup=false', '-c', 'tui.terminal_title=["activity","project-name"]'],
  ...['-c', 'tui.resume_cwd="current"', '-c', 'notice.hide_rate_limit_model_nudge=true'],
];

describe('the words that are added', () => {
  test.each<[string, Kind, Partial<Order>, readonly string[]]>([
    ['nothing is wanted', 'claude', {}, []],
    ['a new one', 'claude', { start: assigned }, ['--session-id', ID]],
    ['resumed', 'claude', { start: resumed, settings: '/s.json' }, ['--resume', ID, '--settings', '/s.json']],
    ['a prompt', 'claude', { start: assigned, prompt: '-x' }, ['--session-id', ID, '--', '-x']],
    ['a new one', 'codex', {}, CODEX],
    ['resumed', 'codex', { start: resumed }, [...CODEX, 'resume', ID]],
    ['a prompt', 'codex', { prompt: '-x\n!y' }, [...CODEX, '--', '-x\n!y']],
    ['what a shell would run', 'codex', { prompt: '!x' }, [...CODEX, '--', ' !x']],
    ['what the user says already', 'codex', { words: ['codex', '--no-daemon'] }, CODEX.slice(1)],
    ['a new one', 'gemini', { start: assigned, prompt: '-x' }, ['--session-id', ID, '--prompt-interactive=-x']],
    ['resumed', 'gemini', { start: resumed }, ['--resume', ID]],
    ['a new one', 'opencode', { prompt: '-x' }, ['--prompt=-x']],
    ['resumed', 'opencode', { start: resumed }, ['--session', ID]],
    ['a new one', 'aider', { start: assigned, prompt: 'x' }, ['--chat-history-file', `/f/aider-${ID}.md`]],
    ['resumed', 'aider', { start: resumed }, ['--chat-history-file', `/f/aider-${ID}.md`, '--restore-chat-history']],
    ['as it is written', 'aider', { prompt: 'x' }, []],
    ['any program', 'shell', { prompt: 'x' }, []],
  ])('%s: %s', (_, kind, order, words) => expect(launched(kind, order).words).toEqual(words));

  test.each<Kind>(['claude', 'codex', 'gemini', 'opencode'])('%s: what is no word is typed', (kind) => {
    for (const prompt of ['a\0b', 'é'.repeat(60_000)]) {
      const { words, promptIsTyped } = launched(kind, { prompt });
      expect(promptIsTyped).toBe(true);
      expect(words.join(' ')).not.toContain(prompt);
    }
    expect(launched(kind, { prompt: 'x'.repeat(20_000) }).promptIsTyped).toBe(false);
  });

  test.each<Kind>(['aider', 'shell'])('%s: every prompt is typed', (kind) => {
    expect(launched(kind, { prompt: 'x' }).promptIsTyped).toBe(true);
    expect(launched(kind, {}).promptIsTyped).toBe(false);
  });
});

test('each life of opencode has a mark of its own, with which it is resumed, too', () => {
  for (const start of [own, resumed]) {
    expect(launched('opencode', { start }).env.OPENCODE_CONFIG).toBe(`/f/opencode-${LIFE}.json`);
  }
});

describe('where a conversation is kept', () => {
  const at = (kind: Kind, env: Record<string, string>) =>
    LAUNCHERS[kind].transcript?.(ID, { env, home: '/home/me', folder: '/f' }).join('/');
  test.each<[Kind, Record<string, string>, string | undefined]>([
    ['claude', {}, `/home/me/.claude/projects/*/${ID}.jsonl`],
    ['claude', { CLAUDE_CONFIG_DIR: '/c' }, `/c/projects/*/${ID}.jsonl`],
    ['claude', { CLAUDE_CONFIG_DIR: '' }, `/home/me/.claude/projects/*/${ID}.jsonl`],
    ['codex', { CODEX_HOME: '/x' }, `/x/sessions/*/*/*/rollout-*-${ID}.jsonl`],
    ['gemini', { GEMINI_CLI_HOME: '/g' }, `/g/.gemini/tmp/*/chats/session-*-0aaaaaaa.json*`],
    ['aider', {}, `/f/aider-${ID}.md`],
    ['opencode', {}, undefined],
    ['shell', {}, undefined],
  ])('%s %j', (kind, env, path) => expect(at(kind, env)).toBe(path));
});

describe('what a program says before it ends at once', () => {
  test.each<[Kind, readonly string[], 'refused' | 'taken' | undefined]>([
    ['claude', [`No conversation found with session ID: ${ID}`], 'refused'],
    ['claude', ['', `Error: Session ID ${ID} is already in use.`, '', 'Pane is dead'], 'taken'],
    ['claude', ['No conversation found with session ID: 0aaaaaaa-bb', 'bb-4ccc-8ddd-eeeeeeeeeeee   '], 'refused'],
    ['claude', ['No conversation found with session ID: 11111111-bbbb-4ccc-8ddd-eeeeeeeeeeee'], undefined],
    [
      'claude',
      [`Error: Session ID ${ID} is already in use.`, `No conversation found with session ID: ${ID}`],
      'refused',
    ],
    ['claude', [`No conversation found with session ID: ${ID}`, `Error: Session ID ${ID} is already in use.`], 'taken'],
    ['codex', [`ERROR: No saved session found with ID ${ID}. Run \`codex resume\` without`], 'refused'],
    [
      'codex',
      ['thread/resume failed during TUI bootstrap: no rollout found for thread', `id ${ID} (code -32600)`],
      'refused',
    ],
    ['gemini', ['Error resuming session: No previous sessions found for this project.'], 'refused'],
    ['gemini', [`Error starting session: Session ID "${ID}" already exists. Use --resume to resume it, or`], 'taken'],
    ['opencode', [`Error: Session not found: ${ID}`], 'refused'],
    ['shell', [`No conversation found with session ID: ${ID}`], undefined],
  ])('%s %j', (kind, lines, is) => expect(lastWordOn(kind, ID, lines)?.is).toBe(is));
});

test('in a conversation of Gemini CLI something was said once there is more than what it has written itself', () => {
  const context = { $set: { messages: [{ id: 'a', type: 'user', content: [{ text: 'a "type":"user" of my own' }] }] } };
  const lines = [{ sessionId: ID, kind: 'main' }, context];
  const said = (...more: readonly object[]) =>
    LAUNCHERS.gemini.said?.([...lines, ...more].map((line) => JSON.stringify(line)).join('\n'));
  expect(said()).toBe(false);
  expect(said({ id: 'b', type: 'user', content: [{ text: 'hello' }] })).toBe(true);
});
