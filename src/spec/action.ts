import { choice, oneOf, type Static, short, text } from './define.ts';

const kinds = ['restart', 'stop', 'hold', 'notify', 'warn', 'none'] as const;

const does = oneOf(kinds, {
  description:
    '`restart`, `stop` or `hold` the agent; `notify` a person; `warn` in status and journal alone; or `none`.',
});

/** What a policy does when its condition holds. */
export const action = (description: string, fallback?: (typeof kinds)[number]) =>
  short(
    choice(
      { do: does, send: text({ description: 'Type this text into the agent, when it can take it.', minLength: 1 }) },
      { description, ...(fallback === undefined ? {} : { default: fallback }) },
    ),
    [does],
    (value) => ({ do: value }),
  );

/** At what moment something that was decided may happen. */
export const when = () =>
  oneOf(['now', 'idle'], {
    description: '`now`, or as soon as the agent is `idle`, so that no work is interrupted.',
    default: 'idle',
  });

export type ActionSpec = Static<ReturnType<typeof action>>;
