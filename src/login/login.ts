import { readFacts } from './facts.ts';
import { type Machine, thisMachine } from './machine.ts';
import { perform } from './perform.ts';
import { disableSteps, enableSteps, managerOf, verdictOf } from './plan.ts';
import { parseRecord, recordText } from './record.ts';
import { stepContent, stepText } from './steps.ts';
import { unitName } from './systemd.ts';
import type { Step, Target, Verdict } from './types.ts';

export type Enabled =
  /** It was looked what would be done, or all was done. `changed`: there was something to do. */
  | { readonly kind: 'judged'; readonly changed: boolean; readonly verdict: Verdict }
  /** Nothing and nobody here could start it. */
  | { readonly kind: 'nobody'; readonly verdict: Verdict }
  /** What would have to be written is there already, and is somebody else's. */
  | { readonly kind: 'taken'; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly why: string };

export type How = {
  /** Only say what would be done. */
  readonly dryRun: boolean;
  readonly say: (line: string) => void;
  readonly machine?: Machine;
};

/** Have the colony started at boot or at login, and look whether it will be. */
export async function enable(target: Target, { dryRun, say, machine = thisMachine() }: How): Promise<Enabled> {
  const before = await readFacts(machine, target);
  if (before.foreign !== undefined) return { kind: 'taken', verdict: verdictOf(target, before) };
  const manager = managerOf(before);
  if (!manager) return { kind: 'nobody', verdict: verdictOf(target, before) };
  const steps = enableSteps(target, before);
  if (dryRun) {
    show(steps, say);
    return { kind: 'judged', changed: steps.length > 0, verdict: verdictOf(target, before) };
  }
  const done = await perform(machine, steps, say);
  if (!done.ok) return { kind: 'failed', why: done.failed };
  const after = await readFacts(machine, target);
  const known = parseRecord(machine.read(target.record));
  const turnedOn = before.systemd?.lingering === false && after.systemd?.lingering === true;
  machine.write(
    target.record,
    recordText({
      manager,
      turned_on: turnedOn || (known?.turned_on ?? false),
      target,
    }),
    0o600,
  );
  return { kind: 'judged', changed: steps.length > 0, verdict: verdictOf(target, after) };
}

export type Disabled =
  | { readonly kind: 'done'; readonly changed: boolean; readonly remarks: readonly string[] }
  | { readonly kind: 'failed'; readonly why: string };

/** Have the colony not started by itself any more. Its supervisor ends if a service manager runs it; agents do not. */
export async function disable(
  target: Target,
  up: boolean,
  { dryRun, say, machine = thisMachine() }: How,
): Promise<Disabled> {
  const facts = await readFacts(machine, target);
  const turnedOn = parseRecord(machine.read(target.record))?.turned_on ?? false;
  const { steps, remarks } = disableSteps(target, facts, { turnedOn, up });
  if (dryRun) show(steps, say);
  else {
    const done = await perform(machine, steps, say);
    if (!done.ok) return { kind: 'failed', why: done.failed };
  }
  return { kind: 'done', changed: steps.length > 0, remarks };
}

function show(steps: readonly Step[], say: (line: string) => void): void {
  for (const step of steps) {
    say(stepText(step, 'before'));
    const content = stepContent(step);
    if (content !== '') say(content);
  }
}

/**
 * Have the service manager run the supervisor of a colony that is enabled, in the place of one in the background, from
 * the program that runs now and the file that was applied: both may have been moved.
 *
 * A manager that cannot be asked changes nothing: the supervisor in the background is as good until the next boot.
 */
export async function handOver(target: Target, machine = thisMachine()): Promise<string | undefined> {
  const record = parseRecord(machine.read(target.record));
  if (!record) return undefined;
  const { config, node, program } = target;
  const moved = { ...record.target, config, node, program };
  const facts = await readFacts(machine, moved);
  if (facts.foreign !== undefined || managerOf(facts) !== 'systemd' || !facts.systemd?.answers) return undefined;
  // Who was refused lingering is not asked for it with each apply.
  const steps = enableSteps(moved, { ...facts, systemd: { ...facts.systemd, lingering: true } });
  const done = await perform(machine, steps, () => undefined);
  if (!done.ok) return undefined;
  machine.write(moved.record, recordText({ ...record, target: moved }), 0o600);
  return unitName(target.colony);
}
