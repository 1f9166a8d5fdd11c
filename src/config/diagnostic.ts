/**
 * A mistake in the configuration, and how it looks on a terminal.
 *
 * Diagnostics are for the person who edits the file: each has a code that scripts may rely on, one sentence that names
 * the field, the rule and the value, the place, and where one is known a hint that says what to write instead.
 */

/** What is wrong, as a closed set: scripts and editors may rely on these words. */
export type DiagnosticCode =
  | 'file_missing'
  | 'file_unreadable'
  | 'file_too_large'
  | 'not_text'
  | 'syntax'
  | 'duplicate_key'
  | 'bad_alias'
  | 'too_deep'
  | 'unknown_key'
  | 'missing_key'
  | 'wrong_type'
  | 'bad_value'
  | 'bad_name'
  | 'bad_variable'
  | 'undefined_variable'
  | 'bad_env_file'
  | 'bad_include'
  | 'duplicate_agent'
  | 'unknown_profile'
  | 'unknown_dependency'
  | 'inactive_dependency'
  | 'dependency_cycle'
  | 'workdir_missing'
  | 'not_built';

/** A stretch of one line. Lines and columns count from 1, columns in UTF-16 units, as editors do; `endColumn` is exclusive. */
export type Place = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn?: number;
};

export type Diagnostic = {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly at: Place;
  /** Dotted path of the field, such as `agents.api.restart.backoff.max`. */
  readonly field?: string;
  /** The offending value as a person would write it; never that of a variable or an environment entry. */
  readonly value?: string;
  /** What holds for the field, such as `at least 1`. */
  readonly rule?: string;
  readonly hint?: string;
  /** A second place that is part of the mistake. */
  readonly also?: { readonly at: Place; readonly message: string };
};

type Paint = (code: string, text: string) => string;

const painted: Paint = (code, text) => `\u001b[${code}m${text}\u001b[0m`;
const plain: Paint = (_code, text) => text;
const RED = '1;31';
const CYAN = '36';
const BOLD = '1';
const GREEN = '32';

/** Longer lines are shown as a stretch around the place. */
const WIDTH = 100;

/**
 * Draw diagnostics with caret frames, and a last line that counts them.
 *
 * `sources` maps file names to their texts; a file that is not in it gets no frame, which is how files full of secrets
 * stay off the screen.
 */
export function render(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  options: { readonly colour: boolean },
): string {
  const paint = options.colour ? painted : plain;
  const parts = diagnostics.map((diagnostic) => renderOne(diagnostic, sources, paint));
  const count = diagnostics.length === 1 ? '1 mistake' : `${diagnostics.length} mistakes`;
  const files = new Set(diagnostics.map((diagnostic) => diagnostic.at.file)).size;
  return `${[...parts, paint(BOLD, `${count} in ${files === 1 ? 'one file' : `${files} files`}`)].join('\n\n')}\n`;
}

function renderOne(diagnostic: Diagnostic, sources: ReadonlyMap<string, string>, paint: Paint): string {
  const { at, code, message, also, hint } = diagnostic;
  const lines = [`${position(at)}: ${paint(RED, `error[${code}]`)}: ${paint(BOLD, visible(message))}`];
  lines.push(...frame(at, sources, paint, RED));
  if (also) lines.push(`  ${position(also.at)}: ${visible(also.message)}`, ...frame(also.at, sources, paint, CYAN));
  if (hint !== undefined) lines.push(`  ${paint(GREEN, 'hint')}: ${visible(hint)}`);
  return lines.join('\n');
}

const position = (at: Place) => visible(`${at.file}:${at.line}:${at.column}`);

/** The line in question with a row of carets under the place; nothing if the text is not at hand. */
function frame(at: Place, sources: ReadonlyMap<string, string>, paint: Paint, colour: string): string[] {
  const line = lineOf(sources.get(at.file), at.line);
  if (line === undefined || line.trim() === '') return [];
  const start = at.column - 1;
  const end = Math.max(start + 1, Math.min((at.endColumn ?? at.column + 1) - 1, line.length));
  const from = line.length <= WIDTH ? 0 : Math.max(0, Math.min(start - 20, line.length - WIDTH));
  const shown = line.slice(from, from + WIDTH);
  const gutter = String(at.line).padStart(5);
  const carets = '^'.repeat(Math.max(1, Math.min(end, from + WIDTH) - start));
  const blank = line.slice(from, start).replace(/[^\t]/g, ' ');
  return [`${gutter} | ${visible(shown)}`, `      | ${blank}${paint(colour, carets)}`];
}

function lineOf(source: string | undefined, line: number): string | undefined {
  if (source === undefined) return undefined;
  return source.split('\n')[line - 1]?.replace(/\r$/, '');
}

/** Control characters of a hostile file must not reach the terminal; each becomes one visible character. */
function visible(line: string): string {
  return line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
}

/** In the order in which a person reads: the main file first, then line by line. */
export function inReadingOrder(diagnostics: readonly Diagnostic[], mainFile: string): readonly Diagnostic[] {
  const rank = (file: string) => (file === mainFile ? '' : file);
  return [...unique(diagnostics)].sort(
    (a, b) =>
      compare(rank(a.at.file), rank(b.at.file)) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column ||
      compare(a.code, b.code),
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** What is shared by several agents (defaults, an anchor) is reported once. */
function unique(diagnostics: readonly Diagnostic[]): Iterable<Diagnostic> {
  const seen = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { at, code, message } = diagnostic;
    const key = `${at.file}\0${at.line}\0${at.column}\0${code}\0${message}`;
    if (!seen.has(key)) seen.set(key, diagnostic);
  }
  return seen.values();
}
