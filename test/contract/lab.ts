import { test } from 'vitest';
import type { AgentStatus } from '../../src/control/protocol.ts';
import { type AgentYaml, type Ran, TestColony } from '../rig/colony.ts';
import { KindsHome, screenOf } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';
import { type Kind, WORDS } from './colony/words.ts';
import type { Program } from './driver.ts';
import type { Memory } from './memory.ts';

/** A program that takes longer than this to be seen has not been seen. */
export const SLOW = 120_000;

/** A program writes the end of an answer down within this time, and is asked for it within the same. */
const WRITTEN = 10_000;

/** A colony of programs of one kind, the fake ones or the real ones. Whoever is not named is the agent `a`. */
export class Lab {
  readonly colony: TestColony;
  readonly home: KindsHome;
  readonly program: Program;
  readonly memory: Memory;
  readonly #kind: Kind;

  static async make(kind: Kind, program: Program): Promise<Lab> {
    return new Lab(await TestColony.make(), kind, program);
  }

  private constructor(colony: TestColony, kind: Kind, program: Program) {
    this.colony = colony;
    this.home = KindsHome.of(colony);
    this.program = program;
    this.#kind = kind;
    program.seed(this.home);
    this.memory = program.memory(this.home);
  }

  /** An agent that asks before it runs a command; `words` are what the user has written behind its own. */
  agent(more: AgentYaml = {}, ...words: string[]): AgentYaml {
    const command = [...this.program.command, ...WORDS[this.#kind].mode, ...words];
    const env = { HOME: this.home.home, ...this.program.env, ...(more.env as object | undefined) };
    return { kind: this.#kind, command, stop: { grace: '5s' }, ...more, env };
  }

  /** Apply these agents; ready or not. */
  async apply(agents: Readonly<Record<string, AgentYaml>>): Promise<void> {
    this.colony.write(agents);
    const { code, stdout, stderr } = await this.colony.apply('--no-wait');
    if (code !== 0) throw new Error(`apply ended with ${code}: ${stdout}${stderr}`);
  }

  async status(name = 'a'): Promise<AgentStatus> {
    const found = await this.colony.agent(name);
    if (!found) throw new Error(`no agent ${name}`);
    return found;
  }

  /** The status as soon as it is like this. */
  when(what: string, is: (agent: AgentStatus) => boolean, name = 'a', within = SLOW): Promise<AgentStatus> {
    const look = async () => {
      const now = await this.status(name);
      return is(now) && now;
    };
    return waitFor(`${name} to be ${what}`, look, within);
  }

  idle(name = 'a', generation = 1, within = SLOW): Promise<AgentStatus> {
    const is = ({ phase, activity, generation: now }: AgentStatus) =>
      phase === 'ready' && activity.state === 'idle' && now >= generation;
    return this.when('idle', is, name, within);
  }

  busy(name = 'a'): Promise<AgentStatus> {
    return this.when('busy', ({ activity }) => activity.state === 'busy', name);
  }

  screen(name = 'a'): Promise<string> {
    return screenOf(this.colony, name);
  }

  async shows(text: string, name = 'a'): Promise<void> {
    await waitFor(`${text} on the screen`, async () => (await this.screen(name)).includes(text), SLOW);
  }

  /** The conversation that an agent is in, once it is known. */
  async conversation(name = 'a'): Promise<string> {
    const { conversation } = await this.when('in a conversation', ({ conversation: id }) => id !== null, name);
    return conversation ?? '';
  }

  prompts(id: string): Promise<readonly string[]> {
    return this.memory.prompts(id);
  }

  /** Wait until this prompt is among those of a conversation. */
  async told(id: string, text: string): Promise<void> {
    await waitFor(`the prompt ${text} on disk`, async () => (await this.prompts(id)).includes(text), SLOW);
  }

  /** The end of an answer is on disk: a program writes it down a little later than it says that it is done. */
  async written(id: string, end: string): Promise<void> {
    await waitFor(`${end} on disk`, async () => (await this.memory.text(id)).includes(end), WRITTEN);
  }

  /** Start the agent, with one turn behind it and idle; the answer is its conversation. */
  async spoken(text = 'hello'): Promise<string> {
    await this.apply({ a: this.agent({ prompt: text }) });
    const id = await this.conversation();
    await this.told(id, text);
    await this.shows(`stub: you said ${text}`);
    await this.idle();
    return id;
  }

  send(...words: string[]): Promise<Ran> {
    return this.colony.run(['send', 'a', ...words]);
  }

  /** Give it something that takes so long, and wait until it is at it. */
  async atWork(id: string, text = 'SLOW 30'): Promise<void> {
    const { code, stderr } = await this.send(text);
    if (code !== 0) throw new Error(`send ended with ${code}: ${stderr}`);
    await this.busy();
    await this.told(id, text);
  }

  async kill(name = 'a'): Promise<void> {
    const { pid } = await this.status(name);
    if (pid === null) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
  }
}

/** Tests that are each given a lab of their own. */
export const labTest = (kind: Kind, program: Program) =>
  test.extend<{ lab: Lab }>({
    lab: async ({ task: _ }, use) => {
      const lab = await Lab.make(kind, program);
      await use(lab);
      await lab.colony.end();
    },
  });

export type LabTest = ReturnType<typeof labTest>;
