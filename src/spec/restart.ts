import { duration, list, oneOf, real, type Static, section, short, text, whole } from './define.ts';

const backoff = section(
  {
    initial: duration({ description: 'The first wait. `0s` restarts at once.', default: '1s' }),
    factor: real({ description: 'Each further wait is this many times longer.', default: 2, minimum: 1 }),
    max: duration({ description: 'No wait is longer than this.', default: '5m' }),
    jitter: real({
      description: 'Each wait is shortened or lengthened by up to this share of itself.',
      default: 0.2,
      minimum: 0,
      maximum: 1,
    }),
  },
  { description: 'How long to wait before a restart that was not asked for.', default: {} },
);

const crashLoop = short(
  section(
    {
      restarts: whole({ description: 'So many unplanned restarts …', default: 5, minimum: 1, maximum: 100 }),
      window: duration({ description: '… within this time are a crash loop.', default: '10m' }),
      action: oneOf(['hold', 'notify', 'off'], {
        description:
          '`hold` stops restarting until a person starts the agent; `notify` only says so; `off` does neither.',
        default: 'hold',
      }),
    },
    { description: 'When to give up restarting an agent that keeps failing.', default: {} },
  ),
  [oneOf(['off'], { description: 'Never give up.' })],
  () => ({ action: 'off' }),
);

/** When a program that ended is started again. */
export const Restart = short(
  section(
    {
      policy: oneOf(['always', 'unless-stopped', 'on-failure', 'never'], {
        description:
          'Whether a program that ended is started again. `always` also starts what a person had stopped when the ' +
          'supervisor starts; `unless-stopped` does not; `on-failure` leaves a successful exit alone.',
        default: 'unless-stopped',
      }),
      backoff,
      reset_after: duration({
        description: 'After running this long without failing, the waits start from `initial` again.',
        default: '10m',
      }),
      crash_loop: crashLoop,
      success_exit_codes: list(whole({ description: 'An exit code.', minimum: 0, maximum: 255 }), {
        description: 'Exit codes that mean success.',
        default: [0],
      }),
      never_restart_exit_codes: list(whole({ description: 'An exit code.', minimum: 0, maximum: 255 }), {
        description: 'Exit codes after which the agent is held, whatever the policy: another try cannot help.',
        default: [126, 127],
      }),
    },
    { description: 'What happens when the program ends.', default: {} },
  ),
  [text({ description: 'The policy alone.' })],
  (policy) => ({ policy }),
);

export type RestartSpec = Static<typeof Restart>;
