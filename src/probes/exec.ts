import type { Ended } from '../command/run.ts';
import { formatSpan } from '../reconciler/span.ts';
import type { Command } from '../reconciler/types/desired.ts';
import type { Finding } from '../reconciler/types/health.ts';
import type { Millis } from '../spec/define.ts';
import type { ProbeSpec } from '../spec/probes.ts';
import { healthy, type Look, unhealthy, unknown } from './look.ts';
import { lastLine } from './text.ts';

type Exec = NonNullable<ProbeSpec['exec']>;

/** Run a command; healthy if it ends with exit code 0. */
export async function exec({ command }: Exec, look: Look): Promise<Finding> {
  return judgeEnd(await look.ask.command(commandOf(command), look), look.timeout);
}

function commandOf(written: string | readonly string[]): Command {
  if (typeof written === 'string') return { form: 'shell', line: written };
  const [program = '', ...rest] = written;
  return { form: 'words', words: [program, ...rest] };
}

/** What a shell says of a command that it cannot execute, or that is not there. */
const NOT_EXECUTED: ReadonlySet<number> = new Set([126, 127]);

/** What the end of a command says of the program; a command that could not be executed says nothing. */
export function judgeEnd(ended: Ended, timeout: Millis): Finding {
  switch (ended.is) {
    case 'exited': {
      const text = withOutput(`the command ended with exit code ${ended.code}`, ended.output);
      if (ended.code === 0) return healthy('the command ended with exit code 0');
      return NOT_EXECUTED.has(ended.code) ? unknown(text) : unhealthy(text);
    }
    case 'signaled':
      return unhealthy(withOutput(`the command was ended by ${ended.signal}`, ended.output));
    case 'timed_out':
      return unhealthy(withOutput(`the command did not end within ${formatSpan(timeout)}`, ended.output));
    case 'aborted':
      return unknown('the check was called off');
    case 'not_started':
      return unknown(`the command cannot be executed: ${lastLine(ended.why)}`);
  }
}

function withOutput(text: string, output: string): string {
  const line = lastLine(output);
  return line === '' ? text : `${text}: ${line}`;
}
