#!/usr/bin/env node
// A program that behaves like Codex in all that colony relies on: options, files, title, screen, keys, exits. It has no model:
// what it does with a prompt, the prompt says (directives.mjs). The contract tests hold it against the real one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FolderDialog, ResumeDialog, TrustDialog } from './fake-codex-dialogs.mjs';
import { allRollouts, Config, findRollout, newId, Rollout, readRollout } from './fake-codex-files.mjs';
import { CodexBox, Keyboard } from './fake-codex-keys.mjs';
import { render } from './fake-codex-screen.mjs';
import { runShell, runTurn } from './fake-codex-turn.mjs';
import { enter, leave } from './fake-terminal.mjs';

/** After so many milliseconds the title and the lock are there. */
const START = Number(process.env.FAKE_CODEX_START ?? 300);
/** How long it takes to leave after it was asked to. */
const LEAVE = 500;
const VALUES = new Map([
  ['-m', 'model'],
  ['--model', 'model'],
  ['-C', 'folder'],
  ['--cd', 'folder'],
  ['-a', 'approval'],
  ['--ask-for-approval', 'approval'],
  ['-s', 'sandbox'],
  ['--sandbox', 'sandbox'],
  ['-p', 'profile'],
  ['--profile', 'profile'],
]);

function readOptions(argv) {
  const options = { overrides: new Map(), words: [], flags: new Set() };
  const left = [...argv];
  while (left.length > 0) {
    const word = left.shift();
    if (word === '--') options.words.push(...left.splice(0));
    else if (word.startsWith('-')) readOption(word, left, options);
    else if (word === 'resume' && options.words.length === 0 && !options.resuming) options.resuming = true;
    else options.words.push(word);
  }
  return options;
}

function readOption(word, left, options) {
  if (word === '-c' || word === '--config') {
    const [key, value] = left.shift().split(/=(.*)/s);
    options.overrides.set(key, value);
  } else if (VALUES.has(word)) options[VALUES.get(word)] = left.shift();
  else if (word.startsWith('--')) options.flags.add(word);
  else fail(2, `error: unexpected argument '${word.slice(0, 2)}' found`);
}

function fail(code, text) {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

class Codex {
  blocks = [];
  box = new CodexBox();
  later = [];
  steered = [];
  early = [];
  limited = new Map();
  context = 1500;
  ready = false;

  constructor(options) {
    this.options = options;
    this.cwd = options.folder ?? process.cwd();
    this.config = new Config(options.overrides);
    this.model = options.model ?? this.config.model ?? 'gpt-5-codex';
    const words = [...options.words];
    if (options.resuming) this.old = oldConversation(words.shift());
    this.prompt = words[0];
  }

  draw() {
    if (!this.gone) render(this);
  }

  say(...lines) {
    this.blocks.push(lines);
    this.draw();
  }

  /** Take a prompt: as a new turn, or into the one that runs. */
  submit(text) {
    // What comes before it is ready is taken as soon as it is.
    if (!this.ready) return void this.early.push(text);
    if (!this.turn) return void runTurn(this, text);
    this.steered.push(text);
    this.turn.steer.abort();
  }

  runShell(command) {
    if (!this.rollout.file) this.rollout.event('thread_settings_applied', { thread_settings: { model: this.model } });
    return runShell(this, command);
  }

  commands = {
    quit: () => this.quit(),
    exit: () => this.quit(),
    new: () => this.#another(),
    clear: () => this.#another(),
    resume: () => this.#resume(),
    compact: () => this.#compact(),
    status: () => this.say(['• ', `Model: ${this.model}`]),
  };

  /** A new conversation; the files of the old one stay open. */
  #another() {
    this.rollout = new Rollout(newId(), this.cwd, this.model);
    this.blocks = [];
    this.draw();
  }

  /** An earlier conversation, which a person chooses; its lock is taken anew. */
  async #resume() {
    const sessions = allRollouts().map(oldConversation);
    const first = ({ lines }) => lines.find(({ payload }) => payload?.role === 'user')?.payload.content[0].text;
    const old = sessions[await this.#ask(ResumeDialog, sessions.map(first))];
    if (old) {
      this.old = old;
      this.rollout = new Rollout(old.id, this.cwd, this.model, old.file);
      this.blocks = [];
      this.recall();
    }
    this.draw();
  }

  async #compact() {
    const id = newId();
    this.turn = {
      id,
      began: Date.now(),
      compacting: true,
      interrupt: new AbortController(),
      steer: new AbortController(),
    };
    this.rollout.event('task_started', { turn_id: id });
    await new Promise((done) => setTimeout(done, 500));
    this.rollout.add('compacted', { message: 'stub: summary' });
    this.context = 1500;
    this.rollout.event('task_complete', { turn_id: id, last_agent_message: null });
    this.turn = undefined;
    this.say(['• ', 'Context compacted · 0s']);
  }

  /** Call the program of `notify`, as at the end of a turn. */
  notify(thread, turn, inputs, answer) {
    const [program, ...words] = this.config.notify;
    if (program === undefined || this.gone) return;
    const about = {
      type: 'agent-turn-complete',
      'thread-id': thread,
      'turn-id': turn,
      cwd: this.cwd,
      client: 'codex-tui',
    };
    const text = JSON.stringify({ ...about, 'input-messages': inputs, 'last-assistant-message': answer });
    spawn(program, [...words, text], { cwd: this.cwd, stdio: 'ignore' }).on('error', () => undefined);
  }

  /** Run the hooks of an event, if they are trusted. */
  async hook(event, more = {}) {
    if (!this.options.flags.has('--dangerously-bypass-hook-trust')) return;
    const common = {
      session_id: this.rollout.id,
      transcript_path: this.rollout.file ?? null,
      cwd: this.cwd,
      model: this.model,
      permission_mode: 'default',
    };
    const input = JSON.stringify({ ...common, hook_event_name: event, ...more });
    await Promise.all(this.config.hooks(event).map((command) => ran(command, input, this.cwd)));
  }

  /** First the dialogs, then the lock and the title, then the first prompt. */
  async begin() {
    this.draw();
    if (existsSync(join(this.cwd, '.git')) && !this.config.isTrusted(this.cwd)) await this.#trusted();
    if (this.old && this.old.cwd !== this.cwd && !this.options.folder) await this.#folder();
    await new Promise((done) => setTimeout(done, START));
    this.rollout = new Rollout(this.old?.id ?? newId(), this.cwd, this.model, this.old?.file);
    this.ready = true;
    this.booting = true;
    this.draw();
    await new Promise((done) => setTimeout(done, 60));
    this.booting = false;
    this.draw();
    for (const text of this.early.splice(0)) this.submit(text);
    if (this.prompt === undefined) return;
    if (this.prompt.startsWith('!')) await this.runShell(this.prompt.slice(1));
    else this.submit(this.prompt);
  }

  async #trusted() {
    if ((await this.#ask(TrustDialog, this.cwd)) === 0) return this.config.trust(this.cwd);
    this.quit();
    await new Promise(() => undefined);
  }

  async #folder() {
    if ([0, 2, undefined].includes(await this.#ask(FolderDialog))) this.cwd = this.old.cwd;
  }

  #ask(Kind, ...about) {
    return new Promise((done) => {
      this.dialog = new Kind(...about, (choice) => {
        this.dialog = undefined;
        done(choice);
      });
      this.draw();
    });
  }

  /** Show what was said before in this conversation. */
  recall() {
    if (!this.old) return;
    const { lines } = this.old;
    this.model =
      this.options.model ??
      lines.findLast(({ payload }) => payload?.thread_settings)?.payload.thread_settings.model ??
      this.model;
    for (const { payload } of lines) {
      if (payload?.type !== 'message') continue;
      this.blocks.push([[payload.role === 'user' ? '› ' : '• ', payload.content[0].text]]);
    }
    const last = lines.findLast(({ payload }) =>
      ['task_started', 'task_complete', 'turn_aborted'].includes(payload?.type),
    );
    if (last && last.payload.type !== 'task_complete') {
      this.blocks.push([['■ ', 'Conversation interrupted - use /feedback if something went wrong']]);
    }
  }

  quit() {
    if (this.gone) return;
    this.gone = true;
    leave();
    process.stdout.write('\x1b]0;\x07');
    setTimeout(async () => {
      await this.hook('SessionEnd', { reason: 'other' });
      this.rollout?.close();
      const { id, file } = this.rollout ?? {};
      if (file)
        process.stdout.write(
          `Token usage: total=743 input=701 (+ 300 cached) output=42\nTo continue this session, run:\n  codex resume ${id}\n`,
        );
      else if (id) process.stdout.write(`Session ID: ${id}\n`);
      process.exit(0);
    }, LEAVE);
  }
}

/** The conversation of this id, or the end of the program. */
function oldConversation(id) {
  const file = findRollout(id);
  const lines = file ? readRollout(file) : [];
  if (lines.length > 0) return { id, file, lines, cwd: lines[0].payload?.cwd };
  fail(
    1,
    `ERROR: No saved session found with ID ${id}. Run \`codex resume\` without an ID to choose from existing sessions.`,
  );
}

function ran(command, input, cwd) {
  return new Promise((done) => {
    const child = spawn('sh', ['-c', command], { cwd, stdio: ['pipe', 'ignore', 'ignore'] });
    child.on('error', done);
    child.on('close', done);
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

process.title = 'codex';
const me = new Codex(readOptions(process.argv.slice(2)));
enter();
me.recall();
new Keyboard(me);
process.stdout.on('resize', () => me.draw());
setInterval(() => (me.turn || me.dialog) && me.draw(), 100);
await me.begin();
