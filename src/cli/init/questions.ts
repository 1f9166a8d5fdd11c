import { createInterface } from 'node:readline';

/** A person who ends the input instead of answering wants nothing of it. */
export type Answers = { readonly ask: (question: string, usual: string) => Promise<string | undefined>; close(): void };

/** Ask one question after the other on the terminal; an empty answer is the usual one. */
export function questions(): Answers {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  let over = false;
  lines.on('SIGINT', () => lines.close());
  lines.on('close', () => {
    over = true;
  });
  return {
    close: () => lines.close(),
    ask: (question, usual) =>
      new Promise((resolve) => {
        if (over) return resolve(undefined);
        lines.once('close', () => resolve(undefined));
        lines.question(`${question} [${usual}] `, (answer) => resolve(answer.trim() || usual));
      }),
  };
}
