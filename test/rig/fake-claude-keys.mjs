// The keyboard of the fake Claude Code: the box, what Enter makes of it, and how the program is left.
import { COMMANDS } from './fake-claude-commands.mjs';
import { trust } from './fake-claude-files.mjs';
import { listen } from './fake-terminal.mjs';

/** Longer pastes, and those of at least so many lines, are wrapped and shown as a word. */
const LONG = 800;
const MANY_LINES = 4;
/** Ctrl-C or Ctrl-D a second time within this ends the program. */
const AGAIN_WITHIN = 1000;

/** A command is a word: `/etc/hosts` is none. */
const COMMAND = /^\/([a-z][\w:-]*)(?:\s+(.*))?$/s;

export class Keyboard {
  constructor(me) {
    this.me = me;
    this.count = 0;
    // All pastes of a program carry the same one.
    this.id = crypto.randomUUID().slice(0, 4);
    listen({
      onKey: (name) => this.#changed(() => this.#key(name)),
      onText: (text) => this.#changed(() => this.#typed(text)),
      onPaste: (text) => this.#changed(() => this.#paste(text)),
      onBurst: (piece) => this.#burst(piece),
    });
  }

  #changed(change) {
    change();
    this.me.draw();
  }

  #typed(text) {
    const { me } = this;
    if (me.dialog) me.dialog.text(text);
    else if (me.status !== 'waiting') me.box.insert(text);
  }

  /** What comes unbracketed and all at once counts as pasted if it is long, returns and all. */
  #burst(piece) {
    if (piece.length <= LONG) return false;
    this.#changed(() => this.#paste(piece.replaceAll('\r', '\n')));
    return true;
  }

  #paste(text) {
    const { me } = this;
    if (me.dialog || me.status === 'waiting') return;
    const lines = text.split('\n').length;
    if (text.length <= LONG && lines < MANY_LINES) {
      me.box.insert(text);
      return;
    }
    this.count += 1;
    const word = lines > 1 ? `[Pasted text #${this.count} +${lines - 1} lines]` : `[Pasted text #${this.count}]`;
    const shell = me.box.text === '' && text.startsWith('!');
    if (shell) me.box.insert('!');
    me.box.insertPaste(word, shell ? text.slice(1) : text);
  }

  #key(name) {
    const { me } = this;
    if (me.dialog) return me.dialog.key(name);
    if (me.status === 'waiting' || me.box.press(name)) return;
    this.#keys[name]?.();
  }

  #keys = {
    enter: () => this.#enter(),
    escape: () => this.#escape(),
    'ctrl-c': () => this.#controlC(),
    'ctrl-d': () => this.#leave('Ctrl-D'),
    'ctrl-s': () => this.#stash(),
    up: () => this.#recall(),
  };

  #enter() {
    const { me } = this;
    if (!me.hears || me.box.text.trim() === '') return;
    if (me.box.text.endsWith('\\')) {
      me.box.text = `${me.box.text.slice(0, -1)}\n`;
      return;
    }
    const { id } = this;
    const text = me.box.whole((paste) => `\n\n<pasted_content id="${id}">\n${paste}\n</pasted_content id="${id}">\n`);
    me.box.text = me.stash ?? '';
    me.stash = undefined;
    if (text.startsWith('!')) return void me.runShell(text.slice(1).trim());
    const [, name, rest] = COMMAND.exec(text.trim()) ?? [];
    // A blank before it hides a command from nobody who knows it.
    if (name && (COMMANDS[name] || text.startsWith('/'))) void me.command(name, rest);
    else void me.submit(text);
  }

  #escape() {
    const { me } = this;
    if (me.turn) me.turn.controller.abort();
    else if (me.limit) me.limit = undefined;
  }

  #controlC() {
    const { me } = this;
    if (me.box.text !== '') me.box.text = '';
    else if (me.turn) me.turn.controller.abort();
    else this.#leave('Ctrl-C');
  }

  #leave(key) {
    const { me } = this;
    if (me.box.text !== '') return;
    if (me.leaving === key) return me.quit(0, 'prompt_input_exit');
    me.leaving = key;
    setTimeout(
      () =>
        this.#changed(() => {
          me.leaving = undefined;
        }),
      AGAIN_WITHIN,
    );
  }

  /** Put the draft aside, or take it back. */
  #stash() {
    const { me } = this;
    const { text } = me.box;
    me.box.text = text === '' ? (me.stash ?? '') : '';
    me.stash = text === '' ? undefined : text;
  }

  /** What is queued comes back into the box. */
  #recall() {
    const { me } = this;
    if (me.box.text === '' && me.queue.length > 0) me.box.text = me.queue.splice(0).join('\n');
  }
}

/** What follows the answer to the trust dialog; `yes` is the second choice. */
export function trusted(me, choice) {
  if (choice !== 1) return me.quit(1, undefined);
  trust(me.cwd);
  me.dialog = undefined;
  return me.begin();
}
