/** What colony tells the programs that it starts. */
export type ColonyContext = {
  /** The colony's name. */
  readonly colony: string;
  /** Absolute path of colony.yaml. */
  readonly config: string;
  /** The folder of all colonies, if COLONY_HOME names one. */
  readonly home: string | undefined;
  /** The agent's name. */
  readonly agent: string;
  /** What colony takes the program for: `claude`, `codex`, …, `shell`. */
  readonly kind: string;
  /** 1-based place among the replicas; 1 where there is only one. */
  readonly replica: number;
  /** Counts the lives of this agent's process. */
  readonly generation: number;
  /** The id of this life, which no other has. */
  readonly run: string;
  /** The agent's `metadata` in colony.yaml. */
  readonly metadata: Readonly<Record<string, unknown>>;
};

/**
 * What colony told this process about itself; undefined if colony did not start it.
 *
 * Throws if the variables contradict what colony writes, naming the one that is wrong: somebody else has changed it.
 */
export function colonyContext(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ColonyContext | undefined {
  const { COLONY_AGENT: agent, COLONY_RUN_ID: run, COLONY_HOME: home } = environment;
  if (agent === undefined || run === undefined) return undefined;
  return {
    colony: textOf('COLONY_NAME', environment),
    config: textOf('COLONY_CONFIG', environment),
    home,
    agent,
    kind: textOf('COLONY_KIND', environment),
    replica: numberOf('COLONY_REPLICA', environment),
    generation: numberOf('COLONY_GENERATION', environment),
    run,
    metadata: metadataOf(environment.COLONY_METADATA),
  };
}

function textOf(name: string, environment: Readonly<Record<string, string | undefined>>): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(`${name} must be set where COLONY_AGENT is, and is not`);
}

function numberOf(name: string, environment: Readonly<Record<string, string | undefined>>): number {
  const text = textOf(name, environment);
  if (/^\d{1,15}$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error(`${name} must be a whole number above 0, got "${text}"`);
}

/** The value itself may be private and is not shown. */
function metadataOf(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined || text === '') return {};
  const value = parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`COLONY_METADATA must be a JSON object, got ${value === undefined ? 'no JSON' : kindOf(value)}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
