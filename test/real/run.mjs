// `npm run test:real`: the tests against the real Claude Code, Codex, Gemini CLI and opencode. Everything runs in namespaces of its own:
// there is no network but loopback, where a stub plays their APIs, and nothing that is started there outlives them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNode, ensurePackages, ensureTmux, root } from '../../scripts/setup.mjs';
import { binaryOf, install } from './programs.mjs';

checkNode();
ensurePackages();
ensureTmux();

/** A person who is not root is root in a user namespace of their own. */
const namespaces = [
  ...(process.getuid?.() === 0 ? [] : ['-r']),
  '-n',
  '-m',
  '-p',
  '-f',
  '--kill-child',
  '--mount-proc',
];

// Claude Code writes outside of its HOME; the shell waits for whatever is orphaned.
const INSIDE = `ip link set lo up && mkdir -p /tmp/cc-socks && mount -t tmpfs tmpfs /tmp/cc-socks || exit 75
"$@" & wait $!`;

const obstacle =
  process.platform === 'linux' ? (tryNamespaces() ?? install(offline)) : 'it needs Linux and its namespaces';
if (obstacle !== undefined) {
  console.log(`test:real was skipped: ${obstacle}.`);
  process.exit(0);
}

const home = mkdtempSync(join(tmpdir(), 'colony-real-'));
const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/real/vitest.config.ts'];
const inside = ['sh', '-c', INSIDE, 'sh', process.execPath, ...vitest, ...process.argv.slice(2)];
const { status } = spawnSync('unshare', [...namespaces, ...inside], {
  cwd: root,
  stdio: 'inherit',
  env: environment(),
});
rmSync(home, { recursive: true, force: true });
process.exit(status ?? 1);

/** Nothing of the person's who runs it: no key, no token, no HOME. */
function environment() {
  const { PATH = '/usr/bin:/bin', TERM = 'xterm-256color', COLONY_TEST_SEED, COLONY_REAL_SLOW } = process.env;
  return {
    PATH: `${PATH}:/usr/sbin:/sbin`,
    TERM,
    HOME: home,
    LANG: 'C.UTF-8',
    ...(COLONY_TEST_SEED ? { COLONY_TEST_SEED } : {}),
    ...(COLONY_REAL_SLOW ? { COLONY_REAL_SLOW } : {}),
    COLONY_REAL_OUTSIDE: readlinkSync('/proc/self/ns/net'),
    COLONY_REAL_CLAUDE: binaryOf('claude'),
    COLONY_REAL_CODEX: binaryOf('codex'),
    COLONY_REAL_GEMINI: binaryOf('gemini'),
    COLONY_REAL_OPENCODE: binaryOf('opencode'),
  };
}

/** What a command prints that runs as the tests do, and reaches nobody. */
function offline(argv) {
  const home = mkdtempSync(join(tmpdir(), 'colony-real-'));
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, HOME: home, LANG: 'C.UTF-8' };
  const words = [...namespaces, 'sh', '-c', INSIDE, 'sh', ...argv];
  const { stdout } = spawnSync('unshare', words, { encoding: 'utf8', env, timeout: 60_000, killSignal: 'SIGKILL' });
  rmSync(home, { recursive: true, force: true });
  return stdout ?? '';
}

/** Why there can be no namespace here, or undefined. */
function tryNamespaces() {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const tried = spawnSync('unshare', [...namespaces, 'sh', '-c', INSIDE, 'sh', 'true'], { encoding: 'utf8', env });
  if (tried.status === 0) return undefined;
  return `a namespace without a network cannot be made here (${tried.error?.message ?? tried.stderr.trim().split('\n')[0]})`;
}
