import { action, when } from './action.ts';
import { duration, list, maybe, oneOf, type Static, section, short, text } from './define.ts';

const entry = section(
  {
    cron: text({ description: 'Minute, hour, day of month, month, day of week.', format: 'cron' }),
    tz: text({
      description: 'The time zone in which the hours are meant, such as `Europe/Berlin`.',
      default: 'UTC',
      format: 'time-zone',
    }),
    action: action('What to do at that time.', 'restart'),
    when: when(),
  },
  { description: 'One time and what to do then.', required: ['cron'] },
);

/** What happens at fixed times of the clock. */
export const Schedule = list(entry, { description: 'What happens at fixed times of the clock.', notBuilt: true });

/** A fresh process after a while. */
export const MaxAge = short(
  section(
    {
      after: maybe(duration({ description: 'Restart a process that is older than this.' })),
      jitter: duration({ description: 'Up to this much later, so that not all restart at once.', default: '0s' }),
      when: when(),
    },
    { description: 'Restart the program after a while.', notBuilt: true },
  ),
  [duration({ description: 'The age alone.' })],
  (after) => ({ after }),
);

/** What becomes of an agent when the machine has been restarted. */
export const OnReboot = oneOf(['start', 'last_state', 'stay_down'], {
  description: 'What becomes of the agent when the machine has been restarted.',
  notBuilt: true,
});

export type ScheduleSpec = Static<typeof Schedule>;
export type MaxAgeSpec = Static<typeof MaxAge>;
