import type { View } from './keyboard.ts';

/**
 * What stands in a box that begins at a mark and ends where the cursor is, as far as the screen shows it.
 *
 * `mark` matches the beginning of its first row, `row` that of the others; both matches are left out. The first row of a long
 * text may have scrolled away. undefined: the cursor is in no such box.
 */
export function fromMarkToCursor(
  { bright, cursor }: View,
  { mark, row }: { readonly mark: RegExp; readonly row: RegExp },
): string | undefined {
  for (let y = Math.min(cursor.y, bright.length - 1); y >= 0; y--) {
    const line = bright[y] ?? '';
    const [first] = mark.exec(line) ?? [];
    if (first !== undefined) {
      const others = bright.slice(y + 1, cursor.y + 1).map((other) => other.replace(row, ''));
      return [line.slice(first.length), ...others].join('\n').trim();
    }
    if (line !== '' && !row.test(line)) return undefined;
  }
  return (
    bright
      .slice(0, cursor.y + 1)
      .join('\n')
      .trim() || undefined
  );
}
