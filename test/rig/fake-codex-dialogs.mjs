// The dialogs of the fake Codex. Enter takes the choice that is marked, Esc the way out; pastes are ignored.
import { wrap } from './fake-terminal.mjs';

class Dialog {
  /** `urgent`: the title asks for a person; `first`: it comes before everything else; `letters`: keys that take a choice. */
  constructor(options, answer, { urgent = false, first = false, letters = {} } = {}) {
    Object.assign(this, { options, answer, urgent, first, letters });
    this.selected = 0;
  }

  key(name) {
    if (name === 'down') this.selected = Math.min(this.options.length - 1, this.selected + 1);
    else if (name === 'up') this.selected = Math.max(0, this.selected - 1);
    else if (name === 'enter') this.answer(this.selected);
    else if (name === 'escape' || name === 'ctrl-c') this.answer(undefined);
  }

  text(typed) {
    for (const char of typed) {
      const choice = this.letters[char] ?? Number(char) - 1;
      if (choice >= 0 && choice < this.options.length) return this.answer(choice);
    }
  }

  choices() {
    return this.options.map((option, index) => `${index === this.selected ? '›' : ' '} ${index + 1}. ${option}`);
  }
}

export class TrustDialog extends Dialog {
  constructor(cwd, answer) {
    super(['Trust and continue', 'Back to Agent Command Center'], answer, { first: true });
    this.cwd = cwd;
  }

  lines(columns) {
    const text =
      'Trust this folder? Codex can read, edit, and run files here, subject to your permission settings. Folder settings ' +
      'can run code automatically, even without a model request. Continue only if you trust these files. Your trust ' +
      'decision will be saved.';
    return [
      '',
      '  Folder access',
      `  ${this.cwd}`,
      '',
      ...wrap(text, columns - 2, '  '),
      '',
      ...this.choices(),
      '',
      '  enter continue · esc back',
    ];
  }
}

export class FolderDialog extends Dialog {
  constructor(answer) {
    super(
      [
        'Use session directory',
        'Use current directory',
        'Always use session directory',
        'Always use current directory',
      ],
      answer,
      { first: true },
    );
  }

  lines() {
    return ['', '  Working directory · resume', '', ...this.choices(), '', '  enter select · esc back'];
  }
}

export class ApprovalDialog extends Dialog {
  constructor(command, answer) {
    const options = [
      'Yes, proceed (y)',
      `Yes, and don't ask again for commands that start with \`${command}\` (p)`,
      'No, and tell Codex what to do differently (esc)',
    ];
    super(options, answer, { urgent: true, letters: { y: 0, p: 1 } });
    this.command = command;
  }

  lines(columns) {
    return [
      '',
      '  Would you like to run the following command?',
      '',
      '  Environment: local',
      '',
      '  Reason: stub wants to leave the sandbox',
      '',
      ...wrap(this.command, columns - 2, '  $ '),
      '',
      ...this.choices(),
      '',
      '  Press enter to confirm or esc to cancel',
    ];
  }
}

export class LimitDialog extends Dialog {
  constructor(answer) {
    const options = [
      'Switch to gpt-6-luna                   Fast and affordable model for easier tasks.',
      'Keep current model',
      'Keep current model (never show again)  Hide future rate limit reminders about switching models',
    ];
    super(options, answer);
  }

  lines() {
    return [
      '',
      '  Approaching rate limits',
      '  Switch to gpt-6-luna for lower credit usage?',
      '',
      ...this.choices(),
      '',
      '  enter select · esc back',
    ];
  }
}

/** The list of earlier conversations behind `/resume`; `sessions`: the first prompt of each, the last used first. */
export class ResumeDialog extends Dialog {
  constructor(sessions, answer) {
    super(sessions, answer, { first: true });
  }

  lines(columns) {
    const rows = this.options.map((text, index) => `  ${index === this.selected ? '›' : ' '} 4s ago      ● ${text}`);
    return [
      ' Resume a previous session',
      '',
      ' Filter:  Cwd  All    Status:  Active  Archived    Sort:  Updated  Created',
      '',
      ' Type to search',
      '',
      ...rows,
      '',
      `${'─'.repeat(Math.max(0, columns - 16))} 1 / ${rows.length} · 100% ─`,
      ' enter resume   ^a archive   esc exit   ^c exit   tab focus sort/filter   ←/→ change option',
      ' ^o comfortable view   ^t transcript   ^e expand   ↑/↓ browse',
    ];
  }
}
