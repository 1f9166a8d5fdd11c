import { action, patience, when } from './action.ts';
import { duration, maybe, oneOf, type Static, section, short, size } from './define.ts';

const growth = maybe(
  section(
    {
      by: size({ description: 'Memory that keeps growing by at least this much …' }),
      within: duration({ description: '… all through this time is a leak.', default: '1h' }),
    },
    { description: 'What counts as a leak.', required: ['by'] },
  ),
);

/** How much memory the whole process tree of an agent may use. */
export const Memory = short(
  section(
    {
      limit: maybe(size({ description: 'The most that the whole process tree may use.' })),
      growth,
      for: duration({ description: 'It must be exceeded for this long.', default: '30s' }),
      measure: oneOf(['rss', 'pss'], {
        description: '`rss` counts shared pages once per process; `pss` shares them out, and costs more to read.',
        default: 'rss',
      }),
      action: action('What to do then.', 'restart'),
      when: when('now'),
      wait: patience(),
    },
    { description: 'A limit for the memory of the whole process tree.' },
  ),
  [size({ description: 'The limit alone.' })],
  (limit) => ({ limit }),
);

export type MemorySpec = Static<typeof Memory>;
