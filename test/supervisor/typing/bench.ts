import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActivityState } from '../../../src/reconciler/types.ts';
import { deliver, type Task } from '../../../src/supervisor/typing/deliver.ts';
import type { Desk } from '../../../src/supervisor/typing/desk.ts';
import type { Delivery } from '../../../src/supervisor/typing/looking.ts';
import { openTmux } from '../../../src/tmux/open.ts';
import type { Tmux } from '../../../src/tmux/types.ts';
import { FAKE_CLAUDE, FAKE_CODEX, KindsHome } from '../../rig/fake-kinds.ts';
import { good, type PrivateTmux, privateTmux } from '../../rig/tmux.ts';
import { waitFor } from '../../rig/wait.ts';
import { launchOf, paneOf, sessionOf } from '../../tmux/launch.ts';

/** A program of a kind in a real terminal, and a desk at it, without a supervisor. */
export class Bench {
  readonly kind: 'claude' | 'codex';
  readonly home: KindsHome;
  readonly tmux: Tmux;
  readonly pane: string;
  readonly work: string;
  readonly desk: Desk;
  readonly #rig: PrivateTmux;
  #pid: number;

  private constructor(
    rig: PrivateTmux,
    tmux: Tmux,
    kind: 'claude' | 'codex',
    pane: string,
    pid: number,
    home: KindsHome,
  ) {
    this.#rig = rig;
    this.tmux = tmux;
    this.kind = kind;
    this.pane = pane;
    this.#pid = pid;
    this.home = home;
    this.work = join(rig.dir, 'work');
    this.desk = this.#desk();
  }

  static async open(kind: 'claude' | 'codex', ...words: string[]): Promise<Bench> {
    const rig = privateTmux();
    const work = join(rig.dir, 'work');
    mkdirSync(work);
    writeFileSync(join(work, 'README.md'), '');
    const home = new KindsHome(join(rig.dir, 'home'), [work]);
    const tmux = good(
      await openTmux(rig.options({ conf: { ...rig.options().conf, size: { columns: 100, rows: 40 } } })),
    );
    const argv = [...(kind === 'claude' ? FAKE_CLAUDE : FAKE_CODEX), ...words] as [string, ...string[]];
    const size = { columns: 100, rows: 40 };
    const { pid } = good(await tmux.spawn(launchOf('a', { argv, workdir: work, env: { HOME: home.home }, size })));
    const bench = new Bench(rig, tmux, kind, paneOf(good(await tmux.observe()), 'a'), pid, home);
    await bench.idle();
    return bench;
  }

  /** Until the program has nothing to do, by its own word. */
  async idle(): Promise<void> {
    const isIdle = async () =>
      this.kind === 'claude'
        ? this.home.claudeRecord(this.#pid)?.status === 'idle'
        : sessionOf(good(await this.tmux.observe()), 'a').title === 'work';
    await waitFor('an idle program', isIdle);
  }

  /** Everything the desk knows of the program, it knows from the files that the program writes. */
  #desk(): Desk {
    const { tmux, pane, kind } = this;
    return {
      kind,
      look: async () => good(await tmux.look(pane)),
      paste: async (text) => good(await tmux.paste(pane, text)),
      keys: async (keys) => good(await tmux.keys(pane, keys)),
      enterAt: async (cursor) => good(await tmux.enterAt(pane, cursor)),
      stopReading: async () => good(await tmux.stopReading(pane)),
      doing: () => ({ state: this.#state(), source: 'record' }),
      prompted: () => this.prompts().length || undefined,
      asks: () => false,
      pause: (span) => new Promise((resolve) => setTimeout(resolve, span)),
      now: () => performance.now(),
    };
  }

  #state(): ActivityState {
    const status = this.kind === 'claude' ? this.home.claudeRecord(this.#pid)?.status : undefined;
    return status === 'busy' || status === 'idle' || status === 'waiting' ? status : 'unknown';
  }

  /** All prompts that the program has taken, oldest first. */
  prompts(): readonly string[] {
    return [...this.home.transcripts(this.kind).keys()].flatMap((id) => this.home.prompts(this.kind, id));
  }

  send(text: string, more: Partial<Task> = {}, desk: Partial<Desk> = {}): Promise<Delivery> {
    return deliver(
      { ...this.desk, ...desk },
      { text, submit: true, literal: false, force: false, pasted: false, ...more },
    );
  }

  async screen(): Promise<string> {
    return (await this.tmux.capture(this.pane, { history: 0 }).then(good)).join('\n');
  }

  async until(words: string | RegExp): Promise<string> {
    const fits = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text));
    return waitFor(`${words} on the screen`, async () => {
      const screen = await this.screen();
      return fits(screen) && screen;
    });
  }

  /** Whether a file is in the folder in which the program works. */
  has(name: string): boolean {
    return existsSync(join(this.work, name));
  }

  async copyMode(): Promise<void> {
    await this.#rig.tmux('copy-mode', '-t', this.pane);
  }

  async kill(): Promise<void> {
    process.kill(this.#pid, 'SIGKILL');
    await waitFor('the end of the program', async () => {
      this.tmux.poke();
      return !good(await this.tmux.look(this.pane)).alive;
    });
  }

  async close(): Promise<void> {
    await this.tmux.close();
    await this.#rig.stop();
  }
}
