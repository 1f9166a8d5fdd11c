import { render } from '../config/diagnostic.ts';
import { matches } from '../config/glob.ts';
import { loadConfig, type Rejected } from '../config/load.ts';
import { homeFolder } from '../control/home.ts';
import type { Problem } from '../control/protocol.ts';
import { EXIT } from '../control/protocol.ts';
import { removalBy } from '../reconciler/guard.ts';
import type { AgentName, AgentSpec, Desired, Observed, Result } from '../reconciler/types.ts';
import type { Environment } from './environment.ts';
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
