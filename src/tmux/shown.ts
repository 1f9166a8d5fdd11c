import type { PaneId } from '../reconciler/types.ts';
import type { Command } from './quote.ts';

const NAME = 'colony_shown';

/** The frames of a spinner at the beginning of a title are all one: that it turns is no news. */
const SPINS = '#{m:[\u2800-\u28ff]*,#{pane_title}}';

/** What a change of is told, of each pane. */
const SHOWN = `#{?${SPINS},~,#{window_activity} #{q:pane_title}}`;

/**
 * What these panes show, as a format of tmux: the second of their last output, and their title.
 *
 * tmux tells a control client of panes in the session that it is attached to, and of no others. A format that goes
 * through all sessions by itself sees them all (tried on 3.3a).
 */
export function shownIn(panes: readonly PaneId[]): string {
  return `#{S:#{W:#{P:#{?#{m:* #{pane_id} *, ${panes.join(' ')} },#{pane_id} ${SHOWN} ,}}}}`;
}

/** Have tmux tell when that changes, which it looks for once a second; of no panes: have it tell no more. */
export function subscription(panes: readonly PaneId[]): Command {
  return ['refresh-client', '-B', panes.length === 0 ? NAME : `${NAME}::${shownIn(panes)}`];
}
