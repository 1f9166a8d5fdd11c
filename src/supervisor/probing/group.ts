import { kindOf } from '../../probes/index.ts';
import { type Tally, tallied, tallyOf, thresholdsOf } from '../../probes/threshold.ts';
import type { Finding, Millis, Role, Verdict } from '../../reconciler/types.ts';
import type { ProbeSpec } from '../../spec/probes.ts';
import { newsAfterNudge, newsOf, type Said, type Standing, verdictOfRole } from './verdict.ts';
import type { Worker } from './worker.ts';

/** What a probe found the last time, thresholds aside. */
export type LastFinding = Finding & { readonly role: Role; readonly probe: string; readonly at: Millis };

export type GroupOptions = {
  readonly role: Role;
  readonly probes: readonly ProbeSpec[];
  /** What was published of this role and life before, by whomever: nothing changes without new results. */
  readonly published: Verdict | undefined;
  /** Failures do not count at present: the program asked for patience. */
  readonly lenient: () => boolean;
  readonly now: () => Millis;
  readonly publish: (said: Said) => void;
  /** Begin to make the checks of one probe. */
  readonly work: (spec: ProbeSpec, index: number, onFinding: (finding: Finding) => void) => Worker;
};

/** The probes of one role of one life, and what they come to together. */
export class Group {
  readonly #options: GroupOptions;
  readonly #workers: readonly Worker[];
  #tallies: Tally[];
  #findings: (LastFinding | undefined)[];
  #published: Said | undefined;
  /** Keys were pressed since the failure was published: it may be published once more. */
  #nudged = false;

  constructor(options: GroupOptions) {
    const { role, probes, published } = options;
    this.#options = options;
    this.#published = published;
    this.#tallies = verdictsBefore(role, probes, published).map(tallyOf);
    this.#findings = probes.map(() => undefined);
    const over = isLast(role, this.#published, false) && !published?.nudged;
    this.#workers = over
      ? []
      : probes.map((spec, index) => options.work(spec, index, (finding) => this.#take(index, finding)));
    this.heed(published);
  }

  /** What each probe found the last time, as far as any did. */
  get findings(): readonly LastFinding[] {
    return this.#findings.filter((finding) => finding !== undefined);
  }

  /** What has become of what was published: after a nudge the probes that failed begin anew. */
  heed(published: Verdict | undefined): void {
    const nudged = published?.nudged ?? false;
    if (nudged && !this.#nudged) {
      this.#tallies = this.#tallies.map((tally) => (tally.verdict === 'unhealthy' ? tallyOf(undefined) : tally));
    }
    this.#nudged = nudged;
  }

  /** All is well, and that needs no probe. */
  pass(said: Said): void {
    this.stop();
    if (this.#published?.is !== 'healthy') this.#say(said);
  }

  stop(): void {
    for (const worker of this.#workers) worker.stop();
  }

  #take(index: number, finding: Finding): void {
    const { role, probes, now, lenient } = this.#options;
    const spec = probes[index];
    const tally = this.#tallies[index];
    if (!spec || !tally) return;
    this.#findings[index] = { ...finding, role, probe: kindOf(spec), at: now() };
    const is = finding.is === 'unhealthy' && lenient() ? 'unknown' : finding.is;
    this.#tallies[index] = tallied(tally, is, thresholdsOf(spec));
    const said = verdictOfRole(this.#standings(), index);
    if (said) for (const news of this.#newsOf(said)) this.#say(news);
  }

  #newsOf(said: Said): readonly Said[] {
    if (!this.#nudged) return newsOf(this.#options.role, this.#published, said);
    const pending = this.#tallies.some(({ verdict }) => verdict === undefined);
    return newsAfterNudge(this.#published, said, pending);
  }

  #standings(): readonly Standing[] {
    return this.#options.probes.map((spec, index) => ({
      verdict: this.#tallies[index]?.verdict,
      probe: kindOf(spec),
      text: this.#findings[index]?.text ?? 'it was found before',
      on_failure: spec.on_failure,
    }));
  }

  #say(said: Said): void {
    // Stopped before it is said: who hears it may ask at once for what is to be looked at next.
    if (isLast(this.#options.role, said, this.#nudged)) this.stop();
    this.#published = said;
    this.#options.publish(said);
  }
}

/** Whether nothing is to be found out any more: the program has come up, or its life is about to be ended. */
function isLast(role: Role, said: Said | undefined, nudged: boolean): boolean {
  if (role === 'startup') return said !== undefined;
  return role === 'liveness' && said?.is === 'unhealthy' && (nudged || said.on_failure === 'restart');
}

/** What each probe had come to, as far as what was published tells. */
function verdictsBefore(
  role: Role,
  probes: readonly ProbeSpec[],
  published: Verdict | undefined,
): readonly Tally['verdict'][] {
  const others = role === 'liveness' || published?.is === 'healthy' ? 'healthy' : undefined;
  const failed = published?.is === 'unhealthy' ? probes.findIndex((spec) => kindOf(spec) === published.probe) : -1;
  return probes.map((_, index) => (index === failed ? 'unhealthy' : others));
}
