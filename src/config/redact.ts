import { isMap, isScalar, isSeq, type Pair } from 'yaml';
import { rangeOf } from './tree.ts';

/**
 * The text of a file with every value of an environment replaced by asterisks, character for character.
 *
 * Frames of diagnostics show lines of the file, and a secret may stand in the same line as the mistake. `contents` is
 * what the parser made of the text; `broken` says that it cannot be relied on, because the text is not valid YAML.
 */
export function redact(text: string, contents: unknown, broken: boolean): string {
  const ranges: (readonly [number, number])[] = [];
  collect(contents, false, ranges);
  const masked = maskAll(text, ranges);
  return broken || contents === undefined ? maskLines(masked) : masked;
}

const ENVIRONMENT = /^(env|environ|environment)$/;

function collect(node: unknown, secret: boolean, ranges: (readonly [number, number])[]): void {
  if (isScalar(node)) {
    if (secret) ranges.push(rangeOf(node));
  } else if (isMap(node)) {
    for (const pair of node.items) collect(pair.value, secret || isEnvironment(pair), ranges);
  } else if (isSeq(node)) {
    for (const item of node.items) collect(item, secret, ranges);
  }
}

const isEnvironment = (pair: Pair): boolean => isScalar(pair.key) && ENVIRONMENT.test(String(pair.key.value));

function maskAll(text: string, ranges: readonly (readonly [number, number])[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const [start, end] of [...ranges].sort(([a], [b]) => a - b)) {
    pieces.push(text.slice(at, start), asterisks(text.slice(start, end)));
    at = end;
  }
  return pieces.join('') + text.slice(at);
}

const asterisks = (text: string): string => text.replace(/[^\s]/g, '*');

const KEY = /["']?\b(?:env|environ|environment)["']?\s*:/;

/** Without a syntax tree: everything behind `env:`, and every value of the lines that are indented under it. */
function maskLines(text: string): string {
  let inside: number | undefined;
  const lines = text.split('\n').map((line) => {
    const indent = line.length - line.trimStart().length;
    if (line.trim() === '') return line;
    if (inside !== undefined && indent > inside) return maskAfter(line, line.search(/:(\s|$)/));
    const key = KEY.exec(line);
    inside = key ? indent : undefined;
    return key ? maskAfter(line, key.index + key[0].length - 1) : line;
  });
  return lines.join('\n');
}

/** Everything behind a colon; all of it if there is none, as in the further lines of a text. */
function maskAfter(line: string, colon: number): string {
  return line.slice(0, colon + 1) + asterisks(line.slice(colon + 1));
}
