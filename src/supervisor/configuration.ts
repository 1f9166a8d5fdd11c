import { readFileSync } from 'node:fs';
import { render } from '../config/diagnostic.ts';
import { matches } from '../config/glob.ts';
import { loadConfig, type Rejected } from '../config/load.ts';
import { homeFolder } from '../control/home.ts';
import type { Problem } from '../control/protocol.ts';
import { EXIT } from '../control/protocol.ts';
import { removalBy } from '../reconciler/guard.ts';
import type { AgentName, AgentSpec, Desired, Observed, Reason, Result } from '../reconciler/types.ts';
import { announce, type Colony, type Sources } from './colony.ts';
import type { Environment } from './environment.ts';
import { DEFAULT_LIMITS } from './history/past.ts';
import type { Read } from './stamps.ts';
import { witness } from './witness.ts';

/** Read and check the file. What is wrong with it comes back as one problem with every mistake in its text. */
export function loadFile(
  path: string,
  profiles: readonly string[],
  environment: Environment,
  colour: boolean,
): Result<Read, Problem> {
  const { reader, stamps, unchanged } = witness();
  const request = { path, profiles, environment, home: environment.HOME ?? homeFolder(), generation: 0 };
  const loaded = loadConfig(request, reader);
  return loaded.ok
    ? { ok: true, value: { ...loaded.value, stamps, unchanged } }
    : { ok: false, error: invalid(loaded.error, colour) };
}

function invalid(rejected: Rejected, colour: boolean): Problem {
  const text = render(rejected.diagnostics, rejected.sources, { colour });
  return { code: 'invalid_config', exit: EXIT.invalidConfig, text };
}

/** What a person asks to be put in force. */
export type Candidate = {
  readonly loaded: Read;
  /** Names or globs; empty for all. */
  readonly targets: readonly string[];
};

/** The configuration that would be in force: with targets, only those agents are taken from the new file. */
export function candidateDesired(candidate: Candidate, current: Desired | undefined): Result<Desired, Problem> {
  const { loaded, targets } = candidate;
  const next = loaded.desired;
  if (targets.length === 0) return { ok: true, value: next };
  const known = new Set([...next.agents.keys(), ...(current?.agents.keys() ?? [])]);
  const chosen = (agent: AgentName) => targets.some((target) => matches(target, agent));
  const missing = targets.find((target) => ![...known].some((agent) => matches(target, agent)));
  if (missing !== undefined) return { ok: false, error: noSuchAgent(missing, [...known]) };
  const agents = new Map<AgentName, AgentSpec>();
  for (const agent of known) {
    const spec = (chosen(agent) ? next : current)?.agents.get(agent);
    if (spec) agents.set(agent, spec);
  }
  return { ok: true, value: { ...next, agents } };
}

export function noSuchAgent(name: string, known: readonly AgentName[]): Problem {
  const have = known.length > 0 ? `This colony has: ${[...known].sort().join(', ')}.` : 'This colony has no agents.';
  return { code: 'no_such_agent', exit: EXIT.noSuchAgent, text: `no agent is named "${name}". ${have}` };
}

/** What a running colony cannot take over: it would lose its sessions out of sight. */
export function movedAway(current: Desired | undefined, next: Desired): Problem | undefined {
  if (!current) return undefined;
  const needsDown = (what: string): Problem => ({
    code: 'needs_down',
    exit: EXIT.failed,
    text: `${what} while the colony is up. Run \`colony down\` first (or change it back).`,
  });
  if (next.name !== current.name)
    return needsDown(`the colony's name changed from "${current.name}" to "${next.name}"`);
  if (JSON.stringify(next.tmux.server) !== JSON.stringify(current.tmux.server))
    return needsDown('`tmux.socket` changed');
  return undefined;
}

/** The question that a configuration raises which would end more than half of what runs; undefined: it raises none. */
export function unconfirmed(desired: Desired, observed: Observed): Problem | undefined {
  const removal = removalBy(desired, observed);
  if (!removal.excessive) return undefined;
  return {
    code: 'unconfirmed',
    exit: EXIT.failed,
    text: `this would stop ${removal.removed.length} of ${removal.running} running agents for good: ${removal.removed.join(', ')}`,
  };
}

/** Put a configuration in force. The same one again changes nothing, not even its generation. */
export function accept(colony: Colony, next: Desired, { files, patterns, stamps }: Sources): void {
  colony.sources = { files, patterns, stamps };
  const generation = colony.desired?.generation ?? 0;
  const same = colony.desired !== undefined && serialise({ ...next, generation }) === serialise(colony.desired);
  colony.config = { error: undefined };
  colony.goal = 'run';
  colony.hurry = false;
  if (!same) putInForce(colony, { ...next, generation: generation + 1 });
  arm(colony);
}

function putInForce(colony: Colony, desired: Desired): void {
  if (colony.desired && JSON.stringify(colony.desired.tmux) !== JSON.stringify(desired.tmux)) reopenTmux(colony);
  colony.departed.replace(colony.desired?.agents.values() ?? [], desired.agents);
  colony.desired = desired;
  colony.saver.save(colony.paths.desired, serialise(desired));
  const { generation, path, agents } = desired;
  announce(colony, { type: 'config_loaded', generation, path, agents: agents.size });
}

/** A server is set up when it is joined: leaving it and joining anew brings it the new settings. */
export function reopenTmux(colony: Colony): void {
  void colony.tmux?.close();
  colony.tmux = undefined;
  colony.tmuxDown = undefined;
}

/**
 * Let the supervisor act from now on.
 *
 * The policy `always` means that a new supervisor also starts what a person had stopped; all others leave it alone.
 */
export function arm(colony: Colony): void {
  if (colony.armed) return;
  colony.armed = true;
  for (const { name, restart } of colony.desired?.agents.values() ?? []) {
    const stopped = colony.journal.ledger.agents.get(name)?.hold?.reason.code === 'user_requested';
    if (restart.policy === 'always' && stopped) announce(colony, { type: 'released', agent: name, reason: ALWAYS });
  }
}

const ALWAYS: Reason = { code: 'not_running' };

/** The file is wrong: what was in force stays so, and status tells of the mistake. */
export function reject(colony: Colony, problem: Problem): void {
  const known = colony.config.error;
  colony.config = { error: problem.text };
  if (known !== undefined && essence(known) === essence(problem.text)) return;
  const [first = ''] = problem.text.split('\n');
  announce(colony, { type: 'config_rejected', path: colony.path, problems: 1, first });
}

/** The same mistake may have moved to another line; where it stands is for status, and not worth another entry. */
function essence(text: string): string {
  const mistakes = [...text.matchAll(/^\S.*?: (error\[.*)$/gm)].map(([, mistake]) => mistake);
  return mistakes.length > 0 ? mistakes.join('\n') : text;
}

/** Changes when the stored form does: a configuration kept by an older colony is then read from the file again. */
const STORED_FORM = 2;

function serialise(desired: Desired): string {
  return JSON.stringify({ form: STORED_FORM, ...desired, agents: [...desired.agents] });
}

/** The profiles of the last configuration, also of one that an older colony has kept in another form. */
export function lastProfiles(path: string): readonly string[] {
  try {
    const { profiles } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Desired>;
    return profiles ?? [];
  } catch {
    return [];
  }
}

/** The configuration that was last in force, ready to use; undefined if there is none. */
export function lastGood(path: string): Desired | undefined {
  try {
    const stored = JSON.parse(readFileSync(path, 'utf8')) as { form: number; agents: [AgentName, AgentSpec][] };
    if (stored.form !== STORED_FORM) return undefined;
    const { form: _, ...rest } = stored;
    // Those written before there was a history have none.
    const { history = DEFAULT_LIMITS } = rest as unknown as Partial<Desired>;
    return { ...(rest as unknown as Desired), history, agents: new Map(stored.agents) };
  } catch {
    return undefined;
  }
}
