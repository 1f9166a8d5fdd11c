import type { Result } from '../reconciler/types.ts';
import type { Cursor, Picture } from './types.ts';

/** What `look` asks of the pane, beside its text. */
export const PICTURE = '#{cursor_x} #{cursor_y} #{cursor_flag} #{pane_in_mode} #{pane_dead}';

/** Colours and the like, links, and the switches to line drawing: all that `capture-pane -e` puts between characters. */
const STYLE = /\x1b\[([\d;:]*)m|\x1b\][^\x1b\x07]*(?:\x1b\\|\x07)|[\x0e\x0f]/g;

/** The answer to PICTURE and the rows of a capture with styles, as one picture. */
export function readPicture(head: string, rows: readonly string[]): Result<Picture, string> {
  const [x, y, shown, mode, dead] = head.split(' ').map(Number);
  if (x === undefined || y === undefined || dead === undefined || Number.isNaN(x + y + dead)) {
    return { ok: false, error: `it makes no sense: ${head}` };
  }
  const cursor: Cursor = { x, y, shown: shown === 1 };
  return { ok: true, value: { ...plainAndBright(rows), cursor, reading: mode === 1, alive: dead === 0 } };
}

/** A style that is not ended goes on in the next row. */
function plainAndBright(rows: readonly string[]): Pick<Picture, 'lines' | 'bright'> {
  const lines: string[] = [];
  const bright: string[] = [];
  let dim = false;
  for (const row of rows) {
    let plain = '';
    let lit = '';
    let from = 0;
    const take = (text: string) => {
      plain += text;
      lit += dim ? ' '.repeat([...text].length) : text;
    };
    for (const match of row.matchAll(STYLE)) {
      take(row.slice(from, match.index));
      from = match.index + match[0].length;
      if (match[1] !== undefined) dim = isDim(match[1], dim);
    }
    take(row.slice(from));
    lines.push(plain.trimEnd());
    bright.push(lit.trimEnd());
  }
  return { lines, bright };
}

/** Whether text is dim after these attributes. Those of a colour are numbers too, and mean nothing here. */
function isDim(attributes: string, before: boolean): boolean {
  let dim = before;
  const codes = attributes.split(';');
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === '38' || code === '48' || code === '58') i += codes[i + 1] === '5' ? 2 : 4;
    else if (code === '' || code === '0' || code === '22') dim = false;
    else if (code === '2') dim = true;
  }
  return dim;
}
