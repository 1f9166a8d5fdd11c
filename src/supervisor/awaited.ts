import type { AgentStatus, Awaited } from '../control/protocol.ts';
import { explain } from '../reconciler/explain.ts';
import type { AgentName } from '../reconciler/types.ts';
import type { AgentView } from '../reconciler/view.ts';

/** Whether one agent is what somebody waits for. `never`: not by itself any more; somebody has to do something. */
export type Verdict =
  | { readonly is: 'so' }
  | { readonly is: 'not_yet'; readonly text: string }
  | { readonly is: 'never'; readonly text: string };

/** One agent from the two sides that are asked. */
export type Candidate = { readonly view: AgentView; readonly activity: AgentStatus['activity'] };

/** What is the matter with those that are not so yet, or never will be; empty where all are so. */
export type Judgement = {
  readonly is: Verdict['is'];
  readonly why: readonly { readonly agent: AgentName; readonly text: string }[];
};

const SO: Verdict = { is: 'so' };
const GONE: Verdict = { is: 'never', text: 'no longer in the file' };

/**
 * Whether all agents are so; one that never will be decides for all.
 *
 * `names` undefined: all that are meant to run at this moment. A named one that is not there any more has stopped.
 */
export function judge(all: readonly Candidate[], names: readonly AgentName[] | undefined, what: Awaited): Judgement {
  const verdicts = (names ?? meant(all, what)).map((agent) => {
    const candidate = all.find(({ view }) => view.agent === agent);
    const absent = what === 'stopped' ? SO : GONE;
    return { agent, verdict: candidate ? VERDICTS[what](candidate, all) : absent };
  });
  for (const is of ['never', 'not_yet'] as const) {
    const why = verdicts.flatMap(({ agent, verdict }) => (verdict.is === is ? [{ agent, text: verdict.text }] : []));
    if (why.length > 0) return { is, why };
  }
  return { is: 'so', why: [] };
}

/** The agents that somebody means who names none: what is off is left out, and so is work that is done. */
function meant(all: readonly Candidate[], what: Awaited): readonly AgentName[] {
  const out = (view: AgentView) =>
    what === 'completed' ? view.phase === 'disabled' || byPerson(view) : AT_REST.has(view.phase);
  return all.flatMap(({ view }) => (what !== 'stopped' && out(view) ? [] : [view.agent]));
}

const AT_REST: ReadonlySet<string> = new Set(['completed', 'disabled', 'stopped']);

type Judge = (candidate: Candidate, all: readonly Candidate[]) => Verdict;

const VERDICTS: { readonly [W in Awaited]: Judge } = {
  ready: ({ view }, all) => (view.phase === 'ready' ? SO : (stuck(view, all) ?? notYet(view))),
  idle: ({ view, activity }, all) =>
    activity.state === 'idle' ? SO : (stuck(view, all) ?? { is: 'not_yet', text: activity.state }),
  completed: ({ view }, all) => (view.phase === 'completed' ? SO : (stuck(view, all) ?? endless(view) ?? notYet(view))),
  stopped: ({ view }) => (isOff(view) ? SO : notYet(view)),
};

/** No process, and none will be started by itself. */
function isOff(view: AgentView): boolean {
  const off = AT_REST.has(view.phase) || (view.phase === 'held' && view.nextActionAt === undefined);
  return off && view.session?.main.state !== 'alive';
}

/** Why an agent will not run any more unless somebody does something; undefined: it runs, or will. */
function stuck(view: AgentView, all: readonly Candidate[]): Verdict | undefined {
  if (!view.spec) return GONE;
  if (view.phase === 'pending') return stuckBehind(view, all);
  if (!isOff(view)) return undefined;
  if (byPerson(view)) return never(`stopped by a person; \`colony start ${view.agent}\` starts it`);
  const why = view.reason ? explain(view.reason) : view.phase;
  if (view.phase === 'stopped') return never(`${why}, and its restart policy is ${view.spec.restart.policy}`);
  return never(view.phase === 'disabled' ? why : `${view.phase}: ${why}`);
}

/** It waits for another one that will not come. Settings of different age may wait for each other in a circle. */
function stuckBehind(view: AgentView, all: readonly Candidate[]): Verdict | undefined {
  const others = all.filter((other) => other.view !== view);
  for (const [need, { condition }] of Object.entries(view.spec?.depends_on ?? {})) {
    const other = others.find((candidate) => candidate.view.agent === need);
    if (!other || (condition === 'started' && other.view.phase === 'completed')) continue;
    const verdict = VERDICTS[condition === 'completed' ? 'completed' : 'ready'](other, others);
    if (verdict.is === 'never') return never(`waits for ${need}: ${verdict.text}`);
  }
  return undefined;
}

/** Work that is begun anew whenever it is done is never completed, unless a sign says that it is. */
function endless({ spec }: AgentView): Verdict | undefined {
  const policy = spec?.completion ? undefined : spec?.restart.policy;
  return policy === 'always' || policy === 'unless-stopped'
    ? never(`it is started again whenever it ends, because its restart policy is ${policy}`)
    : undefined;
}

function byPerson({ phase, reason }: AgentView): boolean {
  return phase === 'stopped' && reason?.code === 'user_requested';
}

function never(text: string): Verdict {
  return { is: 'never', text };
}

function notYet({ phase, reason }: AgentView): Verdict {
  const told = reason && phase !== 'ready' && reason.code !== 'not_running';
  return { is: 'not_yet', text: told ? `${phase}: ${explain(reason)}` : phase };
}
