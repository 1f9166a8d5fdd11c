import { adviceFor } from './advised.ts';
import { failuresWithin } from './backoff.ts';
import { explain } from './explain.ts';
import { type Waits, waitsFor } from './gate.ts';
import { formatSpan } from './span.ts';
import type { Advice, AgentSpec, Alert, Millis, Phase, Reason, ReconcileInput, Session } from './types.ts';
import type { AgentView } from './view.ts';
import { type Want, wantsOf } from './wants.ts';

/** Something that ought to happen to an agent, or ought not, why, and what becomes of it; the last two as sentences. */
export type Decision = { readonly what: string; readonly text: string; readonly outcome: string };

/** What is wanted of one agent and by whom, and what keeps it from being done now; the most urgent first. */
export function decisionsAbout(view: AgentView, input: ReconcileInput): readonly Decision[] {
  const { spec, session } = view;
  const alive = spec && session?.main.state === 'alive' && !AT_WORK.has(view.phase);
  return [...(alive ? whileRunning(view, spec, session, input) : whileNot(view, input)), ...failuresOf(view, input)];
}

const AT_WORK: ReadonlySet<Phase> = new Set<Phase>(['stopping', 'starting', 'unknown']);

function whileRunning(view: AgentView, spec: AgentSpec, session: Session, input: ReconcileInput): readonly Decision[] {
  const { history } = view;
  const { now } = input;
  const advice = adviceFor(spec.name, session.run, input);
  const wants = wantsOf({ spec, session, history, advice, letters: input.letters.get(spec.name) ?? [] });
  const moment = { session, kind: spec.kind, history, vitals: input.vitals.get(spec.name), now };
  const first = wants.find((want) => waitsFor(want, moment) === undefined);
  const wanted = wants.map((want): Decision => {
    const waits = waitsFor(want, moment);
    const outcome = waits ? waitingText(waits, now) : want === first ? 'is done now' : 'comes after that';
    return { what: want.what, text: `${DEEDS[want.to.do]}: ${explain(want.reason)}`, outcome };
  });
  const told = advice.filter(({ policy }) => !wants.some(({ what }) => what === policy));
  return [...wanted, ...heldLater(view), ...told.map((each) => said(each, history.alerts[each.policy], now))];
}

/** What is to be left alone once it ends. */
function heldLater({ history: { hold } }: AgentView): readonly Decision[] {
  return hold ? [{ what: 'hold', text: explain(hold.reason), outcome: 'it is not started again when it ends' }] : [];
}

const DEEDS: { readonly [D in Want['to']['do']]: string } = {
  restart: 'restart',
  stop: 'stop',
  hold: 'leave it once it ends',
  nudge: 'press keys to wake it up',
  send: 'type a text',
  type: 'type what a person has sent',
};

const FOR: { readonly [F in Waits['for']]: string } = {
  idle: 'waits until it is idle',
  person: 'waits until nobody has typed there for half a minute',
  command: 'waits for `colony restart`',
  dialog: 'waits until its dialog is answered: nothing is typed into one',
  limit: 'waits until its usage limit is reset',
};

function waitingText({ for: cause, until }: Waits, now: Millis): string {
  return until === undefined ? FOR[cause] : `${FOR[cause]}, at most ${span(until - now)} more`;
}

/** Advice that asks for no action, or for none again. */
function said({ policy, wish, reason }: Advice, alert: Alert | undefined, now: Millis): Decision {
  const ago = alert && `${span(now - alert.since)} ago`;
  const text = explain(reason);
  if (wish.do === 'send') {
    const done = alert?.level === 'notify' ? 'could not be typed' : 'was typed';
    return { what: policy, text, outcome: `${done} ${ago}; not again before this is over` };
  }
  if (wish.do === 'notify' || wish.do === 'warn') {
    return { what: policy, text, outcome: ago === undefined ? 'is told now' : `was told ${ago}` };
  }
  return { what: policy, text, outcome: 'was decided already' };
}

/** What a pass looks for anew each time: once the folder, the program or the name is there, the agent starts by itself. */
function isObstacle(reason: Reason | undefined): boolean {
  switch (reason?.code) {
    case 'workdir_missing':
    case 'name_taken':
      return true;
    case 'command_not_found':
    case 'command_not_executable':
      // Without the program it is what the exit code of a shell said, and nobody knows where to look.
      return reason.program !== undefined;
    default:
      return false;
  }
}

const STANDS: { readonly [P in Phase]?: (view: AgentView) => string } = {
  held: ({ agent, reason }) =>
    isObstacle(reason)
      ? 'is started as soon as that is mended'
      : `is not started until other settings, or \`colony start ${agent}\``,
  stopped: ({ agent, reason }) => {
    const also = reason?.code === 'scheduled' ? ', or its schedule' : '';
    return `is not started until \`colony start ${agent}\`${also}`;
  },
  completed: ({ agent }) => `is not started until other settings, or \`colony start ${agent}\``,
  disabled: () => 'is not started until that changes',
  pending: () => 'waits for that, and starts then',
  unknown: () => 'nothing is done before that is known',
  starting: () => 'is being done',
  stopping: () => 'is being done',
};

/** What is to become of an agent that does not run, or that is being worked on. */
function whileNot(view: AgentView, { now }: ReconcileInput): readonly Decision[] {
  const { phase, reason, nextActionAt } = view;
  const text = reason ? explain(reason) : phase;
  const what = phase === 'stopping' ? 'stop' : 'start';
  if (nextActionAt !== undefined) return [{ what, text, outcome: `waits for ${span(nextActionAt - now)} more` }];
  const stands = STANDS[phase];
  return stands ? [{ what, text, outcome: stands(view) }] : [];
}

/** How near it is to its crash loop. */
function failuresOf({ spec, history }: AgentView, { now }: ReconcileInput): readonly Decision[] {
  if (!spec) return [];
  const { restarts, window, action } = spec.restart.crash_loop;
  const count = failuresWithin(history.failures, window, now);
  if (count === 0) return [];
  const text = `failed ${count === 1 ? 'once' : `${count} times`} within ${formatSpan(window)}`;
  const then = action === 'hold' ? 'it is held' : 'a person is told';
  return [{ what: 'crash_loop', text, outcome: `after more than ${restarts} ${then}` }];
}

/** To the second, as a person counts. */
function span(length: Millis): string {
  return length < 1_000 ? '0s' : formatSpan(Math.floor(length / 1_000) * 1_000);
}
