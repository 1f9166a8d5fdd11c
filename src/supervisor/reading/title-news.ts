import type { PaneId } from '../../reconciler/types.ts';
import type { Tmux } from '../../tmux/types.ts';

/** Has tmux tell when one of these panes shows something new, so that nobody has to ask it every second. */
export class TitleNews {
  #tmux: Tmux | undefined;
  #panes = '';
  #comes = false;

  /** Whether news of them comes. Until tmux has agreed, and where it does not, they have to be looked at. */
  get comes(): boolean {
    return this.#comes;
  }

  /** Be told of these panes from now on, and of no others. */
  follow(tmux: Tmux | undefined, panes: readonly PaneId[]): void {
    const wanted = panes.join(' ');
    if (wanted === (tmux === this.#tmux ? this.#panes : '')) return;
    this.#tmux = tmux;
    this.#panes = wanted;
    this.#comes = false;
    void tmux?.tell(panes).then(({ ok }) => {
      if (tmux === this.#tmux && wanted === this.#panes) this.#comes = ok;
    });
  }
}
