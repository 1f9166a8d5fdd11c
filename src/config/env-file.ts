import type { Result } from '../reconciler/types.ts';

/** A line that cannot be read; its text is never part of the message, because it may hold a secret. */
export type EnvFileError = { readonly line: number; readonly column: number; readonly problem: string };

const KEY = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ['\\', '\\'],
  ['$', '$'],
]);

/**
 * Read `KEY=VALUE` lines, as dotenv files hold them: `export` before the key, `#` comments, values without quotes up
 * to the end of the line, single quotes without escapes, double quotes with `\n \r \t \" \\ \$`; quoted values may go
 * over several lines. Variables inside are not replaced. A later line wins.
 *
 * A parser of our own, because the known ones skip what they cannot read, and a password that is silently cut at a
 * quote is worse than an error.
 */
export function parseEnvFile(text: string): Result<Readonly<Record<string, string>>, readonly EnvFileError[]> {
  const values: Record<string, string> = {};
  const errors: EnvFileError[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (/^[ \t]*(?:#|$)/.test(line)) continue;
    const entry = readEntry(lines, index);
    if ('problem' in entry) errors.push(entry);
    else {
      values[entry.key] = entry.value;
      index = entry.last;
    }
  }
  return errors.length > 0 ? { ok: false, error: errors } : { ok: true, value: values };
}

type Entry = { readonly key: string; readonly value: string; readonly last: number };

function readEntry(lines: readonly string[], index: number): Entry | EnvFileError {
  const line = lines[index] ?? '';
  const [start, key] = KEY.exec(line) ?? [];
  if (start === undefined || key === undefined) {
    const column = line.length - line.trimStart().length + 1;
    return { line: index + 1, column, problem: 'must be KEY=VALUE, where KEY is letters, digits and `_`' };
  }
  const quote = line[start.length];
  if (quote !== '"' && quote !== "'") {
    const value = line.slice(start.length).replace(/(?:^|[ \t])#.*$/, '');
    return { key, value: value.trimEnd(), last: index };
  }
  return readQuoted(lines, index, start.length, key);
}

/** One character of a quoted value, an escape taken as what it stands for. */
const QUOTED = {
  '"': /\\(["\\nrt$])|([^"])/y,
  "'": /()([^'])/y,
} as const;

function readQuoted(lines: readonly string[], index: number, column: number, key: string): Entry | EnvFileError {
  const quote = lines[index]?.[column] === '"' ? '"' : "'";
  const rest = [lines[index]?.slice(column + 1), ...lines.slice(index + 1)].join('\n');
  const token = QUOTED[quote];
  token.lastIndex = 0;
  let value = '';
  let end = 0;
  for (let match = token.exec(rest); match; match = token.exec(rest)) {
    value += match[1] ? ESCAPES.get(match[1]) : match[2];
    end = token.lastIndex;
  }
  if (end >= rest.length)
    return { line: index + 1, column: column + 1, problem: `has a quote (${quote}) that is never closed` };
  const last = index + rest.slice(0, end).split('\n').length - 1;
  const line = lines[last] ?? '';
  const at = last === index ? column + 1 + end : end - rest.lastIndexOf('\n', end - 1) - 1;
  return closed(line, at, { key, value, last });
}

/** Behind the closing quote only a comment may stand. */
function closed(line: string, at: number, entry: Entry): Entry | EnvFileError {
  if (/^[ \t]*(?:#.*)?$/.test(line.slice(at + 1))) return entry;
  return { line: entry.last + 1, column: at + 2, problem: 'has text behind the closing quote' };
}
