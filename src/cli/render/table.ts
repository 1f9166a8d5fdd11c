import { type Paint, plain, type Style } from './colour.ts';
import { clip, oneLine, widthOf } from './width.ts';

/** A text, or a text with a meaning that a terminal shows as colour. An empty cell is shown as `-`. */
export type Cell = string | { readonly text: string; readonly style: Style };

export type TableOptions = {
  readonly paint?: Paint;
  /** Columns of the terminal; lines are cut there. Absent: nothing is cut. */
  readonly width?: number | undefined;
};

const GAP = 2;

/** Rows under a header, aligned, with two spaces between the columns and nothing at the ends of lines. */
export function table(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions = {},
): string {
  const lines = [header.map(bare), ...rows.map((row) => row.map(bare))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column]?.text ?? ''))));
  return lines.map((line) => `${renderLine(line, widths, options)}\n`).join('');
}

type BareCell = { readonly text: string; readonly style: Style | undefined };

function bare(cell: Cell): BareCell {
  const text = oneLine(typeof cell === 'string' ? cell : cell.text);
  return { text: text === '' ? '-' : text, style: typeof cell === 'string' ? undefined : cell.style };
}

function renderLine(cells: readonly BareCell[], widths: readonly number[], options: TableOptions): string {
  const { paint = plain, width: limit = Number.POSITIVE_INFINITY } = options;
  let line = '';
  let used = 0;
  for (const [column, cell] of cells.entries()) {
    const room = limit - used;
    if (room <= 0) break;
    const text = clip(cell.text, room);
    const last = column === cells.length - 1;
    const padding = last ? 0 : Math.min(room, (widths[column] ?? 0) + GAP) - widthOf(text);
    line += (cell.style ? paint(cell.style, text) : text) + ' '.repeat(Math.max(0, padding));
    used += widthOf(text) + Math.max(0, padding);
  }
  return line.trimEnd();
}
