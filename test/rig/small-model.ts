/** What must be of each agent, whatever was done to the colony: small enough to be seen to be right. */
export type AgentModel = {
  /** It stands in the file. */
  declared: boolean;
  enabled: boolean;
  /** Counts the changes of its command. */
  variant: number;
  /** Changed in place. */
  label: number;
  /** Restarted after failures only, so that an exit with 0 completes it. */
  readonly onFailure: boolean;
  /** `loop`: for failures of this variant of its command. */
  hold: { readonly by: 'person' } | { readonly by: 'loop'; readonly variant: number } | undefined;
  /** Has done its work, with this variant of its command. */
  done: number | undefined;
  /** tmux has a session of it. */
  session: boolean;
  generation: number;
  /** All unplanned restarts ever. */
  total: number;
  /** Unplanned ends since a person last started it. */
  failures: number;
};

export type Model = Record<string, AgentModel>;

/** One failure more than this, and an agent is held. */
export const RESTARTS_ALLOWED = 2;

export const newAgent = (onFailure: boolean): AgentModel => ({
  declared: true,
  enabled: true,
  variant: 0,
  label: 0,
  onFailure,
  hold: undefined,
  done: undefined,
  session: false,
  generation: 0,
  total: 0,
  failures: 0,
});

export type PhaseModel = 'ready' | 'stopped' | 'held' | 'completed' | 'disabled';

/** What status must say of an agent of the file at rest. */
export function phaseOf({ enabled, hold, done, variant }: AgentModel): PhaseModel {
  if (!enabled) return 'disabled';
  if (hold?.by === 'person') return 'stopped';
  // What was earned by other settings does not bind these.
  if (hold?.variant === variant) return 'held';
  return done === variant ? 'completed' : 'ready';
}

export const mustRun = (agent: AgentModel): boolean => agent.declared && phaseOf(agent) === 'ready';

/** Change what is wanted of an agent; whether it lives then follows, and a new life is never counted as a restart. */
export function want(agent: AgentModel, change: (agent: AgentModel) => void): void {
  const before = { runs: mustRun(agent), variant: agent.variant };
  change(agent);
  if (!mustRun(agent)) {
    if (!agent.declared || !agent.enabled) closed(agent);
    return;
  }
  if (!before.runs || before.variant !== agent.variant) begun(agent);
}

/** A new life: what stood against it is over. */
export function begun(agent: AgentModel): void {
  agent.generation += 1;
  agent.session = true;
  agent.hold = undefined;
  agent.done = undefined;
}

/** With its session goes what was known of how the work ended; a hold stays. */
function closed(agent: AgentModel): void {
  if (agent.session) agent.done = undefined;
  agent.session = false;
}

export const started = (agent: AgentModel): void =>
  want(agent, (it) => {
    Object.assign(it, { hold: undefined, done: undefined, failures: 0 });
  });

export const stopped = (agent: AgentModel): void =>
  want(agent, (it) => {
    it.hold = { by: 'person' };
  });

export function restarted(agent: AgentModel): void {
  if (mustRun(agent)) begun(agent);
  else started(agent);
}

/** A life ended that nobody had asked to; `success`: the program said that its work is done. */
export function crashed(agent: AgentModel, success: boolean): void {
  agent.failures += 1;
  if (success && agent.onFailure) agent.done = agent.variant;
  else if (agent.failures > RESTARTS_ALLOWED) agent.hold = { by: 'loop', variant: agent.variant };
  else {
    begun(agent);
    agent.total += 1;
  }
}

/** A person closes the session; what ran in it has failed. */
export function sessionClosed(agent: AgentModel): void {
  const ran = mustRun(agent);
  agent.session = false;
  if (ran) crashed(agent, false);
}

/** All sessions are gone, and none of them by its own failure. */
export function serverLost(model: Model): void {
  for (const agent of Object.values(model)) {
    agent.session = false;
    if (mustRun(agent)) begun(agent);
  }
}

/** Everything is taken down and then brought up as the file says; what a person stopped stays so. */
export function downAndUp(model: Model): void {
  for (const agent of Object.values(model)) {
    closed(agent);
    if (mustRun(agent)) begun(agent);
  }
}
