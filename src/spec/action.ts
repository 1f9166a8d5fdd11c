import { choice, duration, oneOf, type Static, short, text } from './define.ts';

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
export const when = (fallback: 'now' | 'idle') =>
  oneOf(['now', 'idle'], {
    description: '`now`, or as soon as the agent is `idle`, so that no work is interrupted.',
    default: fallback,
  });

/** How long something that was decided lets itself be put off. */
export const patience = () =>
  duration({
    description: 'Done anyway after waiting this long for an idle agent, or for a person who is typing.',
    default: '10m',
  });

export type ActionSpec = Static<ReturnType<typeof action>>;
