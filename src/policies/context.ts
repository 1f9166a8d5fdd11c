import type { History } from '../reconciler/types.ts';
import { NOTHING_TO_SAY, type Policy, type PolicyView, wishOf } from './define.ts';

/**
 * The context of the conversation is as full as `context.above`, or fuller.
 *
 * What is typed waits for an agent that has nothing to do, for however long. A conversation that goes on after a restart
 * is as full as it was: a life that was begun for this very reason is not ended for it again, and a person is told.
 */
export const context: Policy = ({ context: options }, view) => {
  const wish = options && wishOf(options.action);
  const full = contextOf(view);
  if (!wish || full === undefined || full < options.above) return NOTHING_TO_SAY;
  const { run, history } = view;
  const inVain = wish.do === 'restart' && wasBegunForIt(history);
  const reason = { code: 'context_full', context: full, above: options.above } as const;
  const what = inVain ? ({ do: 'notify' } as const) : wish;
  return { advice: [{ policy: 'context', run, wish: what, reason, when: 'idle', patience: undefined }] };
};

/**
 * As this life has told it, and not before something was typed for it: what was told before that is over once it has been
 * emptier, even if it is told no more.
 */
function contextOf({ vitals, started, history }: PolicyView): number | undefined {
  const { context: full, contextAt } = vitals?.told.telemetry ?? {};
  if (contextAt === undefined || contextAt < (started ?? 0)) return undefined;
  const typed = history.typings.context?.at;
  const isOver = typed !== undefined && contextAt <= typed && history.alerts.context === undefined;
  return isOver ? undefined : full;
}

function wasBegunForIt({ reason, conversation, started }: History): boolean {
  const isNew = conversation !== undefined && started !== undefined && conversation.since > started;
  return reason?.code === 'context_full' && !isNew;
}
