import { action, when } from './action.ts';
import { duration, maybe, oneOf, type Static, section, short, size } from './define.ts';

/** How much memory the whole process tree of an agent may use. */
export const Memory = short(
  section(
    {
      limit: maybe(size({ description: 'The most that the whole process tree may use.' })),
      for: duration({ description: 'It must be exceeded for this long.', default: '30s' }),
      measure: oneOf(['rss', 'pss'], {
        description: '`rss` counts shared pages once per process; `pss` shares them out, and costs more to read.',
        default: 'rss',
      }),
      action: action('What to do then.', 'restart'),
      when: when(),
      wait: duration({ description: 'With `when: idle`: do it anyway after this long.', default: '10m' }),
    },
    { description: 'A limit for the memory of the whole process tree.', notBuilt: true },
  ),
  [size({ description: 'The limit alone.' })],
  (limit) => ({ limit }),
);

export type MemorySpec = Static<typeof Memory>;
