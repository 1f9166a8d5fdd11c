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

const circuitBreaker = short(
  section(
    {
      mode: oneOf(['on', 'off'], {
        description: 'Whether restarts pause when many agents fail together.',
        default: 'off',
        built: ['off'],
      }),
      failures: maybe(whole({ description: 'So many failures …', minimum: 1, notBuilt: true })),
      window: maybe(duration({ description: '… of any agents within this time are a common cause.', notBuilt: true })),
      cool_off: maybe(duration({ description: 'Restarts pause for this long; then one is tried.', notBuilt: true })),
    },
    { description: 'Pause restarts when many agents fail together.', default: 'off' },
  ),
  [oneOf(['on', 'off'], { description: '`on` or `off`.' })],
  (mode) => ({ mode }),
);

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
    circuit_breaker: circuitBreaker,
    history: History,
    defaults: maybe(Defaults),
    agents: Agents,
  },
  { description: 'A colony: which programs must run, each in its own tmux session.' },
);

/** What an included file may hold. */
export const Included = section({ agents: Agents }, { description: 'Agents of a colony, in a file of their own.' });

export type ColonyFields = Static<typeof Colony>;
