import { EXIT } from '../control/protocol.ts';
import type { Millis, Result } from '../reconciler/types.ts';
import { type Failure, needsTerminal } from './failure.ts';
import type { Look, StatusOptions } from './look.ts';
import { statusText } from './render/status.ts';
import { answerPaint, complain, print } from './terminal.ts';

const PERIOD: Millis = 1_000;

/** A screen of its own without a cursor; what was on the terminal before comes back at the end. */
const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';

/** The keys that end it: q, Ctrl-C, Ctrl-D. */
const QUIT = /[qQ\x03\x04]/;

/** Show the status anew every second until a person has seen enough; the last one stays on the terminal. */
export async function watch(options: StatusOptions, look: () => Promise<Result<Look, Failure>>): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    return complain(
      needsTerminal('--watch needs a terminal', 'without --watch, `colony status` prints the status once'),
    );
  }
  if (options.output !== 'table' && options.output !== 'wide') {
    return complain({ exit: EXIT.usage, text: `--watch shows a table or -o wide, not -o ${options.output}` });
  }
  const first = await look();
  if (!first.ok) return complain(first.error);
  let last = render(first.value, options);
  const keys = listen();
  process.stdout.write(ENTER);
  try {
    do {
      draw(last);
      if (await keys.quitWithin(PERIOD)) break;
      const seen = await look();
      last = seen.ok ? render(seen.value, options) : `colony: ${seen.error.text}\n`;
    } while (!keys.quit());
  } finally {
    process.stdout.write(LEAVE);
    keys.close();
  }
  print(last);
  return EXIT.done;
}

function render({ report, agents }: Look, options: StatusOptions): string {
  const { columns: width } = process.stdout;
  return statusText(report, agents, { now: Date.now(), wide: options.output === 'wide', paint: answerPaint(), width });
}

/** Write over the last picture line by line, which does not flicker as clearing the screen would. */
function draw(text: string): void {
  const lines = text.split('\n').slice(0, Math.max(1, process.stdout.rows - 1));
  process.stdout.write(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`);
}

type Keys = {
  readonly quit: () => boolean;
  /** Wait; true as soon as a person wants to leave. */
  readonly quitWithin: (span: Millis) => Promise<boolean>;
  readonly close: () => void;
};

function listen(): Keys {
  const { stdin } = process;
  let quit = false;
  let wake = () => {};
  const leave = () => {
    quit = true;
    wake();
  };
  const onKey = (keys: string) => {
    if (QUIT.test(keys)) leave();
  };
  stdin.setRawMode(true);
  stdin.setEncoding('utf8').on('data', onKey).resume();
  process.once('SIGTERM', leave).once('SIGHUP', leave);
  return {
    quit: () => quit,
    quitWithin: async (span) => {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, quit ? 0 : span);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      return quit;
    },
    close: () => {
      stdin.off('data', onKey).setRawMode(false).pause();
    },
  };
}
