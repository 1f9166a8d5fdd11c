import { isatty } from 'node:tty';
import type { Failure } from './failure.ts';
import { ansi, type Paint, plain, wantsColour } from './render/colour.ts';

/** Print the answer of a command. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Print what is not part of the answer: hints, questions, errors. */
export function remark(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Print why a command cannot go on, and give its exit code. */
export function complain(failure: Failure): number {
  const lines = [failure.finished ? failure.text : `colony: ${failure.text}`, failure.hint ?? ''];
  remark(lines.filter((line) => line !== '').join('\n'));
  return failure.exit;
}

/** Colours for what is printed as the answer. */
export function answerPaint(): Paint {
  return wantsColour(isatty(1), process.env) ? ansi : plain;
}

/** Colours for what is printed beside the answer. */
export function remarkPaint(): Paint {
  return remarksInColour() ? ansi : plain;
}

/** Whether what is printed beside the answer may be coloured. */
export function remarksInColour(): boolean {
  return wantsColour(isatty(2), process.env);
}

/** Columns of the terminal; undefined where the answer goes to a file or a pipe and is never cut. */
export function columns(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}

/** Whether a person can be asked. */
export function canAsk(): boolean {
  return isatty(0) && isatty(2);
}

/** Ask a question that only `y` or `yes` answers with yes; the end of the input is a no. */
export async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      lines.on('SIGINT', () => lines.close());
      lines.on('close', () => resolve(false));
      lines.question(`${question} [y/N] `, (answer) => resolve(/^y(es)?$/i.test(answer.trim())));
    });
  } finally {
    lines.close();
  }
}
