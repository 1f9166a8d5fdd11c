import type { Usage } from '../../processes/usage.ts';
import type { Millis, ProcessIdentity, Sample } from '../../reconciler/types.ts';
import type { Bytes } from '../../spec/define.ts';

/** One process of a tree, as one look has shown it. */
export type Member = ProcessIdentity &
  Usage & {
    readonly ppid: number;
    /** On the clock of `Tree.present`. */
    readonly started: Millis;
    readonly pss: Bytes | undefined;
  };

/** All processes of one run at one instant. */
export type Tree = {
  /** On the colony's clock. */
  readonly at: Millis;
  /** The same instant on the clock that the starts of processes are told on. */
  readonly present: Millis;
  readonly main: number;
  /** By pid. */
  readonly members: ReadonlyMap<number, Member>;
};

/**
 * How much longer than the program a process may have been coming up to be one of its standing helpers. Servers that an
 * agent keeps for itself (MCP, language servers) are started with it; what is started later is a tool at work.
 */
const STARTING_UP: Millis = 30_000;

/** An earlier look that is older than this tells nothing about the present use of the CPU. */
const TOO_LONG_AGO: Millis = 600_000;

/** The figures of a tree. `before` is the look before, if there was one. */
export function sampleOf(tree: Tree, before: Tree | undefined): Sample {
  const members = [...tree.members.values()];
  const started = tree.members.get(tree.main)?.started;
  const isTool = (member: Member) =>
    member.pid !== tree.main && started !== undefined && member.started > started + STARTING_UP;
  return {
    at: tree.at,
    rss: sum(members.map(({ rss }) => rss)),
    pss: pssOf(members),
    cpu: cpuOf(tree, before),
    processes: members.length,
    tools: members.filter(isTool).length,
  };
}

/** Of a process that may not be asked the whole resident memory is counted. */
function pssOf(members: readonly Member[]): Bytes | undefined {
  if (members.every(({ pss }) => pss === undefined)) return undefined;
  return sum(members.map(({ pss, rss }) => pss ?? rss));
}

function cpuOf(tree: Tree, before: Tree | undefined): number | undefined {
  if (isUsable(before, tree)) return cpuTime(tree, before) / (tree.at - before.at);
  const main = tree.members.get(tree.main);
  const age = main ? tree.present - main.started : 0;
  if (age < 1) return undefined;
  return sum([...tree.members.values()].map(({ own, reaped }) => own + reaped)) / age;
}

/** Whether what was used since the look before says what is used at present. */
export function isUsable(before: Tree | undefined, tree: Tree): before is Tree {
  if (!before || before.main !== tree.main) return false;
  return tree.at > before.at && tree.at - before.at <= TOO_LONG_AGO;
}

/**
 * Time on a CPU that a tree has used between two looks, also by processes that came, or ended, in between.
 *
 * What an ended process had used appears with the parent that waited for it, all of its life at once: what the look
 * before has seen of it already is taken off there. Of one that nobody waited for the last seconds are lost.
 */
export function cpuTime(tree: Tree, before: Tree): Millis {
  const seen = alreadySeen(tree, before);
  const used = [...tree.members.values()].map((member) => {
    const last = before.members.get(member.pid);
    if (last?.start === member.start) {
      const reaped = member.reaped - last.reaped - (seen.get(member.pid) ?? 0);
      return Math.max(0, member.own - last.own) + Math.max(0, reaped);
    }
    // Found only now, although it is older than the last look: what it did before is not of this time.
    return member.started >= before.present ? member.own + member.reaped : 0;
  });
  return sum(used);
}

/** What processes that have ended since had used at the look before, by the nearest one above them that still runs. */
function alreadySeen(tree: Tree, before: Tree): ReadonlyMap<number, Millis> {
  const seen = new Map<number, Millis>();
  const runs = ({ pid, start }: Member) => tree.members.get(pid)?.start === start;
  for (const gone of before.members.values()) {
    if (runs(gone)) continue;
    const heir = nearestAbove(gone, before, runs);
    if (heir) seen.set(heir.pid, (seen.get(heir.pid) ?? 0) + gone.own + gone.reaped);
  }
  return seen;
}

function nearestAbove(member: Member, { members }: Tree, wanted: (above: Member) => boolean): Member | undefined {
  const met = new Set([member.pid]);
  let above = members.get(member.ppid);
  while (above && !wanted(above) && !met.has(above.pid)) {
    met.add(above.pid);
    above = members.get(above.ppid);
  }
  return above && wanted(above) ? above : undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
