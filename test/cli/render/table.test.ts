import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ansi } from '../../../src/cli/render/colour.ts';
import { table } from '../../../src/cli/render/table.ts';
import { widthOf } from '../../../src/cli/render/width.ts';

it('aligns columns with two spaces between them and nothing at the ends', () => {
  expect(
    table(
      ['NAME', 'PID'],
      [
        ['backend', '7'],
        ['日本', ''],
        ['w', '12345'],
      ],
    ),
  ).toBe(['NAME     PID', 'backend  7', '日本     -', 'w        12345', ''].join('\n'));
});

it('colours do not shift columns', () => {
  const cell = { text: 'ready', style: 'good' } as const;
  const coloured = table(['A', 'B'], [[cell, 'x']], { paint: ansi });
  expect(coloured).toBe('A      B\n\x1b[32mready\x1b[39m  x\n');
});

it('cuts lines at the edge of the terminal', () => {
  expect(table(['NAME', 'REASON'], [['web', 'the program ended']], { width: 14 })).toBe(
    'NAME  REASON\nweb   the pro…\n',
  );
});

it('no line is wider than the terminal, whatever stands in it', () => {
  const cells = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string()), { maxLength: 5 });
  fc.assert(
    fc.property(cells, fc.integer({ min: 1, max: 60 }), (rows, width) => {
      for (const line of table(['NAME', 'REASON'], rows, { width }).split('\n')) {
        expect(widthOf(line)).toBeLessThanOrEqual(width);
      }
    }),
  );
});
