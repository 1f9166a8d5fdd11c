#!/usr/bin/env node
// A program that behaves like Gemini CLI 0.61 in all that colony relies on: options, the file of a conversation, title, screen, keys,
// exits, the question whether a folder is trusted. It has no model: what it does with a prompt, the prompt says
// (directives.mjs): SLOW, BASH and RATELIMIT, ERR as an error on the screen, else it is echoed.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { answerTo, directiveOf } from './directives.mjs';
import { Box } from './fake-box.mjs';
import { draw, enter, leave, listen, size, title, wrap } from './fake-terminal.mjs';

/** So many milliseconds pass before its screen is there. */
const START = 300;
/** A wrong id ends it with this code. */
const WRONG = 42;

const own = join(process.env.GEMINI_CLI_HOME || process.env.HOME || homedir(), '.gemini');
const chats = join(own, 'tmp', basename(process.cwd()), 'chats');
const name = process.env.CLI_TITLE || basename(process.cwd());

function readOptions(argv) {
  const options = {};
  const left = [...argv];
  while (left.length > 0) {
    const [option, value] = left.shift().split(/=(.*)/s);
    if (/^--(session-id|resume|prompt-interactive|model)$/.test(option))
      options[option.slice(2)] = value ?? left.shift();
  }
  return options;
}

function refuse(text) {
  process.stderr.write(`${text}\n`);
  process.exit(WRONG);
}

const fileOf = (id) => {
  const found = existsSync(chats)
    ? readdirSync(chats).find((file) => file.endsWith(`-${id.slice(0, 8)}.jsonl`))
    : undefined;
  return found && join(chats, found);
};

const messagesIn = (file) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(JSON.parse)
    .filter(({ type }) => type);

const isTrusted = () => {
  const file = join(own, 'trustedFolders.json');
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8'))[process.cwd()] === 'TRUST_FOLDER';
};

const limit = ['Usage limit reached for a-model.', '/model to switch models.', '', '● 1. Keep trying', '  2. Stop'];
const trust = ['Do you trust the files in this folder?', '', '● 1. Trust folder', "  2. Don't trust"];
const permission = (command) => [command, 'Allow execution of [Shell]?', '', '● 1. Allow once', '  2. No (esc)'];

class Gemini {
  box = new Box();
  above = [];
  /** The dialog that is open: what it shows, what the title says meanwhile, and what Enter does. */
  dialog = undefined;

  constructor(options) {
    this.options = options;
    const { 'session-id': wanted, resume } = options;
    if (wanted && fileOf(wanted))
      refuse(
        `Error starting session: Session ID "${wanted}" already exists. Use --resume to resume it, or provide a different ID.`,
      );
    this.id = resume ?? wanted ?? randomUUID();
    if (!resume) return;
    const messages = fileOf(resume) ? messagesIn(fileOf(resume)) : [];
    if (messages.length === 0) refuse(`Error resuming session: Invalid session identifier "${resume}".`);
    for (const { type, content } of messages) this.show(type === 'user' ? ` > ${content[0].text}` : `✦ ${content}`);
  }

  async begin() {
    await new Promise((done) => setTimeout(done, START));
    this.ready = true;
    this.draw();
    if (!fileOf(this.id)) this.#create();
    if (!isTrusted()) this.#ask(trust, '◇  Ready', () => this.#trusted());
    if (this.options['prompt-interactive']) this.submit(this.options['prompt-interactive']);
  }

  /** The first message is its own. */
  #create() {
    mkdirSync(chats, { recursive: true });
    const at = new Date().toISOString().slice(0, 16).replace(':', '-');
    this.file = join(chats, `session-${at}-${this.id.slice(0, 8)}.jsonl`);
    const content = [{ text: '<session_context>\nThis is a folder.\n</session_context>' }];
    const context = { $set: { messages: [{ id: randomUUID(), type: 'user', content }] } };
    writeFileSync(this.file, `${JSON.stringify({ sessionId: this.id, kind: 'main' })}\n${JSON.stringify(context)}\n`);
  }

  /** It starts itself anew with the words it was started with, of which the id is in use by now. */
  #trusted() {
    writeFileSync(join(own, 'trustedFolders.json'), JSON.stringify({ [process.cwd()]: 'TRUST_FOLDER' }));
    leave();
    if (this.options.resume) process.exit(0);
    refuse(`Error starting session: Session ID "${this.id}" already exists. Use --resume to resume it, or`);
  }

  #ask(rows, says, onEnter) {
    this.dialog = { rows, says, onEnter };
    this.draw();
  }

  #say(type, content) {
    appendFileSync(fileOf(this.id), `${JSON.stringify({ id: randomUUID(), type, content })}\n`);
  }

  show(text) {
    this.above.push('', ...wrap(text, size().columns - 4));
  }

  submit(text) {
    this.#say('user', [{ text }]);
    this.show(` > ${text}`);
    this.busy = true;
    this.draw();
    const asked = directiveOf(text);
    if (asked.op === 'RATELIMIT') return this.#ask(limit, '✦  Working…', () => this.#done());
    if (asked.op === 'ERR') return this.#done(`✕ [API Error: ${asked.rest}]`);
    if (asked.op === 'BASH')
      return this.#ask(permission(asked.rest), '✋  Action Required', () => this.#run(asked.rest));
    return void this.#answer(answerTo(asked));
  }

  #run(command) {
    spawnSync('sh', ['-c', command], { stdio: 'ignore' });
    return void this.#answer({ gap: 20, words: ['stub: BASH done'] });
  }

  async #answer({ gap, words }) {
    for (const _ of words) await new Promise((done) => setTimeout(done, gap));
    this.#say('gemini', words.join('').trim());
    this.#done(`✦ ${words.join('')}`);
  }

  #done(text) {
    if (text) this.show(text);
    this.busy = false;
    this.draw();
  }

  key(pressed) {
    if (pressed === 'ctrl-c') return this.quit();
    const { dialog } = this;
    if (dialog) {
      if (pressed !== 'enter') return;
      this.dialog = undefined;
      dialog.onEnter();
      return this.draw();
    }
    if (!this.box.press(pressed) && pressed === 'enter') this.#enter();
    this.draw();
  }

  #enter() {
    const text = this.box.whole().trim();
    if (text === '') return;
    this.box.text = '';
    // Blanks hide no command; what it does not know is a text.
    if (/^\/(?:compact|clear)(?:\s|$)/.test(text)) return this.show('ℹ a command');
    this.submit(text);
  }

  insert(text) {
    if (!this.dialog) this.box.insert(text);
    this.draw();
  }

  paste(text) {
    const lines = text.split('\n').length;
    if (lines <= 5 && text.length <= 500) return this.insert(text);
    const shown = lines > 5 ? `[Pasted Text: ${lines} lines]` : `[Pasted Text: ${text.length} chars]`;
    if (!this.dialog) this.box.insertPaste(shown, text);
    this.draw();
  }

  draw() {
    if (!this.ready) return;
    const state = this.dialog?.says ?? (this.busy ? '✦  Working…' : '◇  Ready');
    title(`${state} (${name})`);
    if (this.dialog) {
      const rows = this.dialog.rows.map((row) => `│ ${row}`);
      return draw(this.above, ['╭────────────────', ...rows, '╰────────────────', ''], { visible: false });
    }
    const { text } = this.box;
    const rows = text === '' ? ['  Type your message or @path/to/file'] : wrap(text, size().columns - 8);
    const shown = rows.map((row, index) => (index === 0 ? ` > ${row}` : `   ${row}`));
    const footer = ['', ' workspace (/directory)    sandbox    /model', ` ${process.cwd()}`];
    const head = [
      this.busy ? ' ⠏ Thinking... (esc to cancel, 1s)' : '',
      '─'.repeat(size().columns),
      ' Shift+Tab to accept edits',
      '',
    ];
    draw(this.above, [...head, ...shown, ...footer], { visible: false });
  }

  quit() {
    leave();
    process.exit(0);
  }
}

const me = new Gemini(readOptions(process.argv.slice(2)));
enter();
listen({
  onKey: (pressed) => me.key(pressed),
  onText: (text) => me.insert(text),
  onPaste: (text) => me.paste(text),
});
process.on('SIGTERM', () => me.quit());
process.stdout.on('resize', () => me.draw());
await me.begin();
