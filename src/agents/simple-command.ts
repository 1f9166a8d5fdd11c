/** One word of a command line. `text` is what the program gets if `plain`; else the shell makes something of it. */
export type Word = { readonly text: string; readonly plain: boolean };

/** A line for `sh -c`, read as far as that goes without running it. */
export type Line = {
  readonly words: readonly Word[];
  /** Why words that are put behind the line would not reach its program, after "it"; undefined: they would. */
  readonly flaw: string | undefined;
};

/**
 * Find out whether a line for a shell is one simple command, and what its words are.
 *
 * Redirections are no words. The shell has the last word: what this takes for a flaw may be harmless, but what it lets
 * pass is one command.
 */
export function readLine(text: string): Line {
  const line = text.trimEnd();
  const pieces: Piece[] = [];
  for (let at = 0; at < line.length; ) {
    const piece = redirectionAt(line, at) ?? pieceAt(line, at);
    const begins = pieces.at(-1)?.is !== 'text';
    const flaw = piece.is === 'redirection' ? undefined : flawAt(line, at, begins);
    if (flaw !== undefined || piece.next < 0) return { words: wordsIn(pieces), flaw: flaw ?? UNCLOSED };
    pieces.push(piece);
    at = piece.next;
  }
  const openEnded = pieces.findLast(({ is }) => is !== 'blank')?.is === 'redirection';
  return { words: wordsIn(pieces), flaw: openEnded ? 'ends in the middle of a redirection' : undefined };
}

/** A blank between words; the sign of a redirection; a part of a word. */
type Piece = Word & { readonly is: 'blank' | 'redirection' | 'text'; readonly next: number };

function wordsIn(pieces: readonly Piece[]): readonly Word[] {
  const whole = joined(pieces);
  return whole.filter(({ is }, at) => is === 'text' && !isOfRedirection(whole, at));
}

/** Parts of one word become that word. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const whole: Piece[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    if (piece.is !== 'text' || last?.is !== 'text') whole.push(piece);
    else whole[whole.length - 1] = { ...piece, text: last.text + piece.text, plain: last.plain && piece.plain };
  }
  return whole;
}

/** The word behind a redirection is a file, and the number right before it one as well, as in `2>log`. */
function isOfRedirection(whole: readonly Piece[], at: number): boolean {
  const before = whole.slice(0, at).findLast(({ is }) => is !== 'blank');
  if (before?.is === 'redirection') return true;
  return whole[at + 1]?.is === 'redirection' && /^\d+$/.test(whole[at]?.text ?? '');
}

const BLANK: Piece = { is: 'blank', text: '', plain: true, next: 0 };

const UNCLOSED = 'has a quote or a bracket that is not closed';

const REDIRECTION = />>|>\||>&|<&|<>|>|<(?!<)/y;

function redirectionAt(line: string, at: number): Piece | undefined {
  REDIRECTION.lastIndex = at;
  const sign = REDIRECTION.exec(line)?.[0];
  return sign === undefined ? undefined : { is: 'redirection', text: sign, plain: true, next: at + sign.length };
}

const OPERATORS: ReadonlyMap<string, string> = new Map([
  [';', 'has a `;`'],
  ['|', 'has a `|`'],
  ['&', 'has a `&`'],
  ['(', 'has a `(`'],
  [')', 'has a `)`'],
  ['\n', 'has more than one line'],
]);

function flawAt(line: string, at: number, begins: boolean): string | undefined {
  const sign = line[at] ?? '';
  if (line.startsWith('<<', at)) return 'has a here-document';
  if (sign === '#' && begins) return 'has a comment';
  if (sign === '\\' && at + 1 === line.length) return 'ends with a `\\`';
  return OPERATORS.get(sign);
}

/** What stands at a place outside of quotes; `next` is negative if it never ends. */
function pieceAt(line: string, at: number): Piece {
  const sign = line[at] ?? '';
  const next = skip(line, at, false);
  if (sign === ' ' || sign === '\t') return { ...BLANK, next };
  return { is: 'text', next, ...partAt(line, at, next) };
}

function partAt(line: string, at: number, next: number): Word {
  const sign = line[at] ?? '';
  const inside = line.slice(at + 1, next - 1);
  if (sign === "'") return { text: inside, plain: true };
  if (sign === '"') return { text: inside.replace(/\\(["\\$`])/g, '$1'), plain: !/(?<!\\)[$`]/.test(inside) };
  const escaped = line[at + 1] === '\n' ? '' : (line[at + 1] ?? '');
  return sign === '\\'
    ? { text: escaped, plain: true }
    : { text: line.slice(at, next), plain: !'$`*?['.includes(sign) };
}

/** The place behind what stands here; -1: it never ends. `quoted`: within double quotes, where less is special. */
function skip(line: string, at: number, quoted: boolean): number {
  const sign = line[at] ?? '';
  if (sign === '\\') return at + 2;
  if (sign === '`') return closed(line, at + 1, '`');
  if (line.startsWith('$(', at)) return closed(line, at + 2, ')');
  if (line.startsWith('${', at)) return closed(line, at + 2, '}');
  if (quoted) return at + 1;
  if (sign === '"') return closed(line, at + 1, '"');
  if (sign === '(') return closed(line, at + 1, ')');
  return sign === "'" ? line.indexOf("'", at + 1) + 1 || -1 : at + 1;
}

/** The place behind the sign that closes; -1: there is none. */
function closed(line: string, from: number, sign: string): number {
  let at = from;
  while (at >= 0 && at < line.length) {
    if (line[at] === sign) return at + 1;
    at = skip(line, at, sign === '"' || sign === '`');
  }
  return -1;
}
