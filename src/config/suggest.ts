import { distance } from 'fastest-levenshtein';

/** Words of other tools, and what they are called here. */
const FOREIGN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    workdir: 'working_dir workingdir working_directory workingdirectory directory folder cwd root dir',
    command: 'cmd exec execstart args argv run script entrypoint',
    env: 'environment env_vars variables',
    env_file: 'env_from environmentfile dotenv',
    restart: 'autorestart restart_policy restart_sec',
    'restart.crash_loop.restarts': 'max_restarts',
    'restart.backoff.initial': 'restart_delay',
    depends_on: 'depends requires after needs',
    probes: 'healthcheck health_check livenessprobe readinessprobe liveness_probe readiness_probe startup_probe',
    replicas: 'instances numprocs scale count',
    memory: 'max_memory_restart mem_limit memory_limit max_memory',
    stop: 'stop_signal stopsignal kill_signal',
    'stop.grace': 'kill_timeout stop_grace_period stopwaitsecs timeout_stop',
    grace: 'grace_period',
    schedule: 'cron cron_restart',
    enabled: 'autostart disabled active',
    labels: 'tags',
    metadata: 'annotations',
    kind: 'type agent',
    agents: 'services processes programs apps windows sessions',
    name: 'session_name project project_name',
    include: 'includes extends',
    'concurrency.max_starting': 'max_parallel',
    initial: 'min_delay delay',
    max: 'max_delay',
    factor: 'multiplier',
    restarts: 'retries max_attempts',
  }).flatMap(([ours, theirs]) => theirs.split(' ').map((word) => [word, ours] as const)),
);

/**
 * What a person who wrote an unknown key probably meant.
 *
 * `allowed` are the keys that can stand at this place; the word of another tool counts only where its translation can.
 */
export function suggestKey(written: string, allowed: readonly string[]): string | undefined {
  const lower = written.toLowerCase();
  const foreign = FOREIGN.get(lower) ?? FOREIGN.get(lower.replaceAll('-', '_'));
  const [first = ''] = foreign?.split('.') ?? [];
  if (allowed.includes(first)) return foreign;
  const snake = written
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  return allowed.includes(snake) ? snake : closest(written, allowed);
}

/** A longer word is not compared; nobody writes it by a slip. */
const LONGEST = 64;

/** The candidate that differs in at most a third of the letters, rounded up; undefined if none does. */
export function closest(written: string, candidates: readonly string[]): string | undefined {
  if (written.length > LONGEST) return undefined;
  const limit = Math.ceil(written.length / 3);
  let best: { readonly word: string; readonly away: number } | undefined;
  for (const word of new Set(candidates)) {
    if (Math.abs(word.length - written.length) > limit || word === written) continue;
    const away = distance(written.toLowerCase(), word.toLowerCase());
    if (away <= limit && (best === undefined || away < best.away)) best = { word, away };
  }
  return best?.word;
}

/** The sentence of a hint. */
export const didYouMean = (word: string | undefined): string | undefined =>
  word === undefined ? undefined : `did you mean \`${word}\`?`;
