// A computer to boot: systemd as process 1 of a container, over a layer that is thrown away.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What systemd-nspawn ends with when the computer is to be started anew. */
const REBOOT = 133;
const BOOT_DEADLINE = 60_000;

/** The first user of a Debian tree. */
const USER = 1000;

const SEARCH_PATH = '/home/dev/.npm/bin:/usr/local/bin:/usr/bin:/bin';

export class Computer {
  #layer;
  #process;
  #ended;
  #leader;

  constructor(tree, cache) {
    this.#layer = mkdtempSync(join(cache, 'layer-'));
    for (const folder of ['upper', 'work', 'root']) mkdirSync(join(this.#layer, folder));
    const options = `lowerdir=${tree},upperdir=${this.#layer}/upper,workdir=${this.#layer}/work`;
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, this.root]);
  }

  get root() {
    return join(this.#layer, 'root');
  }

  /** Turn it on, and wait until all that starts at boot has. */
  async boot() {
    const args = ['-D', this.root, '--boot', '--register=no', '--keep-unit', '--private-network', '--console=pipe'];
    this.#process = spawn('systemd-nspawn', [...args, '--link-journal=no'], { stdio: 'ignore' });
    this.#ended = new Promise((resolve) => this.#process.once('exit', (code) => resolve(code)));
    this.#leader = undefined;
    await until('the computer to be up', () => {
      this.#leader = childOf(this.#process.pid);
      if (this.#leader === undefined) return false;
      return /running|degraded/.test(this.run('systemctl', 'is-system-running').out);
    });
  }

  /** Restart it as its user would, and wait until it is up again. */
  async reboot() {
    this.run('systemctl', 'reboot');
    const code = await this.#ended;
    if (code !== REBOOT) throw new Error(`the computer ended with ${code} instead of starting anew`);
    await this.boot();
  }

  /** Run something as its administrator, without a login. */
  run(...argv) {
    return ran('nsenter', ['-t', String(this.#leader), '-a', '--', ...argv]);
  }

  /** The same, as a line of a shell. */
  sh(line) {
    return this.run('sh', '-c', line);
  }

  /** Write a file, which belongs to the user if it is below his home. */
  put(path, text, mode = 0o644) {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text, { mode });
    if (path.startsWith('home/dev/')) chownSync(full, USER, USER);
  }

  remove(path) {
    rmSync(join(this.root, path));
  }

  /** Look at something as a user, in nobody's session: no login takes place. */
  peek(script, environment = {}) {
    const words = Object.entries({ HOME: '/home/dev', PATH: SEARCH_PATH, LANG: 'C.UTF-8', ...environment }).map(
      ([k, v]) => `${k}=${v}`,
    );
    return this.run(
      'setpriv',
      '--reuid=dev',
      '--regid=dev',
      '--clear-groups',
      'env',
      '-i',
      ...words,
      'sh',
      '-c',
      script,
    );
  }

  /** What a user does who has logged in, until he logs out again. */
  login(script) {
    // systemd-run would replace what begins with a dollar sign in its own arguments.
    const pam = ['-p', 'PAMName=login', '-p', 'User=dev', '-p', 'WorkingDirectory=/home/dev'];
    const set = [`--setenv=PATH=${SEARCH_PATH}`, '--setenv=SECRET_TOKEN=tell-nobody'];
    return ran(
      'nsenter',
      ['-t', String(this.#leader), '-a', '--', 'systemd-run', '--quiet', '--pipe', '--wait', ...pam, ...set, 'sh'],
      script,
    );
  }

  /** With its first process all others of it end; the program that runs it would leave them behind. */
  async end() {
    const first = this.#process?.exitCode === null ? childOf(this.#process.pid) : undefined;
    if (first !== undefined) process.kill(first, 'SIGKILL');
    this.#process?.kill('SIGKILL');
    await this.#ended;
    spawnSync('umount', [this.root]);
    rmSync(this.#layer, { recursive: true, force: true });
  }
}

function ran(program, args, input = '') {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', input, timeout: 120_000, cwd: '/' });
  return { code: status, out: stdout.trim(), err: stderr.trim() };
}

/** The first child of a process. */
function childOf(pid) {
  const found = readdirSync('/proc').find((name) => {
    try {
      return (
        /^\d+$/.test(name) && Number(readFileSync(`/proc/${name}/stat`, 'latin1').split(') ')[1].split(' ')[1]) === pid
      );
    } catch {
      return false;
    }
  });
  return found === undefined ? undefined : Number(found);
}

/** Wait until something is so. */
export async function until(what, is, deadline = BOOT_DEADLINE) {
  const end = performance.now() + deadline;
  for (;;) {
    const found = is();
    if (found) return found;
    if (performance.now() > end) throw new Error(`waited ${deadline / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
