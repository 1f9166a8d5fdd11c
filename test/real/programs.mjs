// The real programs: which versions, where they lie in the cache, and how they are got.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
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

/** Where the program of this name is, once it is installed. */
export function binaryOf(name) {
  const { version, binary } = PROGRAMS[name];
  return join(cache(), `${name}-${version}`, 'node_modules', binary);
}

/** Install what is missing, without any script of the packages. What went wrong, or undefined. */
export function install() {
  for (const [name, { package: id, version }] of Object.entries(PROGRAMS)) {
    if (existsSync(binaryOf(name))) continue;
    const folder = join(cache(), `${name}-${version}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    console.log(`Installing ${id} ${version} into ${folder} …`);
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
    const { status, stderr } = spawnSync('npm', ['install', ...flags, `${id}@${version}`], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) return `${id} ${version} cannot be installed: ${stderr.trim().split('\n')[0]}`;
    if (!existsSync(binaryOf(name))) return `${id} ${version} has no program for ${platform}`;
  }
  return undefined;
}
