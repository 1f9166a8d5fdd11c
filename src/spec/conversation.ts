import { action } from './action.ts';
import { duration, maybe, oneOf, percent, type Static, section, text, whole } from './define.ts';

/** The first task of a new conversation. */
export const Prompt = text({ description: 'The first task of a new conversation.', minLength: 1, notBuilt: true });

/** Whether a restart goes on with the conversation that the agent was in. */
export const Resume = oneOf(['auto', 'never'], {
  description: 'Whether a restart goes on with the conversation that the agent was in.',
  notBuilt: true,
});

/** What to do when the context of a conversation fills up. */
export const Context = section(
  {
    above: maybe(percent({ description: 'How full the context must be.' })),
    action: maybe(action('What to do then.')),
  },
  { description: 'What to do when the context of the conversation fills up.', notBuilt: true },
);

/** What to do when an agent has nothing to do. */
export const Idle = section(
  {
    after: maybe(duration({ description: 'It must have been idle for this long.' })),
    action: maybe(action('What to do then.')),
    times: whole({ description: 'At most so often in a row.', default: 3, minimum: 1 }),
  },
  { description: 'What to do when the agent has nothing to do.', notBuilt: true },
);

/** What to do when a usage limit has been reset. */
export const Limit = section(
  { action: maybe(action('What to do when the limit is reset.')) },
  { description: 'What to do when a usage limit of the agent is reset.', notBuilt: true },
);

export type ContextSpec = Static<typeof Context>;
export type IdleSpec = Static<typeof Idle>;
export type LimitSpec = Static<typeof Limit>;
