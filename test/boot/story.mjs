// What the chapters share: the computer, what is asked of it, and the checks that are counted.

export const UNIT = 'colony-shop.service';
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export class Story {
  passed = 0;
  failed = 0;
  #began = performance.now();

  say(text) {
    console.log(`${((performance.now() - this.#began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
  }

  /** What a command of ours has printed. */
  quote(text) {
    for (const line of text.split('\n')) this.say(`     ${line}`);
  }

  check(what, good, detail = '') {
    if (good) this.passed += 1;
    else this.failed += 1;
    const why = typeof detail === 'string' ? detail : JSON.stringify(detail);
    this.say(
      `${good ? 'ok  ' : 'FAIL'} ${what}${good || why === '' ? '' : `\n${why.replace(/^/gm, '              ')}`}`,
    );
  }
}

/** The colony of the user `dev` on a computer, looked at without any login. */
export class Shop {
  constructor(computer) {
    this.computer = computer;
  }

  status() {
    const { out } = this.computer.peek('cd ~/shop && colony status -o json');
    return out.startsWith('{') ? JSON.parse(out) : undefined;
  }

  agent(name) {
    return this.status()?.agents.find((one) => one.name === name);
  }

  pids() {
    return Object.fromEntries((this.status()?.agents ?? []).map(({ name, pid }) => [name, pid]));
  }

  /** As many agents are ready as are to be, and nobody is about to start. */
  isSettled(ready) {
    const status = this.status();
    return (
      status?.supervisor && status.summary.ready === ready && status.agents.every(({ phase }) => phase !== 'starting')
    );
  }

  /** Where the service manager of the user is asked. */
  bus = { XDG_RUNTIME_DIR: '/run/user/1000' };

  systemctl(...words) {
    return this.computer.peek(`systemctl --user ${words.join(' ')}`, this.bus);
  }

  isActive() {
    return this.systemctl('is-active', UNIT).out === 'active';
  }

  mainPid() {
    return this.systemctl('show', UNIT, '-p', 'MainPID', '--value').out;
  }

  /** The supervisor that answers is the process of the unit. */
  isSupervisedByUnit() {
    return String(this.status()?.supervisor?.pid) === this.mainPid();
  }

  /** Where systemd keeps the tmux server. */
  place() {
    const server = "$(tmux -L colony-shop display-message -p '#{pid}')";
    return this.computer.peek(`grep -h -E 'name=systemd|^0::' /proc/${server}/cgroup | head -1`).out;
  }
}
