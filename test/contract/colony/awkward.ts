import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { waitFor } from '../../rig/wait.ts';
import { type LabTest, SLOW } from '../lab.ts';

/** What colony promises of texts that are awkward to type. */
export function awkwardTexts(test: LabTest): void {
  test('texts of every sort arrive once and whole, or are refused with the reason', async ({ lab }) => {
    const id = await lab.spoken();
    writeFileSync(join(lab.colony.work, 'file.md'), '# A file\n');
    const expected: string[] = ['hello'];
    for (const text of AWKWARD) {
      const file = join(lab.colony.work, 'text.txt');
      writeFileSync(file, text);
      const { code, stderr } = await lab.send('--when', 'idle', '--literal', '--file', file);
      if (code === 0) {
        expected.push(text.trim());
        await waitFor(
          `the prompt ${text.slice(0, 30)}`,
          async () => (await lab.prompts(id)).length >= expected.length,
          SLOW,
        );
      } else expect(stderr.length, `the reason why ${text.slice(0, 30)} was refused`).toBeGreaterThan(20);
      await lab.idle();
    }
    expect((await lab.prompts(id)).map((prompt) => prompt.trim())).toEqual(expected);
    // Not more than two of them may be too awkward.
    expect(expected.length).toBeGreaterThan(AWKWARD.length - 2);
  }, 600_000);
}

const lines = (count: number, width: number) =>
  Array.from({ length: count }, (_, row) => `${row} ${'z'.repeat(width)}`).join('\n');

const AWKWARD = [
  'x',
  'w'.repeat(1500),
  lines(50, 397),
  lines(50, 10),
  '!echo shell',
  '/nonesuch at all',
  '/compact',
  '#hash',
  ' leading blank',
  'ends in a backslash \\',
  'look at @file.md',
  'a;b "c" $HOME `id` \'d\'',
  'é 漢字 😀',
  'first\n!second\n/third',
];
