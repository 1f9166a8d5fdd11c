// The keyboard of the fake Codex: the box, what Enter makes of it, and how the program is left.
import { readdirSync } from 'node:fs';
import { listen } from './fake-terminal.mjs';

/** Enter that follows typed text so fast belongs to a paste; after a great piece of it, for longer. */
const BURST = 120;
const GREAT_BURST = 1000;
/** Longer pastes are shown as a word. */
const LONG = 1000;

const COMMAND = /^\/([a-z][\w-]*)$/;
/** A command with more behind it, if the program knows no such command. */
const UNKNOWN = /^\/([a-z][\w-]*)(\s|$)/;

export class Keyboard {
  constructor(me) {
    this.me = me;
    this.pastes = new Map();
    this.deafUntil = 0;
    listen({
      onKey: (name) => this.#changed(() => this.#key(name)),
      onText: (text) => this.#changed(() => this.#typed(text)),
      onPaste: (text) => this.#changed(() => this.#paste(text)),
    });
  }

  #changed(change) {
    change();
    this.me.draw();
  }

  #insert(text) {
    const { me } = this;
    me.box = me.atStart ? text + me.box : me.box + text;
    this.offered = undefined;
  }

  #typed(text) {
    const { me } = this;
    if (me.dialog) return me.dialog.text(text);
    if (text.length > 1) this.deafUntil = performance.now() + (text.length > LONG ? GREAT_BURST : BURST);
    this.#insert(text);
  }

  #paste(text) {
    const { me } = this;
    if (me.dialog) return;
    if (text.length <= LONG) return this.#insert(text);
    const word = `[Pasted Content ${text.length} chars]`;
    this.pastes.set(word, text);
    this.#insert(word);
  }

  #key(name) {
    const { me } = this;
    if (me.dialog) return me.dialog.key(name);
    this.#keys[name]?.();
  }

  #keys = {
    enter: () => this.#enter(),
    tab: () => this.#later(),
    newline: () => this.#insert('\n'),
    backspace: () => {
      this.me.box = [...this.me.box].slice(0, -1).join('');
    },
    escape: () => this.#escape(),
    'ctrl-a': () => {
      this.me.atStart = true;
    },
    'ctrl-e': () => {
      this.me.atStart = false;
    },
    'ctrl-c': () => this.#controlC(),
    'ctrl-d': () => this.me.box === '' && this.me.quit(),
    'ctrl-k': () => {
      if (this.me.atStart) this.#kill(0, this.me.box.length);
    },
    'ctrl-u': () => this.#killLine(),
    'ctrl-y': () => this.#insert(this.me.killed ?? ''),
    up: () => {
      if (this.me.box === '') this.me.box = this.me.stored ?? '';
    },
  };

  #enter() {
    const { me } = this;
    if (performance.now() < this.deafUntil) return this.#insert('\n');
    if (me.box.trim() === '' || this.#offers()) return;
    const text = this.#expand(me.box);
    if (text.startsWith('!')) return this.#take(() => void me.runShell(text.slice(1).trim()));
    const command = COMMAND.exec(text.trimEnd());
    if (command && me.commands[command[1]]) return this.#take(() => void me.commands[command[1]](me));
    const unknown = UNKNOWN.exec(text);
    if (unknown && !me.commands[unknown[1]]) return this.#refuse(unknown[1]);
    this.#take(() => me.submit(text.trim()));
  }

  #take(then) {
    this.me.box = '';
    this.me.atStart = false;
    then();
  }

  /** What it does not understand stays in the box, with the cursor before it. */
  #refuse(word) {
    const { me } = this;
    me.say(['• ', `Unrecognized command '/${word}'. Type "/" for a list of supported commands.`]);
    me.atStart = true;
  }

  /** A list stands open under a last word that begins with `@` or `$`: Enter takes from it, and sends nothing. */
  #offers() {
    const { me } = this;
    const [, mark, word] = /(?:^|\s)([@$])(\S*)$/.exec(me.box) ?? [];
    if (mark === '$') return true;
    const file = mark && readdirSync(me.cwd).find((name) => word !== '' && name.startsWith(word));
    if (!file) return false;
    me.box = `${me.box.slice(0, me.box.length - word.length - 1)}${file} `;
    return true;
  }

  #expand(text) {
    let whole = text;
    for (const [word, paste] of this.pastes) whole = whole.replace(word, () => paste);
    return whole;
  }

  /** What is typed while a turn runs is to follow it. */
  #later() {
    const { me } = this;
    if (!me.turn || me.box.trim() === '') return;
    me.later.push(this.#expand(me.box).trim());
    me.box = '';
  }

  #escape() {
    const { me } = this;
    if (me.box === '!') me.box = '';
    else if (me.turn) me.turn.interrupt.abort();
  }

  #controlC() {
    const { me } = this;
    if (me.box !== '') {
      me.stored = me.box;
      this.#take(() => undefined);
    } else if (me.turn) me.turn.interrupt.abort();
    else me.quit();
  }

  #killLine() {
    const { me } = this;
    if (me.atStart) return;
    const start = me.box.lastIndexOf('\n') + 1;
    if (start === me.box.length && start > 0) me.box = me.box.slice(0, -1);
    else this.#kill(start, me.box.length);
  }

  #kill(from, to) {
    const { me } = this;
    me.killed = me.box.slice(from, to);
    me.box = me.box.slice(0, from) + me.box.slice(to);
  }
}
