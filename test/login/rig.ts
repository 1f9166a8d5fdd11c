import type { Machine, Ran } from '../../src/login/machine.ts';
import type { Facts, Systemd, Target } from '../../src/login/types.ts';

export const TARGET: Target = {
  colony: 'shop',
  config: '/home/dev/shop/colony.yaml',
  owner: '/home/dev/.local/state/colony/shop/owner.json',
  log: '/home/dev/.local/state/colony/shop/supervisor.log',
  launcher: '/home/dev/.local/state/colony/shop/login.sh',
  record: '/home/dev/.local/state/colony/shop/login.json',
  node: '/usr/bin/node',
  program: ['/home/dev/.npm/bin/colony'],
  variables: { PATH: '/home/dev/.npm/bin:/usr/bin:/bin' },
};

export const SYSTEMD: Systemd = {
  version: 252,
  notifies: true,
  answers: true,
  configHome: '/home/dev/.config',
  lingering: true,
  unit: { enabled: false, active: false, stale: false, killMode: undefined, killDropIns: [] },
  others: [],
};

/** A machine with systemd on which nothing was done yet. */
export const FACTS: Facts = {
  platform: 'linux',
  wsl: false,
  user: { name: 'dev', uid: 1000, home: '/home/dev' },
  systemd: SYSTEMD,
  launchd: undefined,
  cron: { table: '', runs: true },
  foreign: undefined,
  files: new Map(),
};

/** Answers of programs, by the beginning of their command line. */
export type Answers = Readonly<Record<string, Partial<Ran> | ((ran: readonly string[]) => Partial<Ran>)>>;

/** A machine in memory: files, programs that answer as they are told, and what was run on it. */
export class TestMachine implements Machine {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv = { PATH: '/usr/bin' };
  readonly user = { name: 'dev', uid: 1000, home: '/home/dev' };
  readonly files = new Map<string, string>();
  readonly ran: string[] = [];
  readonly #answers: Answers;

  constructor(answers: Answers, files: Readonly<Record<string, string>> = {}, platform: NodeJS.Platform = 'linux') {
    this.#answers = answers;
    this.platform = platform;
    for (const [path, text] of Object.entries(files)) this.files.set(path, text);
  }

  read(path: string): string | undefined {
    return this.files.get(path);
  }

  list(path: string): readonly string[] {
    const below = [...this.files.keys()].filter((file) => file.startsWith(`${path}/`));
    return [...new Set(below.map((file) => file.slice(path.length + 1).split('/')[0] ?? ''))];
  }

  has(program: string): boolean {
    return Object.keys(this.#answers).some((line) => line.split(' ')[0] === program);
  }

  async run(argv: readonly [string, ...string[]], _: NodeJS.ProcessEnv, input?: string): Promise<Ran> {
    const line = argv.join(' ');
    this.ran.push(line);
    if (line === 'crontab -') this.files.set('crontab', input ?? '');
    if (line === 'crontab -r') this.files.delete('crontab');
    const [, answer] = Object.entries(this.#answers).find(([start]) => line.startsWith(start)) ?? [];
    const said = typeof answer === 'function' ? answer(argv) : answer;
    return { code: said ? 0 : -1, out: '', err: '', ...said };
  }

  write(path: string, text: string): void {
    this.files.set(path, text);
  }

  link(path: string, to: string): void {
    this.files.set(path, to);
  }

  remove(path: string): void {
    this.files.delete(path);
  }
}

/** The part of what was run that changes something. */
export function changes({ ran }: TestMachine): readonly string[] {
  return ran.filter((line) => !/ (show|show-environment|show-user|--version|print|-l)\b/.test(line));
}
