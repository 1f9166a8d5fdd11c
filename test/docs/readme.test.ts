import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { render } from '../../src/config/diagnostic.ts';
import { loadConfig } from '../../src/config/load.ts';
import { EXIT } from '../../src/control/protocol.ts';
import { removeFolder } from '../rig/remove.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'colony-docs-'));
  mkdirSync(join(home, 'src', 'shop'), { recursive: true });
});

afterEach(() => removeFolder(home));

const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

function problemsOf(text: string, profiles: readonly string[] = []): string {
  const path = join(home, 'colony.yaml');
  writeFileSync(path, text);
  const loaded = loadConfig({ path, profiles, environment: { HOME: home }, home, generation: 0 });
  return loaded.ok ? '' : render(loaded.error.diagnostics, loaded.error.sources, { colour: false });
}

describe('every yaml example of the README is a valid file', () => {
  test.each(blocks('yaml'))('%#', (text) => {
    // A part of an agent stands for a whole file with it.
    const whole = /^version:/m.test(text)
      ? text
      : `version: 1\nagents:\n  a:\n    command: x\n${text.replace(/^(?=.)/gm, '    ')}`;
    expect(problemsOf(whole)).toBe('');
  });

  test('and there are some', () => expect(blocks('yaml').length).toBeGreaterThan(1));
});

describe('examples/colony.yaml', () => {
  test.each([[], ['ai']])('is valid with profiles %j', (...profiles) => {
    const path = join(root, 'examples', 'colony.yaml');
    const loaded = loadConfig({ path, profiles, environment: {}, home, generation: 0 });
    expect(loaded.ok).toBe(true);
  });
});

/** Rows of the table under a heading of the README: the cells of each line. */
function table(heading: string): string[][] {
  const [, after = ''] = readme.split(`${heading}\n`);
  const lines = after.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|---'));
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'));
  return lines.slice(start + 1, end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const code = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);

describe('the tables of the README', () => {
  test('name every field that is built, and no other', () => {
    const schema = JSON.parse(readFileSync(join(root, 'colony.schema.json'), 'utf8'));
    const built = (properties: Record<string, { description: string }>) =>
      Object.keys(properties).filter((name) => !properties[name]?.description.startsWith('Not built yet'));
    const named = (heading: string) =>
      table(heading)
        .flatMap(([cell = '']) => code(cell))
        .sort();
    expect(named('### The colony')).toEqual(built(schema.properties).sort());
    expect(named('### An agent')).toEqual(built(schema.definitions.agent.properties).sort());
  });

  test('name every command', async () => {
    const named = table('## Commands').flatMap(([cell = '']) =>
      code(cell).map((text) => text.replace(/^colony /, '').split(' ')[0]),
    );
    const help = await captured(() => runProgram(['--help']));
    for (const name of named) expect(help).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });

  test('name every exit code', () => {
    const named = table('| code | meaning |').length;
    expect(named).toBe(Object.keys(EXIT).length);
    for (const number of Object.values(EXIT)) expect(readme).toMatch(new RegExp(`^\\| ${number} \\|`, 'm'));
  });
});

async function captured(run: () => Promise<unknown>): Promise<string> {
  let text = '';
  const write = process.stdout.write;
  process.stdout.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof process.stdout.write;
  try {
    await run();
  } finally {
    process.stdout.write = write;
  }
  return text;
}
