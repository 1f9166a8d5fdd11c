import type { Ended } from '../../../src/command/run.ts';
import type { Look } from '../../../src/probes/look.ts';
import { emptyLedger, noHealth, record } from '../../../src/reconciler/ledger.ts';
import type { AgentSpec, Event, Health, Reported, Vitals } from '../../../src/reconciler/types.ts';
import type { ProbeSpec } from '../../../src/spec/probes.ts';
import { Answers } from '../../../src/supervisor/patterns/answers.ts';
import { Patterns } from '../../../src/supervisor/patterns/patterns.ts';
import { Outputs } from '../../../src/supervisor/probing/outputs.ts';
import { Prober } from '../../../src/supervisor/probing/prober.ts';
import type { Subject } from '../../../src/supervisor/probing/subject.ts';
import { nothing, probe } from '../../probes/rig.ts';

export type HealthEvent = Extract<Event, { type: 'health' }>;
export type Probes = Partial<AgentSpec['probes']>;

/** A probe that asks the lab under this name; a hundred milliseconds are the shortest period there is. */
export const asks = (name: string, over: Partial<ProbeSpec> = {}): ProbeSpec =>
  probe({ exec: { command: name }, period: 100, timeout: 1_000, failure_threshold: 1, ...over });

type Answer = boolean | undefined | Promise<boolean>;

/** A prober in a world that the test makes up: it answers the checks, keeps the ledger and says who lives. */
export class Lab {
  readonly events: HealthEvent[] = [];
  /** Every check that was begun. */
  readonly looks: (Look & { readonly asked: string })[] = [];
  /** What a check finds: good, bad, or nothing. */
  readonly answers = new Map<string, Answer | (() => Answer)>();
  readonly reports = new Map<string, Partial<Reported>>();
  readonly vitals = new Map<string, Vitals>();
  readonly prober: Prober;
  most = 16;
  #seq = 0;
  #ledger = emptyLedger;
  #lives = new Map<string, { readonly run: string; readonly probes: Probes; readonly paused: boolean }>();

  constructor() {
    const patterns = new Patterns();
    this.prober = new Prober({
      clock: this.now,
      random: () => 0.5,
      ask: {
        ...nothing,
        command: (command, look) => this.#answer(command.form === 'shell' ? command.line : '', look),
        reported: (run) => (this.reports.has(run) ? { ...silent, ...this.reports.get(run) } : undefined),
        vitals: (agent) => this.vitals.get(agent),
      },
      patterns,
      answers: new Answers(patterns, () => undefined),
      outputs: new Outputs({ folder: '/nonexistent', tmux: () => undefined, clock: this.now, patterns }),
      publish: (event) => {
        this.events.push(event);
        this.tell(event);
      },
    });
  }

  readonly now = (): number => Math.round(performance.now()) + 1_000_000;

  /** What was published so far, in short. */
  get said(): readonly string[] {
    return this.events.map(({ role, is, probe: kind }) => `${role} ${is} ${kind}`);
  }

  /** How often it was asked for by this name. */
  count(name: string): number {
    return this.looks.filter(({ asked }) => asked === name).length;
  }

  /** Somebody else says something. */
  tell(event: Event): void {
    this.#seq += 1;
    this.#ledger = record(this.#ledger, { ...event, seq: this.#seq, at: this.now() });
  }

  /** An agent begins a new life, or has other probes. */
  live(agent: string, probes: Probes, life: { run?: string; paused?: boolean; age?: number } = {}): void {
    const { run = `${agent}-1`, paused = false, age = 0 } = life;
    if (this.#ledger.agents.get(agent)?.run !== run) {
      const applied = { fingerprint: 'v1:a', settings: {}, stop: { sequence: [], grace: 0 }, depends_on: [] };
      const started = this.now() - age;
      const reason = { code: 'not_running' } as const;
      this.tell({ type: 'started', agent, reason, generation: 1, run, started, pid: 1, applied });
    }
    this.#lives.set(agent, { run, probes, paused });
    this.sync();
  }

  end(agent: string): void {
    this.#lives.delete(agent);
    this.sync();
  }

  health(agent: string): Health {
    return this.#ledger.agents.get(agent)?.health ?? noHealth;
  }

  /** A pass. */
  sync(): void {
    const subjects = [...this.#lives].map(([agent, { run, probes, paused }]): Subject => {
      const spec = { name: agent, probes: { startup: [], readiness: [], liveness: [], ...probes } };
      const started = this.#ledger.agents.get(agent)?.started ?? 0;
      const health = this.health(agent);
      return { agent, run, generation: 1, pane: '%1', started, spec: spec as unknown as AgentSpec, health, paused };
    });
    this.prober.sync(subjects, this.most);
  }

  async #answer(asked: string, look: Look): Promise<Ended> {
    this.looks.push({ ...look, asked });
    const answer = this.answers.has(asked) ? this.answers.get(asked) : true;
    const good = await (typeof answer === 'function' ? answer() : answer);
    return good === undefined ? { is: 'not_started', why: 'no' } : { is: 'exited', code: good ? 0 : 1, output: '' };
  }
}

const silent: Reported = {
  ready: undefined,
  heartbeat: undefined,
  state: undefined,
  status: undefined,
  extendedUntil: undefined,
};
