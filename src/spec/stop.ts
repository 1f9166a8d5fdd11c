import { choice, duration, list, oneOf, type Static, section, short, text } from './define.ts';

/** The signals a stop may send, without `SIG`. */
export const SIGNALS = ['TERM', 'INT', 'HUP', 'QUIT', 'USR1', 'USR2', 'KILL'] as const;

const signal = oneOf(SIGNALS, { description: 'Send this signal to the program.' });

const step = choice(
  {
    keys: list(text({ description: 'A tmux key name such as `C-c` or `Enter`, or text.', minLength: 1 }), {
      description: 'Press these keys in the pane.',
      minItems: 1,
    }),
    wait: duration({ description: 'Give the program this long before the next step.' }),
    signal,
  },
  { description: 'One step: keys, a wait, or a signal.' },
);

const sequence = list(step, {
  description: 'What to do, in order, until the program has ended.',
  default: [{ signal: 'TERM' }],
  minItems: 1,
});

/** How a program is asked to leave, and how long it may take. */
export const Stop = short(
  section(
    {
      sequence,
      grace: duration({
        description: 'When the sequence is through, wait this long, then kill whatever is left of the process tree.',
        default: '30s',
      }),
    },
    { description: 'How the program is stopped.', default: {} },
  ),
  [
    section(
      { signal, grace: duration({ description: 'As in the long form.' }) },
      { description: 'One signal instead of a sequence.', required: ['signal'] },
    ),
  ],
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !('signal' in value)) return value;
    const { signal: only, ...rest } = value as Record<string, unknown>;
    return { sequence: [{ signal: only }], ...rest };
  },
);

export type StopSpec = Static<typeof Stop>;
export type StopStep = Static<typeof step>;
