import { Agent, Defaults, NAME } from './agent.ts';
import {
  dictionary,
  duration,
  list,
  maybe,
  oneOf,
  type Static,
  section,
  short,
  size,
  terminalSize,
  text,
  whole,
} from './define.ts';
import { EnvFile } from './environment.ts';

/** Which tmux server holds the sessions, and how it is set up. */
export const Tmux = section(
  {
    socket: maybe(
      text({
        description:
          "Name of the tmux server's socket; `default` is the user's own server. If absent, `colony-` and the name.",
        pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
        maxLength: 80,
      }),
    ),
    config: text({
      description: 'A tmux configuration to load first, or `none`.',
      default: 'none',
      format: 'path',
    }),
    history_limit: whole({
      description: 'Lines of scrollback of each pane.',
      default: 5000,
      minimum: 0,
      maximum: 1_000_000,
    }),
    size: terminalSize({
      description: 'Columns and rows of a terminal that nobody is attached to.',
      default: '200x50',
    }),
  },
  { description: 'Which tmux server holds the sessions, and how it is set up.', default: {} },
);

/** How fast many agents are started. */
export const Concurrency = section(
  {
    max_starting: whole({ description: 'At most so many agents start at the same time.', default: 8, minimum: 1 }),
    stagger: duration({ description: 'At least this long between two starts.', default: '0s' }),
    memory_reserve: size({
      description: 'Nothing is started by itself while the machine has less memory left than this. `0B`: never wait.',
      default: '128MiB',
    }),
    max_probes: whole({ description: 'At most so many probes run at the same time.', default: 16, minimum: 1 }),
  },
  { description: 'How fast many agents are started.', default: {} },
);

/** How much is kept of what agents were. */
export const History = section(
  {
    keep: whole({
      description: 'So many past lives of each agent are kept …',
      default: 20,
      minimum: 1,
      maximum: 1_000,
    }),
    ttl: duration({ description: '… and none that ended longer ago than this.', default: '7d' }),
  },
  { description: 'What `colony history` can tell.', default: {} },
);

/**
 * When restarts pause because many agents fail together.
 *
 * On by default: only agents that failed again within `window` of a restart count, so that what is killed from outside
 * comes back at once, and a person is never made to wait. Without the pause an outage of something that all agents need
 * uses up the crash loops of all of them, and somebody would have to start each by hand when it is over.
 */
export const CircuitBreaker = short(
  section(
    {
      mode: oneOf(['on', 'off'], {
        description: 'Whether restarts pause when many agents fail together.',
        default: 'on',
      }),
      failures: whole({
        description: 'So many agents whose restart did not help …',
        default: 10,
        minimum: 2,
      }),
      window: duration({ description: '… within this time have a common cause, and restarts pause.', default: '60s' }),
      cool_off: duration({
        description: 'Restarts pause for this long. Then one is tried, and if that helps the others follow.',
        default: '5m',
      }),
    },
    { description: 'Pause restarts when many agents fail together.', default: {} },
  ),
  [oneOf(['on', 'off'], { description: '`on` or `off`.' })],
  (mode) => ({ mode }),
);

export type ConcurrencySpec = Static<typeof Concurrency>;
export type CircuitBreakerSpec = Static<typeof CircuitBreaker>;

const include = short(
  list(text({ description: 'A path or a pattern such as `agents/*.yaml`.', format: 'path' }), {
    description: 'Files whose `agents` are added to this one.',
    default: [],
  }),
  [text({ description: 'A single path or pattern.' })],
  (single) => [single],
);

/** Whether an edit takes effect at once. */
export const Reload = oneOf(['auto', 'manual'], {
  description: 'Whether an edit takes effect at once, or with the next `colony apply`.',
  default: 'auto',
});

/** The programs that must run, by name. */
export const Agents = dictionary(Agent, { description: 'The programs that must run, by name.', keys: NAME });

/** The whole file. */
export const Colony = section(
  {
    version: whole({ description: 'Version of this vocabulary.', default: 1, minimum: 1, maximum: 1 }),
    name: maybe(text({ description: "Name of the colony; if absent, the folder's name.", ...NAME })),
    include,
    env_file: EnvFile,
    tmux: Tmux,
    reload: Reload,
    concurrency: Concurrency,
    circuit_breaker: CircuitBreaker,
    history: History,
    defaults: maybe(Defaults),
    agents: Agents,
  },
  { description: 'A colony: which programs must run, each in its own tmux session.' },
);

/** What an included file may hold. */
export const Included = section({ agents: Agents }, { description: 'Agents of a colony, in a file of their own.' });

export type ColonyFields = Static<typeof Colony>;
