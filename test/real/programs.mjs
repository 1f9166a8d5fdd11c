// The real programs: which versions, where they lie in the cache, and how they are got.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const platform = `${process.platform}-${process.arch}`;
const triple = { x64: 'x86_64-unknown-linux-musl', arm64: 'aarch64-unknown-linux-musl' }[process.arch];

/** Pinned, because what is on their screens changes with every version. The program itself is in a package of the platform. */
export const PROGRAMS = {
  claude: {
    package: '@anthropic-ai/claude-code',
    version: '2.1.329',
    binary: `@anthropic-ai/claude-code-${platform}/claude`,
  },
  codex: {
    package: '@openai/codex',
    version: '0.169.0',
    binary: `@openai/codex-${platform}/vendor/${triple}/bin/codex`,
  },
  // A program in JavaScript.
  gemini: { package: '@google/gemini-cli', version: '0.61.0', binary: '@google/gemini-cli/bundle/gemini.js' },
  // The package of the platform alone: `opencode-ai` brings all variants of it.
  opencode: {
    package: `opencode-${platform}`,
    version: '1.18.33',
    binary: `opencode-${platform}/bin/opencode`,
  },
};

const cache = () =>
  process.env.COLONY_REAL_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'agent-colony-real');

const folderOf = (name) => join(cache(), `${name}-${PROGRAMS[name].version}`);

/** Where the program of this name is, once it is installed. */
export function binaryOf(name) {
  return join(folderOf(name), 'node_modules', PROGRAMS[name].binary);
}

/**
 * Install what is missing or broken, without any script of the packages. What went wrong, or undefined.
 *
 * `offline` runs a command where it reaches nobody, and gives back what it has printed: a program counts as installed if
 * it can tell its version.
 */
export function install(offline) {
  for (const [name, { package: id, version }] of Object.entries(PROGRAMS)) {
    const runs = () => existsSync(binaryOf(name)) && offline([binaryOf(name), '--version']).includes(version);
    if (runs()) continue;
    console.log(`Installing ${id} ${version} into ${folderOf(name)} …`);
    const problem = fetch(`${id}@${version}`, folderOf(name));
    if (problem !== undefined) return `${id} ${version} cannot be installed: ${problem}`;
    if (!runs()) return `${id} ${version} does not run on ${platform}`;
  }
  return undefined;
}

/** Install a package beside its folder and put it there when it is whole, so that an interruption leaves nothing half done. */
function fetch(what, folder) {
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  writeFileSync(join(part, 'package.json'), '{ "private": true }\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
  const { status, stderr } = spawnSync('npm', ['install', ...flags, what], { cwd: part, encoding: 'utf8' });
  if (status !== 0) return stderr.trim().split('\n').at(-1);
  rmSync(folder, { recursive: true, force: true });
  renameSync(part, folder);
  return undefined;
}
