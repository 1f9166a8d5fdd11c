import { check, kindOf } from '../../probes/index.ts';
import type { Ask } from '../../probes/look.ts';
import type { Event, Finding, Millis, Role } from '../../reconciler/types.ts';
import type { ProbeSpec } from '../../spec/probes.ts';
import type { Clock } from '../clock.ts';
import { Group, type LastFinding } from './group.ts';
import type { Slots } from './slots.ts';
import type { Subject } from './subject.ts';
import type { Said } from './verdict.ts';
import { Worker } from './worker.ts';

const ROLES = ['startup', 'readiness', 'liveness'] as const satisfies readonly Role[];

/** What all lives share. */
export type Surroundings = {
  readonly ask: Ask;
  readonly clock: Clock;
  readonly random: () => number;
  readonly slots: Slots;
  readonly publish: (event: Extract<Event, { type: 'health' }>) => void;
};

/** A life that was known this soon after its start was not adopted. */
const NEWBORN: Millis = 5_000;

/** Of a probe's period, how much later than it might the first check is made: not all agents at once. */
const SPREAD = 0.1;

/** The probes of one life of an agent. */
export class Life {
  readonly #around: Surroundings;
  readonly #watched: Millis;
  /** It was there before this supervisor was, with many others. */
  readonly #adopted: boolean;
  readonly #groups = new Map<Role, { readonly group: Group; readonly probes: readonly ProbeSpec[] }>();
  #subject: Subject;

  constructor(subject: Subject, around: Surroundings) {
    this.#subject = subject;
    this.#around = around;
    this.#watched = around.clock();
    this.#adopted = this.#watched - subject.started > NEWBORN;
  }

  /** What each probe found the last time. */
  get findings(): readonly LastFinding[] {
    return [...this.#groups.values()].flatMap(({ group }) => group.findings);
  }

  /**
   * Check what has to be checked at present, and nothing else. `wasUp`: it had come up before anybody wrote startup
   * probes; those are for the next life.
   */
  sync(subject: Subject, wasUp: boolean): void {
    this.#subject = subject;
    const active = this.#activeRoles();
    for (const role of ROLES) {
      if (active.has(role)) this.#attend(role);
      else this.#drop(role);
    }
    const pass = wasUp ? this.#passed('none', 'it was up before it had startup probes') : this.#reported();
    if (pass) this.#groups.get('startup')?.group.pass(pass);
  }

  /** Stop all checks. */
  rest(): void {
    for (const role of ROLES) this.#drop(role);
  }

  #activeRoles(): ReadonlySet<Role> {
    const { spec, health } = this.#subject;
    const isUp = spec.probes.startup.length === 0 || health.startup?.is === 'healthy';
    return new Set<Role>(isUp ? ['readiness', 'liveness'] : ['startup']);
  }

  #reported(): Said | undefined {
    const said = this.#around.ask.reported(this.#subject.run)?.ready !== undefined;
    return said ? this.#passed('notify', 'the program said that it is ready') : undefined;
  }

  /** What is published of startup when no probe has decided it. */
  #passed(probe: string, text: string): Said {
    return { is: 'healthy', probe, text, on_failure: this.#subject.spec.probes.startup[0]?.on_failure ?? 'restart' };
  }

  #attend(role: Role): void {
    const { spec, health } = this.#subject;
    const probes = spec.probes[role];
    const present = this.#groups.get(role);
    if (present && isSame(present.probes, probes)) {
      present.group.heed(health[role]);
      return;
    }
    this.#drop(role);
    if (probes.length > 0) this.#groups.set(role, { group: this.#makeGroup(role, probes), probes });
  }

  #drop(role: Role): void {
    this.#groups.get(role)?.group.stop();
    this.#groups.delete(role);
  }

  #makeGroup(role: Role, probes: readonly ProbeSpec[]): Group {
    const { agent, run, health } = this.#subject;
    const { ask, clock, publish } = this.#around;
    return new Group({
      role,
      probes,
      published: health[role],
      lenient: () => role !== 'readiness' && clock() < (ask.reported(run)?.extendedUntil ?? 0),
      now: clock,
      publish: (said) => publish({ type: 'health', agent, run, role, ...said }),
      work: (spec, index, onFinding) => this.#work(role, spec, index, onFinding),
    });
  }

  #work(role: Role, spec: ProbeSpec, index: number, onFinding: (finding: Finding) => void): Worker {
    const { ask, clock, random, slots } = this.#around;
    const { agent, run, generation, pane, started } = this.#subject;
    const kind = kindOf(spec);
    const look = { agent, run, generation, pane, role, index, started, watched: this.#watched, ask };
    const delay = Math.max(0, started + spec.initial_delay - clock());
    const spread = spec.period * (this.#adopted ? 1 : SPREAD) * random();
    return new Worker({
      period: spec.period,
      delay: delay + spread,
      judgesSilence: kind === 'activity' || kind === 'heartbeat',
      slots,
      clock,
      random,
      check: (cancel) => check(spec, { ...look, now: clock(), timeout: spec.timeout, cancel }),
      onFinding,
    });
  }
}

/** After an edit of the file everything is read anew, and mostly the same. */
function isSame(a: readonly ProbeSpec[], b: readonly ProbeSpec[]): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
