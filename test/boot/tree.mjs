// A Debian tree that systemd boots, made once and kept: every proof runs on a layer of its own above it.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const SUITE = 'bookworm';
const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'dbus-user-session',
  'libpam-systemd',
  'procps',
  'tmux',
  'util-linux',
];
/** What decides whether a user may turn on lingering; without it nobody but an administrator may. */
const MAY_LINGER = ['polkitd'];
const NEEDED = { 'systemd-nspawn': 'systemd-container', debootstrap: 'debootstrap' };

/** Why the proof cannot run here; undefined: it can. */
export function whyNot() {
  if (process.platform !== 'linux') return 'a machine is booted in a container of systemd, which needs Linux';
  if (process.getuid() !== 0) return 'only root can boot a container of systemd';
  const missing = Object.keys(NEEDED).filter((program) => !has(program));
  if (missing.length > 0 && !has('apt-get')) return `${missing.join(' and ')} must be installed`;
  return undefined;
}

/** The folder of the tree, made if there is none yet. */
export function ensureTree(say) {
  const missing = Object.keys(NEEDED).filter((program) => !has(program));
  if (missing.length > 0) {
    const packages = missing.map((program) => NEEDED[program]);
    say(`installing ${packages.join(' and ')}`);
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { stdio: 'ignore' });
  }
  const cache =
    process.env.COLONY_BOOT_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'colony-boot');
  const tree = join(cache, `${SUITE}-1`);
  if (existsSync(tree)) return { cache, tree };
  say(`making a Debian tree in ${tree}; this takes a minute or two, once`);
  const unfinished = `${tree}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  run('debootstrap', ['--variant=minbase', `--include=${PACKAGES.join(',')}`, SUITE, unfinished]);
  // It wants to be started when it is installed, and nothing runs in a tree.
  writeFileSync(join(unfinished, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  run('chroot', [unfinished, 'apt-get', 'install', '-y', '--no-install-recommends', ...MAY_LINGER]);
  rmSync(join(unfinished, 'usr/sbin/policy-rc.d'));
  run('chroot', [unfinished, 'useradd', '-m', '-s', '/bin/bash', 'dev']);
  renameSync(unfinished, tree);
  return { cache, tree };
}

/** Put this Node.js, its npm and the packed program into a tree. */
export function furnish(root, { tarball }) {
  cpSync(process.execPath, join(root, 'usr/local/bin/node'), { dereference: true });
  const npm = execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim();
  cpSync(join(npm, 'npm'), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true });
  writeFileSync(
    join(root, 'usr/local/bin/npm'),
    '#!/bin/sh\nexec node /usr/local/lib/node_modules/npm/bin/npm-cli.js "$@"\n',
    {
      mode: 0o755,
    },
  );
  cpSync(tarball, join(root, 'srv/agent-colony.tgz'));
}

function run(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${(stderr || stdout || '').slice(-2000)}`);
}

function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}
