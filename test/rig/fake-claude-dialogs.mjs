// The dialogs of the fake Claude Code. Each takes the place of the box; Enter takes the choice that is marked.
import { wrap } from './fake-terminal.mjs';

/** For so long a permission dialog is announced in the record and not yet on the screen, where keys do nothing. */
export const HIDDEN = 300;
/** For so long after it has appeared no dialog hears anything. */
const DEAF = 100;

const numbered = (options, selected) =>
  options.map((option, index) => ` ${index === selected ? '❯' : ' '} ${index + 1}. ${option}`);

/** A dialog with a list. `digits`: a digit takes a choice at once; `first`: it comes before everything else. */
class Dialog {
  constructor(count, answer, { digits = true, first = false } = {}) {
    this.selected = 0;
    this.count = count;
    this.answer = answer;
    this.digits = digits;
    this.first = first;
    this.hearsFrom = performance.now() + DEAF;
  }

  /** The answer is the index of the choice, or `undefined` for Esc. */
  key(name) {
    if (performance.now() < this.hearsFrom) return;
    if (name === 'down') this.selected = Math.min(this.count - 1, this.selected + 1);
    else if (name === 'up') this.selected = Math.max(0, this.selected - 1);
    else if (name === 'enter') this.answer(this.selected);
    else if (name === 'escape' || name === 'ctrl-c') this.answer(undefined);
  }

  text(typed) {
    if (performance.now() < this.hearsFrom) return undefined;
    for (const char of typed) {
      const choice = Number(char);
      if (this.digits && choice >= 1 && choice <= this.count) return this.answer(choice - 1);
    }
  }
}

export class TrustDialog extends Dialog {
  constructor(cwd, answer) {
    super(2, answer, { digits: false, first: true });
    this.cwd = cwd;
  }

  lines(columns) {
    const mark = (index) => (this.selected === index ? ' ❯' : '  ');
    const question =
      'Quick safety check: Is this a project you created or one you trust? (Like your own code, a well-known open ' +
      "source project, or work from your team). If not, take a moment to review what's in this folder first.";
    return [
      '',
      '─'.repeat(columns),
      ' Accessing workspace:',
      '',
      ` ${this.cwd}`,
      '',
      ...wrap(question, columns, ' '),
      '',
      " Claude Code'll be able to read, edit, and execute files here.",
      '',
      ' Security guide',
      '',
      `${mark(0)} No, exit`,
      `${mark(1)} Yes, I trust this folder`,
      '',
      ' Enter to confirm · Esc to cancel',
    ];
  }
}

export class PermissionDialog extends Dialog {
  constructor({ heading, detail, question, second }, answer) {
    super(4, answer);
    Object.assign(this, { heading, detail, question, second });
  }

  lines(columns) {
    const dotted = '╌'.repeat(columns);
    return [
      '─'.repeat(columns),
      ` ${this.heading}`,
      ' Tip: auto mode handles these prompts for you — choose "switch to auto mode" below',
      ' stub command',
      dotted,
      ...wrap(this.detail, columns, ' '),
      dotted,
      ` ${this.question}`,
      ...numbered(
        ['Yes', this.second, 'Yes, and switch to auto mode · auto mode handles these prompts for you', 'No'],
        this.selected,
      ),
      '',
      ' Esc to cancel · Tab to amend',
    ];
  }
}

export class QuestionDialog extends Dialog {
  constructor(answer) {
    super(4, answer);
  }

  lines(columns) {
    const [red, blue, type, chat] = ['Red', 'Blue', 'Type something.', 'Chat about this'].map(
      (option, index) => `${index === this.selected ? '❯' : ' '} ${index + 1}. ${option}`,
    );
    const rule = '─'.repeat(columns);
    const head = [rule, ' ☐ Colour', '', 'Which colour?', ''];
    return [
      ...head,
      red,
      '     r',
      blue,
      '     b',
      type,
      rule,
      chat,
      '',
      'Enter to select · ↑/↓ to navigate · Esc to cancel',
    ];
  }
}
