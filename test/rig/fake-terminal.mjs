// The terminal of a fake program: what comes in as keys and pastes, and frames that are drawn on the alternate screen.
const PASTE_BEGIN = '\x1b[200~';
const PASTE_END = '\x1b[201~';
/** A lone ESC is the key once nothing has followed it for so many milliseconds. */
const ESCAPE_AFTER = 25;

const NAMES = new Map([
  ['\r', 'enter'],
  ['\n', 'newline'],
  ['\t', 'tab'],
  ['\x7f', 'backspace'],
  ['\x01', 'ctrl-a'],
  ['\x03', 'ctrl-c'],
  ['\x04', 'ctrl-d'],
  ['\x05', 'ctrl-e'],
  ['\x0b', 'ctrl-k'],
  ['\x13', 'ctrl-s'],
  ['\x15', 'ctrl-u'],
  ['\x19', 'ctrl-y'],
  ['\x1b[A', 'up'],
  ['\x1b[B', 'down'],
  ['\x1b[C', 'right'],
  ['\x1b[D', 'left'],
  ['\x1b[Z', 'shift-tab'],
]);

/**
 * Listen to the terminal in raw mode.
 *
 * `onKey(name)` for keys, `onText(text)` for what is typed, `onPaste(text)` for bracketed pastes. `onBurst(text)`, where it
 * returns true, has taken a whole piece of unbracketed input that came at once, its returns included.
 */
export function listen({ onKey, onText, onPaste, onBurst = () => false }) {
  let rest = '';
  let timer;
  process.stdin.setRawMode?.(true);
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (piece) => {
    clearTimeout(timer);
    rest = consume(rest + piece, { onKey, onText, onPaste, onBurst });
    if (rest === '\x1b') timer = setTimeout(lone, ESCAPE_AFTER);
  });
  const lone = () => {
    rest = '';
    onKey('escape');
  };
}

/** Hand out what is complete in `input`; what is left waits for more. */
function consume(input, ears) {
  let rest = input;
  while (rest !== '') {
    const take = rest.startsWith(PASTE_BEGIN) ? paste : rest.startsWith('\x1b') ? sequence : plain;
    const left = take(rest, ears);
    if (left === undefined) return rest;
    rest = left;
  }
  return '';
}

/** Each takes what it can from the beginning, and gives back the rest, or undefined where more has to come first. */
function paste(input, ears) {
  const end = input.indexOf(PASTE_END);
  if (end < 0) return undefined;
  ears.onPaste(input.slice(PASTE_BEGIN.length, end).replaceAll('\r\n', '\n').replaceAll('\r', '\n'));
  return input.slice(end + PASTE_END.length);
}

function sequence(input, ears) {
  const found = /^\x1b(\[[0-9;?<>=]*[A-Za-z~]|O[A-Z])/.exec(input)?.[0];
  if (found) {
    const name = NAMES.get(found);
    if (name) ears.onKey(name);
    return input.slice(found.length);
  }
  if (input.length === 1 || /^\x1b[[O]/.test(input)) return undefined;
  ears.onKey('escape');
  return input.slice(1);
}

/** The piece before the next escape: typed text and single keys. */
function plain(input, ears) {
  const end = input.indexOf('\x1b');
  const piece = end < 0 ? input : input.slice(0, end);
  if (!ears.onBurst(piece)) {
    for (const part of piece.match(/[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g) ?? []) {
      const name = NAMES.get(part);
      if (name) ears.onKey(name);
      else if (part >= ' ') ears.onText(part);
    }
  }
  return end < 0 ? '' : input.slice(end);
}

/** Code points that take no column, and those that take two: as much of Unicode as tests write. */
const NARROW = /[\u200d\u0300-\u036f\ufe00-\ufe0f]/gu;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u{1f300}-\u{1faff}]/gu;

/** How many columns a text takes. */
export function widthOf(text) {
  const shown = text.replace(NARROW, '');
  return [...shown].length + (shown.match(WIDE)?.length ?? 0);
}

/** Break a text into lines of at most `columns`; the first begins with `head`, the others with as many blanks. */
export function wrap(text, columns, head = '') {
  const margin = ' '.repeat(widthOf(head));
  const room = Math.max(8, columns - widthOf(head));
  const lines = text.split('\n').flatMap((line) => broken(line, room));
  return lines.map((line, index) => `${index === 0 ? head : margin}${line}`);
}

function broken(line, room) {
  const lines = [];
  let current = '';
  for (const word of line.split(/(?<= )/)) {
    if (current !== '' && widthOf(current) + widthOf(word.trimEnd()) > room) {
      lines.push(current.trimEnd());
      current = '';
    }
    for (const char of word) {
      if (widthOf(current) + widthOf(char) > room && char !== ' ') {
        lines.push(current);
        current = '';
      }
      current += char;
    }
  }
  return [...lines, current];
}

/** The size of the terminal. */
export const size = () => ({ columns: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24 });

/** Set the title of the terminal. */
export const title = (text) => process.stdout.write(`\x1b]0;${text}\x07`);

/** Take the alternate screen and ask for bracketed pastes. */
export const enter = () => process.stdout.write('\x1b[?1049h\x1b[?2004h');

/** Give the terminal back as it was. */
export function leave() {
  process.stdout.write('\x1b[?2004l\x1b[?25h\x1b[?1049l');
  process.stdin.setRawMode?.(false);
}

let last = '';

/**
 * Draw a frame: what happened so far above, cut at its top, and what stands at the bottom of the screen below.
 *
 * `cursor`, counted from the top of `bottom`, is where the cursor is left; without it, in the last corner. A frame that
 * looks as the one before writes nothing.
 */
export function draw(above, bottom, { cursor, visible = true, tight = false } = {}) {
  const { rows } = size();
  const room = Math.max(0, rows - bottom.length);
  const kept = above.slice(-room);
  const lines = tight ? [...kept, ...bottom] : [...kept, ...Array(Math.max(0, room - kept.length)).fill(''), ...bottom];
  const shown = lines.slice(-rows);
  while (shown.length < rows) shown.push('');
  const top = tight ? kept.length : rows - bottom.length;
  const at = cursor ? `\x1b[${Math.max(1, top + cursor.row + 1)};${cursor.column + 1}H` : '';
  const frame = `\x1b[?25l\x1b[H${shown.map((line) => `${line}\x1b[0m\x1b[K`).join('\r\n')}${at}${visible ? '\x1b[?25h' : ''}`;
  if (frame === last) return;
  last = frame;
  process.stdout.write(frame);
}
