import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aider } from '../../../src/agents/aider/launch.ts';
import { claude } from '../../../src/agents/claude/launch.ts';
import { lookFor, transcriptOf } from '../../../src/supervisor/starting/transcript.ts';
import { removeFolder } from '../../rig/remove.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'colony-transcript-'));
});

afterEach(() => removeFolder(root));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('a file whose path is known in part', () => {
  test.each([
    ['in the first folder', ['projects/a/id.jsonl'], 'kept'],
    ['in the last folder', ['projects/a/x.jsonl', 'projects/b/id.jsonl', 'projects/c/y'], 'kept'],
    ['in no folder', ['projects/a/x.jsonl'], 'missing'],
    ['no folder at all', [], 'missing'],
    ['a file where a folder was expected', ['projects/a'], 'missing'],
    ['a folder of its name', ['projects/a/id.jsonl/x'], 'missing'],
  ])('%s', async (_, files, found) => {
    for (const file of files) write(file, 'x');
    expect(await lookFor([root, 'projects', '*', 'id.jsonl'])).toBe(found);
  });

  test('that holds nothing is told apart; one of the same name that holds something counts more', async () => {
    write('projects/b/id.jsonl', '');
    expect(await lookFor([root, 'projects', '*', 'id.jsonl'])).toBe('empty');
    write('projects/a/id.jsonl', 'x');
    expect(await lookFor([root, 'projects', '*', 'id.jsonl'])).toBe('kept');
  });

  test('that holds something in which nothing was said counts as empty', async () => {
    const said = (content: string) => content.includes('hello');
    write('projects/a/id.jsonl', 'the date');
    expect(await lookFor([root, 'projects', '*', 'id.jsonl'], said)).toBe('empty');
    write('projects/b/id.jsonl', 'the date, and hello');
    expect(await lookFor([root, 'projects', '*', 'id.jsonl'], said)).toBe('kept');
    write('projects/b/id.jsonl', 'x'.repeat(300 * 1024));
    expect(await lookFor([root, 'projects', '*', 'id.jsonl'], said)).toBe('kept');
  });

  test.each([
    ['rollout-*-id.jsonl', 'rollout-2026-id.jsonl', 'kept'],
    ['rollout-*-id.jsonl', 'rollout-2026-id2.jsonl', 'missing'],
    ['rollout-*-id.jsonl', 'rollout-id.jsonl', 'missing'],
    ['session-*-id.json*', 'session-2026-id.jsonl', 'kept'],
    ['session-*-id.json*', 'session-2026-id.txt', 'missing'],
    ['session-*-id.json*', 'session-id.json', 'missing'],
  ])('%s is %s: %s', async (pattern, file, found) => {
    write(`2026/11/21/${file}`, 'x');
    expect(await lookFor([root, '*', '*', '*', pattern])).toBe(found);
  });

  test('in a folder that cannot be read is unknown, unless it is found elsewhere', async () => {
    mkdirSync(join(root, 'projects'));
    symlinkSync('b', join(root, 'projects', 'b'));
    expect(await lookFor([root, 'projects', '*', 'id.jsonl'])).toBe('unknown');
    write('projects/a/id.jsonl', 'x');
    expect(await lookFor([root, 'projects', '*', 'id.jsonl'])).toBe('kept');
  });
});

describe('a conversation of aider, which writes a heading before anybody has said anything', () => {
  const HEADING = '\n# aider chat started at 2026-11-21 10:00:00\n\n> Aider v0.86\n';

  test.each([
    ['holds nothing that was said with the heading alone', HEADING, 'empty'],
    ['is kept with a prompt', `${HEADING}\n#### fix it\n\nDone.\n`, 'kept'],
    ['is kept if it is longer than any heading', HEADING.repeat(5_000), 'kept'],
    ['is nothing as an empty file', '', 'empty'],
  ])('%s', async (_, text, expected) => {
    write('aider-id.md', text);
    expect(await transcriptOf(aider, 'id', { env: {}, home: root, folder: root })).toBe(expected);
  });

  test('and of Claude Code, which writes nothing before', async () => {
    write('.claude/projects/a/id.jsonl', 'anything');
    expect(await transcriptOf(claude, 'id', { env: {}, home: root, folder: root })).toBe('kept');
  });
});
