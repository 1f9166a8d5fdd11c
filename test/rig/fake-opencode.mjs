#!/usr/bin/env node
// A program that behaves like opencode 1.18 in all that colony relies on: options, the log that all of them share, title, screen,
// keys, exits. It has no model: what it does with a prompt, the prompt says (directives.mjs): SLOW and BASH, else it is echoed.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { answerTo, directiveOf } from './directives.mjs';
import { Box } from './fake-box.mjs';
import { draw, enter, leave, listen, size, title, widthOf, wrap } from './fake-terminal.mjs';

/** So many milliseconds pass before its screen is there, and before a line stands in its log. */
const START = 300;
const FLUSH = 200;

const { XDG_DATA_HOME, HOME, XDG_CONFIG_HOME, OPENCODE_CONFIG } = process.env;
const home = HOME ?? homedir();
const data = join(XDG_DATA_HOME || join(home, '.local/share'), 'opencode');
const config = join(XDG_CONFIG_HOME || join(home, '.config'), 'opencode');

function readOptions(argv) {
  const options = {};
  const left = [...argv];
  while (left.length > 0) {
    const [name, value] = left.shift().split(/=(.*)/s);
    if (['--session', '-s', '--prompt', '--model', '-m'].includes(name)) {
      options[name.replace(/^-s$/, '--session').slice(2)] = value ?? left.shift();
    }
  }
  return options;
}

/** One file for all programs of a person; what is written comes late, and of who is killed not at all. */
class Log {
  run = randomBytes(4).toString('hex');
  #lines = '';

  constructor() {
    mkdirSync(join(data, 'log'), { recursive: true });
    this.fd = openSync(join(data, 'log', 'opencode.log'), 'a');
  }

  add(message, fields) {
    if (this.#lines === '') setTimeout(() => this.flush(), FLUSH);
    const all = { timestamp: new Date().toISOString(), level: 'INFO', run: this.run, message, ...fields };
    const words = Object.entries(all).map(([key, value]) => `${key}=${word(String(value))}`);
    this.#lines += `${words.join(' ')}\n`;
  }

  flush() {
    if (this.#lines !== '') writeSync(this.fd, this.#lines);
    this.#lines = '';
  }
}

const word = (text) => (/^[^\s="\\]+$/.test(text) ? text : JSON.stringify(text));

const newId = () => `ses_${randomBytes(6).toString('hex')}ffe${randomBytes(7).toString('hex')}`;

/** What was said in a conversation, a line each. */
const fileOf = (id) => join(data, 'sessions', `${id}.jsonl`);

class Opencode {
  box = new Box();
  said = [];
  log = new Log();

  constructor({ session, prompt }) {
    this.prompt = prompt;
    if (session === undefined) return;
    if (!existsSync(fileOf(session))) {
      process.stderr.write(`Error: Session not found: ${session}\n`);
      process.exit(1);
    }
    this.id = session;
    this.said = readFileSync(fileOf(session), 'utf8').trim().split('\n').map(JSON.parse);
  }

  async begin() {
    this.log.add('creating instance', { directory: process.cwd() });
    for (const path of [join(config, 'opencode.json'), OPENCODE_CONFIG]) if (path) this.log.add('loading', { path });
    await new Promise((done) => setTimeout(done, START));
    this.ready = true;
    this.draw();
    if (this.prompt !== undefined) this.submit(this.prompt);
  }

  submit(text) {
    this.id ??= this.#created();
    this.#say('user', text);
    this.log.add('loop', { 'session.id': this.id, step: 0 });
    const directive = directiveOf(text);
    this.busy = true;
    this.draw();
    if (directive.op !== 'BASH') return void this.#answer(answerTo(directive));
    this.asks = directive.rest;
    this.draw();
  }

  #created() {
    const id = newId();
    mkdirSync(join(data, 'sessions'), { recursive: true });
    const parent = { parentID: undefined, title: 'New session - parentID=ses_not' };
    this.log.add('created', { id, slug: 'a-slug', version: '1.18.33', directory: process.cwd(), ...parent });
    return id;
  }

  #say(who, text) {
    this.said.push({ who, text });
    appendFileSync(fileOf(this.id), `${JSON.stringify({ who, text })}\n`);
  }

  async #answer({ gap, words }) {
    for (const _ of words) await new Promise((done) => setTimeout(done, gap));
    this.#say('opencode', words.join(''));
    this.busy = false;
    this.log.add('exiting loop', { 'session.id': this.id });
    this.draw();
  }

  key(name) {
    if (name === 'ctrl-c') return this.quit();
    if (this.asks !== undefined) {
      if (name !== 'enter') return;
      spawnSync('sh', ['-c', this.asks], { stdio: 'ignore' });
      this.asks = undefined;
      return void this.#answer({ gap: 20, words: ['stub: BASH done'] });
    }
    if (!this.box.press(name) && name === 'enter') this.#enter();
    this.draw();
  }

  #enter() {
    const text = this.box.whole().trimEnd();
    if (text === '') return;
    this.box.text = '';
    if (text !== '/new') return this.submit(text);
    this.id = undefined;
    this.said = [];
  }

  insert(text) {
    if (this.asks === undefined) this.box.insert(text);
    this.draw();
  }

  paste(text) {
    const lines = text.split('\n').length;
    if (lines < 3 && text.length <= 150) return this.insert(text);
    const shown = `[Pasted ~${lines} lines]`;
    if (this.asks === undefined) this.box.insertPaste(shown, text);
    this.draw();
  }

  draw() {
    if (!this.ready) return;
    title(this.said.length > 0 ? 'OC | a title' : 'OpenCode');
    const above = this.said.flatMap(({ who, text }) => [
      '',
      ...wrap(text, size().columns - 8, who === 'user' ? '  ┃  ' : '     '),
    ]);
    if (this.asks !== undefined) return draw(above, dialogOf(this.asks), { visible: false });
    const { text } = this.box;
    const rows = wrap(text, size().columns - 8, '').map((row) => `  ┃  ${row}`);
    const shown = text === '' ? ['  ┃  Ask anything…'] : rows;
    const footer = `   ${this.busy ? 'esc interrupt' : process.cwd()}    ctrl+p commands`;
    const bottom = ['  ┃', ...shown, '  ┃', '  ┃  Build · Stub', `  ╹${'▀'.repeat(40)}`, footer];
    const column = text === '' ? 5 : widthOf(rows.at(-1));
    draw(above, bottom, { cursor: { row: rows.length, column } });
  }

  quit() {
    this.log.flush();
    leave();
    if (this.id !== undefined) process.stdout.write(`  Continue  opencode -s ${this.id}\n`);
    process.exit(0);
  }
}

const dialogOf = (command) => [
  '  ┃',
  '  ┃  △ Permission required',
  '  ┃    # Shell command',
  `  ┃  $ ${command}`,
  '  ┃',
  '  ┃   Allow once   Allow always   Reject      ⇆ select  enter confirm',
];

/** `export ID`: the conversation, in as many words of its format as are read. */
function exportOf(id) {
  if (!existsSync(fileOf(id))) process.exit(1);
  const said = readFileSync(fileOf(id), 'utf8').trim().split('\n').map(JSON.parse);
  const messages = said.map(({ who, text }) => ({
    info: { role: who === 'user' ? 'user' : 'assistant' },
    parts: [{ type: 'text', text }],
  }));
  process.stdout.write(JSON.stringify({ info: { id }, messages }));
  process.exit(0);
}

const [command, ...words] = process.argv.slice(2);
if (command === 'export') exportOf(words[0]);
const me = new Opencode(readOptions(process.argv.slice(2)));
enter();
listen({
  onKey: (name) => me.key(name),
  onText: (text) => me.insert(text),
  onPaste: (text) => me.paste(text),
});
process.on('SIGTERM', () => me.quit());
process.stdout.on('resize', () => me.draw());
await me.begin();
