import { action } from './action.ts';
import { duration, maybe, oneOf, percent, type Static, section, short, text, whole } from './define.ts';

/** The first task of a new conversation. */
export const Prompt = text({
  description: 'The first task of a new conversation. A conversation that goes on is not given it again.',
  minLength: 1,
});

/** Whether a restart goes on with the conversation that the agent was in. */
export const Resume = oneOf(['auto', 'never'], {
  description:
    'Whether a restart goes on with the conversation that the agent was in. `never`: the command is started as it is ' +
    'written, and each life begins anew.',
  default: 'auto',
});

/** What to do when the context of a conversation fills up. */
export const Context = section(
  {
    above: percent({ description: 'How full the context of the conversation must be.' }),
    action: action('What to do then, as soon as the agent is idle; `restart` only with `resume: never`.', 'notify'),
  },
  { description: 'What to do when the context of the conversation fills up.', required: ['above'] },
);

/** What to do when an agent has nothing to do. */
export const Idle = section(
  {
    after: duration({ description: 'It must have been idle for this long.' }),
    action: action('What to do then.', 'notify'),
    times: whole({
      description: 'At most so often, until a person types or sends something, or another conversation begins.',
      default: 3,
      minimum: 1,
    }),
  },
  { description: 'What to do when the agent has nothing to do.', required: ['after'] },
);

/** What to do when a usage limit has been reset. */
export const Limit = section(
  {
    action: action('What to do once the limit is reset, if the agent has not gone on by itself.', 'notify'),
    stagger: duration({
      description: 'Agents of one account go on so far apart, lest they use up the new limit at once.',
      default: '30s',
    }),
  },
  { description: 'What to do when a usage limit of the agent is reset.' },
);

/** When a person is told that an agent waits for one. */
export const Waiting = short(
  section(
    {
      after: duration({ description: 'It must have waited for a person for this long.', default: '10m' }),
      action: action('What to do then. Nothing is ever typed.', 'notify'),
    },
    { description: 'What to do when the agent waits for a person: a permission, a question, a login.' },
  ),
  [duration({ description: 'After this long a person is told.' })],
  (after) => ({ after }),
);

/** What tells that the work is done. */
export const Completion = section(
  {
    output: maybe(text({ description: 'A line that it prints and that matches this.', format: 'regex' })),
    answer: maybe(text({ description: 'The last answer of a turn, if a line of it matches this.', format: 'regex' })),
  },
  {
    description:
      'What tells that the work is done: then the agent is stopped, counts as completed and is not started again by itself, ' +
      'whatever its restart policy says.',
  },
);

export type ContextSpec = Static<typeof Context>;
export type IdleSpec = Static<typeof Idle>;
export type LimitSpec = Static<typeof Limit>;
export type WaitingSpec = Static<typeof Waiting>;
export type CompletionSpec = Static<typeof Completion>;
export type ResumeSpec = Static<typeof Resume>;
