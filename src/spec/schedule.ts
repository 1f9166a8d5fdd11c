import { patience, when } from './action.ts';
import { choice, duration, list, oneOf, type Static, section, short, text } from './define.ts';

const does = oneOf(['restart', 'start', 'stop', 'notify', 'warn'], {
  description:
    '`restart` the agent if it runs; `start` it if its work is done or a schedule has stopped it; `stop` it until it ' +
    'is started; `notify` a person; or `warn` in status and journal alone.',
});

const entry = section(
  {
    cron: text({ description: 'Minute, hour, day of month, month, day of week.', format: 'cron' }),
    tz: text({
      description: 'The time zone in which the hours are meant, such as `Europe/Berlin`.',
      default: 'UTC',
      format: 'time-zone',
    }),
    action: short(
      choice(
        { do: does, send: text({ description: 'Type this text into the agent, when it can take it.', minLength: 1 }) },
        { description: 'What to do at that time.', default: 'restart' },
      ),
      [does],
      (value) => ({ do: value }),
    ),
    when: when('idle'),
    wait: patience(),
    jitter: duration({
      description: 'Up to this much later, each agent at a moment of its own, so that not all do it at once.',
      default: '0s',
    }),
    overlap: oneOf(['skip', 'restart'], {
      description: 'What `start` does while the program of the last time still runs.',
      default: 'skip',
    }),
    catch_up: duration({
      description:
        'The latest time that was missed, because no supervisor ran or the clock was set, is made up for once if it ' +
        'is not longer ago than this. `0s`: never.',
      default: '5m',
    }),
  },
  { description: 'One time and what to do then.', required: ['cron'] },
);

/** What happens at fixed times of the clock. */
export const Schedule = list(entry, { description: 'What happens at fixed times of the clock.', default: [] });

/** A fresh process after a while. */
export const MaxAge = short(
  section(
    {
      after: duration({ description: 'Restart a process that is older than this.' }),
      jitter: duration({ description: 'Up to this much later, so that not all restart at once.', default: '0s' }),
      when: when('idle'),
      wait: patience(),
    },
    { description: 'Restart the program after a while.', required: ['after'] },
  ),
  [duration({ description: 'The age alone.' })],
  (after) => ({ after }),
);

/** What becomes of an agent when the machine has been restarted. */
export const OnReboot = oneOf(['start', 'last_state', 'stay_down'], {
  description:
    'What becomes of the agent when the machine was rebooted: `start` it, also if a person had stopped it; `last_state`: ' +
    'what it was before; `stay_down` until it is started.',
  default: 'last_state',
});

export type ScheduleSpec = Static<typeof Schedule>;
export type ScheduleEntry = ScheduleSpec[number];
export type OnRebootSpec = Static<typeof OnReboot>;
export type MaxAgeSpec = Static<typeof MaxAge>;
