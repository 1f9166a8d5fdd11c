import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { EXIT } from '../control/protocol.ts';
import { complain } from './terminal.ts';

/** Signals after which the program in the terminal must end too; Ctrl-C is its own business. */
const PASSED_ON = ['SIGTERM', 'SIGHUP'] as const;

/**
 * Run a program in this terminal and give its exit code: 128 and the number of the signal if one ended it, as a shell
 * does. The variables in `without` do not reach it.
 */
export function runHere(argv: readonly string[], without: readonly string[]): Promise<number> {
  const [program = '', ...words] = argv;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !without.includes(name)));
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: 'inherit', env });
    process.on('SIGINT', () => {});
    for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
    child.once('error', ({ message }) => {
      resolve(complain({ exit: EXIT.unavailable, text: `${program} could not be executed: ${message}` }));
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
