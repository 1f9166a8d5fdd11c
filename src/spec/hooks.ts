import { commandLine, duration, list, maybe, oneOf, type Static, section, short, text } from './define.ts';

const hook = (description: string) =>
  short(
    section(
      {
        command: commandLine({ description: 'What to run, in the workdir and environment of the agent.' }),
        timeout: duration({ description: 'A hook that takes longer is ended.', default: '30s' }),
      },
      { description, required: ['command'] },
    ),
    [commandLine({ description: 'The command alone.' })],
    (command) => ({ command }),
  );

/** Commands around the start and the stop of an agent. */
export const Hooks = section(
  {
    pre_start: maybe(hook('Before a start; if it fails, the start is put off and counts as a failure.')),
    post_start: maybe(hook('After a start; nothing waits for it.')),
    pre_stop: maybe(hook('Before a stop; if it fails, the stop is put off.')),
    post_stop: maybe(hook('After the program has ended, however it did; the next start waits for it.')),
  },
  { description: 'Commands around the start and the stop of the agent.', default: {} },
);

/** Who is told about what. */
export const Notify = section(
  {
    on: list(
      oneOf(['crash_loop', 'waiting', 'limit', 'unhealthy', 'recovered'], { description: 'One kind of event.' }),
      {
        description: 'What to tell about.',
        default: ['crash_loop', 'waiting', 'limit', 'unhealthy', 'recovered'],
        uniqueItems: true,
      },
    ),
    exec: maybe(commandLine({ description: 'Run this command.' })),
    webhook: maybe(text({ description: 'Post to this address.', format: 'url' })),
  },
  { description: 'Who is told about what.', notBuilt: true },
);

export type HooksSpec = Static<typeof Hooks>;
export type HookSpec = NonNullable<HooksSpec[keyof HooksSpec]>;
export type NotifySpec = Static<typeof Notify>;
