import {
  commandLine,
  dictionary,
  duration,
  list,
  maybe,
  oneOf,
  type Static,
  section,
  short,
  text,
  whole,
} from './define.ts';

const exec = short(
  section(
    { command: commandLine({ description: 'The command; healthy if it ends with exit code 0.' }) },
    { description: 'Run a command in the workdir of the agent.', required: ['command'] },
  ),
  [commandLine({ description: 'The command alone.' })],
  (command) => ({ command }),
);

const http = short(
  section(
    {
      url: text({ description: 'What to ask for.', format: 'url' }),
      status: text({
        description: 'Which answers are healthy: one status code or a range.',
        default: '200-399',
        pattern: '^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$',
      }),
      headers: dictionary(text({ description: 'The value of the header.' }), {
        description: 'Headers of the request.',
        default: {},
      }),
    },
    { description: 'Ask for a web page.', required: ['url'] },
  ),
  [text({ description: 'The address alone.' })],
  (url) => ({ url }),
);

const port = () => whole({ description: 'The port to connect to.', minimum: 1, maximum: 65535 });

const tcp = short(
  section(
    { port: port(), host: text({ description: 'The host to connect to.', default: '127.0.0.1', minLength: 1 }) },
    { description: 'Open a connection.', required: ['port'] },
  ),
  [port()],
  (value) => ({ port: value }),
);

const pattern = (description: string) => text({ description, format: 'regex', minLength: 1 });

const screen = short(
  section(
    {
      match: maybe(pattern('Healthy while this regular expression matches what the pane shows.')),
      not_match: maybe(pattern('Unhealthy while this regular expression matches what the pane shows.')),
    },
    { description: 'Look at the visible part of the pane.', exactlyOne: ['match', 'not_match'] },
  ),
  [pattern('The regular expression that must match.')],
  (match) => ({ match }),
);

const activity = short(
  section(
    {
      silent_for: duration({
        description:
          'Unhealthy after this long without a sign of life. Longer than a model thinks without showing anything: `20m`.',
      }),
      while: oneOf(['busy', 'always'], {
        description: 'Whether silence counts only while the agent is at work.',
        default: 'busy',
      }),
    },
    { description: 'Watch output, CPU and progress of the agent.', required: ['silent_for'] },
  ),
  [duration({ description: 'The time alone.' })],
  (silent) => ({ silent_for: silent }),
);

const heartbeat = short(
  section(
    { stale_after: duration({ description: 'Unhealthy when the last heartbeat is older than this.' }) },
    { description: 'The program itself reports that it is well.', required: ['stale_after'] },
  ),
  [duration({ description: 'The time alone.' })],
  (stale) => ({ stale_after: stale }),
);

const log = short(
  section(
    {
      match: maybe(pattern('Healthy as soon as a line of output of this life has matched this regular expression.')),
      not_match: maybe(pattern('Unhealthy when a new line of output matches this regular expression.')),
    },
    { description: 'Read the output of the agent, line by line.', exactlyOne: ['match', 'not_match'] },
  ),
  [pattern('The regular expression that a line must have matched.')],
  (match) => ({ match }),
);

const failures = section(
  {
    count: whole({ description: 'So many failures …', minimum: 1 }),
    within: whole({ description: '… among this many latest results make it unhealthy.', minimum: 1 }),
  },
  { description: 'Instead of `failure_threshold`, against flapping.', required: ['count', 'within'] },
);

const CHECKS = ['exec', 'http', 'tcp', 'screen', 'activity', 'heartbeat', 'log'] as const;

/** What a probe looks at. */
export type ProbeKind = (typeof CHECKS)[number];

/** One check and how often it is made. */
export const Probe = section(
  {
    exec: maybe(exec),
    http: maybe(http),
    tcp: maybe(tcp),
    screen: maybe(screen),
    activity: maybe(activity),
    heartbeat: maybe(heartbeat),
    log: maybe(log),
    initial_delay: duration({ description: 'Wait this long after the start.', default: '0s' }),
    period: duration({ description: 'The time from one check to the next.', default: '10s' }),
    timeout: duration({ description: 'A check that takes longer has failed.', default: '5s' }),
    success_threshold: whole({ description: 'So many good results in a row are healthy.', default: 1, minimum: 1 }),
    failure_threshold: whole({ description: 'So many bad results in a row are unhealthy.', default: 3, minimum: 1 }),
    failures: maybe(failures),
    on_failure: oneOf(['restart', 'nudge', 'notify', 'none'], {
      description:
        'What a failed liveness probe leads to: a `restart`; a `nudge`, and a restart if that does not help; ' +
        '`notify` a person; or `none`.',
      default: 'restart',
    }),
    nudge: list(text({ description: 'A tmux key name such as `Escape`, or text.', minLength: 1 }), {
      description: 'With `on_failure: nudge`: the keys that may wake the program up.',
      default: ['Escape'],
      minItems: 1,
    }),
  },
  { description: 'One check and how often it is made.', exactlyOne: CHECKS },
);

const oneOrMore = (description: string) =>
  short(list(Probe, { description, minItems: 1 }), [Probe], (single) => [single]);

/** How colony learns whether an agent is well. */
export const Probes = section(
  {
    startup: maybe(oneOrMore('The program has come up; until then the other probes rest, and so do policies.')),
    readiness: maybe(oneOrMore('The agent can be used; others may depend on it.')),
    liveness: maybe(oneOrMore('The agent still works; if not, `on_failure` says what happens.')),
  },
  { description: 'How colony learns whether the agent is well.', default: {} },
);

export type ProbesSpec = Static<typeof Probes>;
export type ProbeSpec = Static<typeof Probe>;
