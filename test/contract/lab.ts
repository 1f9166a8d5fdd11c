import type { AgentStatus } from '../../src/control/protocol.ts';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { KindsHome, screenOf } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';
import type { Program } from './driver.ts';

/** A program that takes longer than this to be seen has not been seen. */
const SLOW = 60_000;

/** A colony of programs of one kind, the fake ones or the real ones. */
export class Lab {
  readonly colony: TestColony;
  readonly home: KindsHome;
  readonly #kind: 'claude' | 'codex';
  readonly #program: Program;

  static async make(kind: 'claude' | 'codex', program: Program): Promise<Lab> {
    return new Lab(await TestColony.make(), kind, program);
  }

  private constructor(colony: TestColony, kind: 'claude' | 'codex', program: Program) {
    this.colony = colony;
    this.home = KindsHome.of(colony);
    this.#kind = kind;
    this.#program = program;
    program.seed(this.home);
  }

  /** An agent that asks before it runs a tool. */
  agent(more: AgentYaml = {}): AgentYaml {
    const mode = this.#kind === 'claude' ? ['--permission-mode', 'manual'] : [];
    const env = { HOME: this.home.home, ...this.#program.env };
    return { kind: this.#kind, command: [...this.#program.command, ...mode], stop: { grace: '5s' }, env, ...more };
  }

  /** Start these agents, and wait until those that are named are idle. */
  async start(agents: Readonly<Record<string, AgentYaml>>, ...names: string[]): Promise<void> {
    this.colony.write(agents);
    const { code, stdout, stderr } = await this.colony.apply('--no-wait');
    if (code !== 0) throw new Error(`apply ended with ${code}: ${stdout}${stderr}`);
    for (const name of names) await this.idle(name);
  }

  async status(name: string): Promise<AgentStatus> {
    const found = await this.colony.agent(name);
    if (!found) throw new Error(`no agent ${name}`);
    return found;
  }

  idle(name: string, generation = 1, within = SLOW): Promise<AgentStatus> {
    const is = ({ phase, activity, generation: now }: AgentStatus) =>
      phase === 'ready' && activity.state === 'idle' && now >= generation;
    return waitFor(
      `${name} to be idle`,
      async () => {
        const now = await this.status(name);
        return is(now) ? now : undefined;
      },
      within,
    );
  }

  async shows(name: string, text: string): Promise<void> {
    await waitFor(text, async () => (await screenOf(this.colony, name)).includes(text), SLOW);
  }
}
