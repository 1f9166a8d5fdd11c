// The box for input of a fake program: what a person types and pastes into it, and what Enter takes out of it.

/** A text and the cursor at its end; long pastes stand in it as a word. */
export class Box {
  text = '';
  #pastes = new Map();
  #killed = '';

  insert(text) {
    this.text += text;
  }

  /** Put in a word that stands for a paste. */
  insertPaste(word, paste) {
    this.#pastes.set(word, paste);
    this.insert(word);
  }

  /** Press a key that edits; whether it is one. */
  press(name) {
    const edit = this.#edits[name];
    edit?.();
    return edit !== undefined;
  }

  #edits = {
    newline: () => this.insert('\n'),
    backspace: () => {
      this.text = [...this.text].slice(0, -1).join('');
    },
    'ctrl-u': () => this.killLine(),
    'ctrl-y': () => this.insert(this.#killed),
  };

  /** Take away the line that the cursor is on; from an empty one, the break before it. */
  killLine() {
    const start = this.text.lastIndexOf('\n') + 1;
    if (start === this.text.length && start > 0) this.text = this.text.slice(0, -1);
    else this.kill(start);
  }

  /** Take away everything from here on; Ctrl-Y brings it back. */
  kill(from) {
    this.#killed = this.text.slice(from);
    this.text = this.text.slice(0, from);
  }

  /** The text with its pastes in place of their words. */
  whole(wrapped = (paste) => paste) {
    let whole = this.text;
    for (const [word, paste] of this.#pastes) whole = whole.replace(word, () => wrapped(paste));
    return whole;
  }
}
