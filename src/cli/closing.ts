import { EXIT, type StatusReport } from '../control/protocol.ts';
import { formatSpan } from '../reconciler/span.ts';
import type { Millis } from '../reconciler/types.ts';
import type { Applied } from './applying.ts';
import { whyNot } from './ask.ts';
import { failureOf } from './failure.ts';
import type { Kept } from './follow.ts';
import { headText, isWell, unwellText } from './render/status.ts';
import { oneLine } from './render/width.ts';
import { hasLabels, isNamed, type Selection } from './select.ts';
import { answerPaint, columns, complain, print, remark } from './terminal.ts';

export type Followed = {
  /** How long was waited; undefined: not at all, so that how everything is does not matter. */
  readonly wait: Millis | undefined;
  /** Names or globs; agents that do not fit are not spoken of. */
  readonly targets: readonly string[];
  /** Likewise agents that do not have all of these. */
  readonly labels?: Selection['labels'];
  /** Those that were to be started and are not. */
  readonly kept?: readonly Kept[];
};

/** Say how an apply came out, and give the exit code. */
export async function closeApply({ colony, plan, outcome }: Applied, followed: Followed): Promise<number> {
  switch (outcome.kind) {
    case 'declined':
      remark('Nothing was changed.');
      return EXIT.failed;
    case 'refused':
      if (outcome.problem.code !== 'unconfirmed')
        return complain(await whyNot(colony, { kind: 'problem', problem: outcome.problem }));
      return complain({ ...failureOf(outcome.problem), exit: EXIT.failed, hint: '`colony apply --yes` does it' });
    case 'failed':
      return complain(await whyNot(colony, outcome.failure));
    case 'ended':
      if (followed.wait === undefined) return closeUnfollowed(followed);
      return complain({
        exit: EXIT.failed,
        text: `the supervisor of ${colony.name} ended before everything had settled`,
        hint: '`colony status` says how it is',
      });
    case 'settled': {
      if (followed.wait === undefined) return EXIT.done;
      const { outcome: how, status } = outcome.settled;
      if (how === 'done' && plan?.rows.length === 0) return EXIT.done;
      return closeSettled(how, status, { ...followed, wait: followed.wait });
    }
  }
}

/** Nobody waits for how it comes out, but of some it is known already. */
function closeUnfollowed({ kept = [] }: Followed): number {
  for (const { agent, why } of kept) remark(`colony: ${agent} is not started: ${oneLine(why)}`);
  sayRemedies(kept);
  return kept.length > 0 ? EXIT.unwell : EXIT.done;
}

function sayRemedies(kept: readonly Kept[]): void {
  for (const { agent, remedy } of kept) if (remedy !== undefined) remark(`${agent}: ${oneLine(remedy)}`);
}

function closeSettled(
  how: 'done' | 'unwell' | 'timed_out',
  status: StatusReport,
  { wait, targets, labels = [], kept = [] }: Followed & { readonly wait: Millis },
): number {
  const paint = answerPaint();
  // Warnings were told when the plan was.
  print(headText({ ...status, warnings: [] }, paint));
  const asked = status.agents.filter((agent) => isNamed(agent.name, targets) && hasLabels(agent, labels));
  const unwell = asked.filter((agent) => !isWell(agent) || kept.some((each) => each.agent === agent.name));
  // The supervisor judges the whole colony; who asked for some agents is answered for those.
  if ((how === 'done' && kept.length === 0) || (unwell.length === 0 && targets.length + labels.length > 0))
    return EXIT.done;
  if (unwell.length > 0) print(unwellText(unwell, { now: Date.now(), paint, width: columns() }));
  if (how === 'timed_out') remark(`colony: not everything was ready after ${formatSpan(wait)}; the supervisor goes on`);
  sayRemedies(kept);
  const mended = (name: string) => kept.some(({ agent, remedy }) => agent === name && remedy !== undefined);
  const talkative = unwell.find(({ generation, name }) => generation > 0 && !mended(name));
  if (talkative) remark(`\`colony logs ${talkative.name}\` shows what it wrote`);
  return EXIT.unwell;
}
