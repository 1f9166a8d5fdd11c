import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import type { Installed } from './compose.ts';

/** Programs of each kind that colony knows, the ones that are asked for first coming first. */
const PROGRAMS: readonly Installed[] = [
  { kind: 'claude', program: 'claude' },
  { kind: 'codex', program: 'codex' },
  { kind: 'gemini', program: 'gemini' },
  { kind: 'opencode', program: 'opencode' },
  { kind: 'aider', program: 'aider' },
];

/** Coding agents that this shell finds. */
export function installedAgents(path: string): readonly Installed[] {
  const folders = path.split(delimiter).filter(Boolean);
  return PROGRAMS.filter(({ program }) => folders.some((folder) => isProgram(join(folder, program))));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The top folder of the git repository that a folder is in. */
export function repositoryOf(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  return dirname(folder) === folder ? undefined : repositoryOf(dirname(folder));
}

/** Whether a .gitignore of the folder, or of its repository, has a line for such a file. */
export function isIgnored(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const lines = textOf(join(folder, '.gitignore'))
      .split('\n')
      .map((line) => line.trim());
    return lines.some((line) => [file, `/${file}`, `${file}*`, `**/${file}`, '*.env'].includes(line));
  });
}

/**
 * Where an editor finds the schema: the one of the package that runs now, so that it is of this release. From a folder
 * that has the package among its own, the way is the same for everybody who has it.
 */
export function schemaFor(folder: string, script: string): string | undefined {
  const local = join('node_modules', 'agent-colony', 'colony.schema.json');
  if (existsSync(join(folder, local))) return `./${local}`;
  try {
    const schema = join(dirname(realpathSync(script)), '..', 'colony.schema.json');
    if (!existsSync(schema)) return undefined;
    const near = relative(folder, schema);
    return near.startsWith('..') ? schema : `./${near}`;
  } catch {
    return undefined;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
