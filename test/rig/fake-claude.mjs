#!/usr/bin/env node
// A program that behaves like Claude Code in all that colony relies on: options, files, hooks, screen, keys, exits. It has no
// model: what it does with a prompt, the prompt says (directives.mjs). The contract tests hold it against the real one.
import { basename } from 'node:path';
import { Box } from './fake-box.mjs';
import { COMMANDS } from './fake-claude-commands.mjs';
import { TrustDialog } from './fake-claude-dialogs.mjs';
import { findTranscript, isTrusted, SelfRecord, Transcript } from './fake-claude-files.mjs';
import { Hooks, readSettings } from './fake-claude-hooks.mjs';
import { Keyboard, trusted } from './fake-claude-keys.mjs';
import { readOptions } from './fake-claude-options.mjs';
import { render } from './fake-claude-screen.mjs';
import { runTurn, shell } from './fake-claude-turn.mjs';
import { enter, leave, title } from './fake-terminal.mjs';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** After so many milliseconds the record is there, and the hooks are told. */
const START = Number(process.env.FAKE_CLAUDE_START ?? 350);
/** So long after the hooks of the start Enter is still swallowed. */
const DEAF = 100;
const MODES = { manual: 'default' };

const { options, words } = readOptions(process.argv.slice(2));

class Claude {
  cwd = process.cwd();
  model = options.get('--model') ?? 'claude-opus-5-5';
  status = 'starting';
  blocks = [];
  box = new Box();
  queue = [];
  background = 0;
  shells = 0;
  limited = new Map();
  usage = { percent: undefined, cost: 0 };
  began = false;

  constructor({ id, file }) {
    this.id = id;
    this.transcript = new Transcript(id, this.cwd, file);
    this.hooks = new Hooks(this, readSettings(this.cwd, options.get('--settings')));
    this.name = options.get('--name') ?? basename(this.cwd);
    this.record = new SelfRecord(id, this.cwd, this.name);
    this.mode = this.#mode();
  }

  /** As it was asked for, or as it was when the conversation was left, or auto. */
  #mode() {
    const asked = options.get('--permission-mode');
    if (asked) return MODES[asked] ?? asked;
    if (options.has('--dangerously-skip-permissions')) return 'bypassPermissions';
    return this.transcript.read().findLast(({ type }) => type === 'permission-mode')?.permissionMode ?? 'auto';
  }

  draw() {
    if (!this.gone) render(this);
  }

  setStatus(status, waitingFor) {
    this.status = status;
    this.record.set({ status, ...(waitingFor ? { waitingFor } : {}) });
  }

  /** Add a block to what is above the box. */
  say(...lines) {
    this.blocks.push(lines);
    this.draw();
  }

  /** Add lines to the last block. */
  extend(...lines) {
    this.blocks.at(-1)?.push(...lines);
    this.draw();
  }

  /** Take a prompt now, or after the turn that runs. */
  async submit(text) {
    const about = { prompt_id: crypto.randomUUID(), permission_mode: this.mode, prompt: text };
    if (this.turn) {
      this.queue.push(text);
      this.transcript.note('queue-operation', {
        operation: 'enqueue',
        timestamp: new Date().toISOString(),
        content: text,
      });
      this.draw();
      await this.hooks.fire('UserPromptSubmit', about);
      return;
    }
    // The box is taken at once: a second prompt that comes while the hook runs is queued.
    this.turn = { began: Date.now(), controller: new AbortController(), prompt: text };
    await this.hooks.fire('UserPromptSubmit', about);
    await runTurn(this, [text]);
  }

  async command(name, rest) {
    const run = COMMANDS[name];
    if (run) await run(this, rest);
    else this.say(['● ', `Unknown command: /${name}`], ...(rest ? [['● ', `Args from unknown skill: ${rest}`]] : []));
    this.draw();
  }

  async runShell(command) {
    this.say(['! ', command]);
    this.extend(['  ⎿  ', (await shell(this, command)) || '(No content)']);
  }

  /** From here on it is really there: its record, its hooks, its first prompt. */
  async begin() {
    this.draw();
    await new Promise((done) => setTimeout(done, START));
    this.began = true;
    this.setStatus('idle');
    const source = options.has('--resume') || options.has('--continue') ? 'resume' : 'startup';
    await this.hooks.fire('SessionStart', { source, model: this.model }, source);
    await new Promise((done) => setTimeout(done, DEAF));
    this.hears = true;
    this.#heartbeat();
    const prompt = words[0];
    if (prompt?.startsWith('/')) {
      const [, name, rest] = /^\/(\S*)\s*(.*)$/s.exec(prompt);
      await this.command(name, rest);
    } else if (prompt) await this.submit(prompt);
    else if (process.env.CLAUDE_CODE_RESUME_INTERRUPTED_TURN === '1') await this.#resumeTurn();
  }

  /** Take up again the turn that was cut off, if the conversation ends in one. */
  async #resumeTurn() {
    const last = this.transcript
      .read()
      .findLast(({ type, subtype }) => type === 'user' || type === 'assistant' || subtype === 'turn_duration');
    if (last?.type === 'user' && typeof last.message.content === 'string') await this.submit(last.message.content);
    else if (this.transcript.read().findLast(({ type }) => type === 'assistant')?.isApiErrorMessage)
      await runTurn(this, ['Continue from where you left off.'], { shown: false });
  }

  #heartbeat() {
    void this.hooks.status();
    const every = this.hooks.statusLine?.refreshInterval;
    if (every) setInterval(() => void this.hooks.status(), every * 1000).unref();
  }

  /** Show what was said before in this conversation. */
  recall() {
    const lines = this.transcript.read();
    const start = lines.findLastIndex(({ subtype }) => subtype === 'compact_boundary') + 1;
    this.blocks = lines
      .slice(start)
      .flatMap(({ type, message }) => textsOf(message).map((text) => [[type === 'user' ? '❯ ' : '● ', text.trim()]]));
  }

  quit(code, reason) {
    this.gone = true;
    leave();
    if (reason && this.began) this.hooks.fireLast('SessionEnd', { prompt_id: this.promptId, reason });
    this.record.remove();
    if (code === 0 && this.transcript.read().length > 0) {
      process.stdout.write(`\nResume this session with:\nclaude --resume ${this.id}\n`);
    }
    process.exit(code);
  }
}

function textsOf(message) {
  if (typeof message?.content === 'string') return [message.content];
  return (message?.content ?? []).filter(({ type }) => type === 'text').map(({ text }) => text);
}

/** Which conversation it is to be, and where it lies if it is an old one. Ends the program where that cannot be. */
function conversation() {
  const old = options.get('--resume');
  if (typeof old === 'string') {
    const file = findTranscript(old);
    const readable = file && new Transcript(old, process.cwd(), file).read().some(({ type }) => type === 'user');
    if (readable) return { id: old, file };
    new Claude({ id: old }).hooks.fireLast('SessionEnd', { reason: 'other' });
    process.stdout.write(`No conversation found with session ID: ${old}\n`);
    process.exit(1);
  }
  const id = options.get('--session-id');
  if (id === undefined) return { id: crypto.randomUUID() };
  const refused = !UUID.test(id)
    ? 'Invalid session ID. Must be a valid UUID.'
    : findTranscript(id)
      ? `Session ID ${id} is already in use.`
      : undefined;
  if (refused === undefined) return { id };
  process.stderr.write(`\x1b[31mError: ${refused}\x1b[39m\n`);
  process.exit(1);
}

process.title = 'claude';
const me = new Claude(conversation());
for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])
  process.on(signal, () => me.quit(code, 'other'));
enter();
title(`✳ ${options.get('--name') ?? 'Claude Code'}`);
me.recall();
new Keyboard(me);
process.stdout.on('resize', () => me.draw());
// The spinner turns while something is done.
setInterval(() => (me.turn || me.background > 0) && me.draw(), 300);
if (isTrusted(me.cwd)) void me.begin();
else {
  me.dialog = new TrustDialog(me.cwd, (choice) => trusted(me, choice));
  me.draw();
}
