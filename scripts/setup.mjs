// What a fresh clone needs before anything can run: the packages, and tmux. Uses nothing but Node itself.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Run a program with its output on this terminal; end this process if it fails. */
export function must(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) fail(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

export function fail(text) {
  console.error(`colony: ${text}`);
  process.exit(1);
}

/** Refuse a Node that is too old, in words instead of syntax errors. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Node 20.19 or later is needed, this is ${process.versions.node}`);
}

/** Install the packages if they are missing or older than the lock file. */
export function ensurePackages() {
  const mark = `${root}node_modules/.package-lock.json`;
  const lock = `${root}package-lock.json`;
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs && sameVersions(mark, lock)) return;
  console.log('Installing packages …');
  must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error']);
}

function sameVersions(mark, lock) {
  const packages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  const [have, want] = [packages(mark), packages(lock)];
  return Object.entries(want).every(
    ([name, { version, optional }]) => name === '' || optional || have[name]?.version === version,
  );
}

const HOW_TO_GET_TMUX = `tmux is missing. It is in every distribution:
  Debian, Ubuntu   sudo apt-get install tmux
  Fedora           sudo dnf install tmux
  Arch             sudo pacman -S tmux
  Alpine           sudo apk add tmux
  macOS            brew install tmux`;

/** Make sure there is a tmux; it is installed where that needs nobody's password. */
export function ensureTmux() {
  if (spawnSync('tmux', ['-V']).status === 0) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || spawnSync('apt-get', ['--version']).status !== 0) fail(HOW_TO_GET_TMUX);
  console.log('Installing tmux …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (spawnSync('apt-get', ['install', '-y', '-qq', 'tmux'], { env, stdio: 'ignore' }).status === 0) return;
  must('apt-get', ['update', '-qq'], { env });
  must('apt-get', ['install', '-y', '-qq', 'tmux'], { env });
}
