import { answerToExit } from '../reconciler/answer.ts';
import type { AgentSpec, Millis, ReasonCode, Wish } from '../reconciler/types.ts';
import type { ScheduleEntry } from '../spec/schedule.ts';
import type { PolicyView } from './define.ts';

/** What a time that has come asks for; `skip`: there is nothing to do; `wait`: that will be seen soon. */
export type Task = Wish | 'skip' | 'wait';

/** A time of a schedule has come; `due` is on the wall clock. */
export type Appointment = {
  readonly entry: ScheduleEntry;
  readonly spec: AgentSpec;
  readonly view: PolicyView;
  readonly due: Millis;
};

/** What is to be done about the agent now that the time has come. What a person has stopped is left alone. */
export function taskOf(appointment: Appointment): Task {
  const { entry, spec, view } = appointment;
  const { action } = entry;
  const tells = !('send' in action) && TELLS.has(action.do);
  if (!spec.enabled || (isStopped(view) && !tells)) return 'skip';
  if ('send' in action) return view.alive ? { do: 'send', text: action.send } : 'skip';
  return TASKS[action.do](appointment);
}

type Deed = Extract<ScheduleEntry['action'], { do: unknown }>['do'];

/** Done whatever the agent does. */
const TELLS: ReadonlySet<Deed> = new Set<Deed>(['notify', 'warn']);

const TASKS: { readonly [D in Deed]: (appointment: Appointment) => Task } = {
  notify: () => ({ do: 'notify' }),
  warn: () => ({ do: 'warn' }),
  restart: (appointment) => (ranBefore(appointment) ? { do: 'restart' } : 'skip'),
  stop: (appointment) => {
    if (appointment.view.alive) return { do: 'stop' };
    return isComing(appointment) ? 'wait' : 'skip';
  },
  start: (appointment) => {
    if (!appointment.view.alive) return isStartable(appointment) ? { do: 'start' } : 'skip';
    return appointment.entry.overlap === 'restart' && ranBefore(appointment) ? { do: 'restart' } : 'skip';
  },
};

const isStopped = ({ history }: PolicyView): boolean => history.hold?.reason.code === 'user_requested';

/** Whether the process that runs was there already when the time came: a younger one is what was asked for. */
function ranBefore({ due, view: { alive, started, now, wall } }: Appointment): boolean {
  return alive && (started === undefined || wall - (now - started) < due);
}

/** Nothing keeps it from being started again, sooner or later: then it has to be stopped after all. */
function isComing(appointment: Appointment): boolean {
  return appointment.view.history.hold === undefined && !isDone(appointment);
}

/** Its work is done, or a schedule has stopped it. Anything else that keeps it from running is not for a schedule to end. */
function isStartable(appointment: Appointment): boolean {
  const { hold } = appointment.view.history;
  return hold ? hold.stops === true && ENDED_BY.has(hold.reason.code) : isDone(appointment);
}

/** Why an agent was stopped that a schedule may start again. */
const ENDED_BY: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['scheduled', 'work_done']);

/** It has ended, and its restart policy leaves it at that. */
function isDone({ spec, view: { history, now } }: Appointment): boolean {
  const { lastExit, unanswered } = history;
  const answer = unanswered && lastExit ? answerToExit(spec, history, lastExit, now) : undefined;
  return answer?.is === 'completed' || answer?.is === 'stopped';
}
