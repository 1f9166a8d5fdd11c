// The keyboard of the fake Codex: the box, what Enter makes of it, and how the program is left.
import { readdirSync } from 'node:fs';
import { Box } from './fake-box.mjs';
import { listen } from './fake-terminal.mjs';

/** Enter that follows typed text so fast belongs to a paste; after a great piece of it, for longer. */
const BURST = 120;
const GREAT_BURST = 1000;
/** Longer pastes are shown as a word. */
const LONG = 1000;

const COMMAND = /^\/([a-z][\w-]*)$/;
/** A command with more behind it, if the program knows no such command. */
const UNKNOWN = /^\/([a-z][\w-]*)(\s|$)/;

/** A box whose cursor may also stand at its start. */
export class CodexBox extends Box {
  atStart = false;

  insert(text) {
    if (this.atStart) this.text = text + this.text;
    else super.insert(text);
  }

  killLine() {
    if (!this.atStart) super.killLine();
  }

  /** Take everything out. */
  clear() {
    this.text = '';
    this.atStart = false;
  }
}

export class Keyboard {
  constructor(me) {
    this.me = me;
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

  #typed(text) {
    const { me } = this;
    if (me.dialog) return me.dialog.text(text);
    if (text.length > 1) this.deafUntil = performance.now() + (text.length > LONG ? GREAT_BURST : BURST);
    me.box.insert(text);
  }

  #paste(text) {
    const { me } = this;
    if (me.dialog) return;
    if (text.length <= LONG) return me.box.insert(text);
    me.box.insertPaste(`[Pasted Content ${text.length} chars]`, text);
  }

  #key(name) {
    const { me } = this;
    if (me.dialog) return me.dialog.key(name);
    if (!me.box.press(name)) this.#keys[name]?.();
  }

  #keys = {
    enter: () => this.#enter(),
    tab: () => this.#later(),
    escape: () => this.#escape(),
    'ctrl-a': () => {
      this.me.box.atStart = true;
    },
    'ctrl-e': () => {
      this.me.box.atStart = false;
    },
    'ctrl-c': () => this.#controlC(),
    'ctrl-d': () => this.me.box.text === '' && this.me.quit(),
    'ctrl-k': () => {
      if (this.me.box.atStart) this.me.box.kill(0);
    },
    up: () => {
      if (this.me.box.text === '') this.me.box.text = this.me.stored ?? '';
    },
  };

  #enter() {
    const { me } = this;
    if (performance.now() < this.deafUntil) return me.box.insert('\n');
    if (me.box.text.trim() === '' || this.#offers()) return;
    const text = me.box.whole();
    if (text.startsWith('!')) return this.#take(() => void me.runShell(text.slice(1).trim()));
    const command = COMMAND.exec(text.trimEnd());
    if (command && me.commands[command[1]]) return this.#take(() => void me.commands[command[1]](me));
    const unknown = UNKNOWN.exec(text);
    if (unknown && !me.commands[unknown[1]]) return this.#refuse(unknown[1]);
    this.#take(() => me.submit(text.trim()));
  }

  #take(then) {
    this.me.box.clear();
    then();
  }

  /** What it does not understand stays in the box, with the cursor before it. */
  #refuse(word) {
    const { me } = this;
    me.say(['• ', `Unrecognized command '/${word}'. Type "/" for a list of supported commands.`]);
    me.box.atStart = true;
  }

  /** A list stands open under a last word that begins with `@` or `$`: Enter takes from it, and sends nothing. */
  #offers() {
    const { me } = this;
    const [, mark, word] = /(?:^|\s)([@$])(\S*)$/.exec(me.box.text) ?? [];
    if (mark === '$') return true;
    const file = mark && readdirSync(me.cwd).find((name) => word !== '' && name.startsWith(word));
    if (!file) return false;
    me.box.text = `${me.box.text.slice(0, -word.length - 1)}${file} `;
    return true;
  }

  /** What is typed while a turn runs is to follow it. */
  #later() {
    const { me } = this;
    if (!me.turn || me.box.text.trim() === '') return;
    me.later.push(me.box.whole().trim());
    me.box.text = '';
  }

  #escape() {
    const { me } = this;
    if (me.box.text === '!') me.box.text = '';
    else if (me.turn) me.turn.interrupt.abort();
  }

  #controlC() {
    const { me } = this;
    if (me.box.text !== '') {
      me.stored = me.box.text;
      me.box.clear();
    } else if (me.turn) me.turn.interrupt.abort();
    else me.quit();
  }
}
