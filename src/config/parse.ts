import type { Alias, LineCounter, Node } from 'yaml';
import type { Result } from '../reconciler/types.ts';
import type { Diagnostic } from './diagnostic.ts';
import { parseJson } from './json.ts';
import { redact } from './redact.ts';
import { type Source, sourceOf } from './source.ts';
import { compose, type Problem } from './syntax.ts';
import { treeOf } from './tree.ts';

/** A text that was read as YAML: its data with places, or what is wrong with it. */
export type Parsed = {
  readonly result: Result<Source, readonly Diagnostic[]>;
  /** The data in spite of mistakes that leave it whole, so that what else is wrong with it can be told as well. */
  readonly usable?: Source;
  /** The text as it may be shown: without the values of environments. */
  readonly shown: () => string;
};

/** Read one file's text as YAML 1.2 (JSON is a part of it). Pure: the file is only named in places. */
export function parse(file: string, text: string): Parsed {
  const value = parseJson(text);
  if (value === undefined) return parseYaml(file, text);
  const slow = () => parseYaml(file, text);
  return {
    result: { ok: true, value: sourceOf(file, text, value, () => layoutOf(text)) },
    shown: () => slow().shown(),
  };
}

type Reading = {
  readonly contents: unknown;
  readonly lines: LineCounter;
  readonly targets: ReadonlyMap<Alias, Node>;
  readonly value: unknown;
  readonly problems: readonly Problem[];
};

function layoutOf(text: string): Reading {
  const { document, lines, problems } = compose(text);
  if (!document || problems.length > 0)
    return { contents: document?.contents, lines, targets: new Map(), value: undefined, problems };
  return { contents: document.contents, lines, ...treeOf(document) };
}

function parseYaml(file: string, text: string): Parsed {
  const reading = layoutOf(text);
  const source = sourceOf(file, text, reading.value, () => reading);
  const broken = reading.problems.some(({ code }) => code === 'syntax' || code === 'too_deep');
  const shown = () => redact(text, reading.contents, broken);
  if (reading.problems.length === 0) return { result: { ok: true, value: source }, shown };
  const diagnostics = reading.problems.map((problem) => diagnosticOf(problem, source));
  const result = { ok: false, error: firstOfEachLine(diagnostics) } as const;
  // Of a key that is written twice, the first one counts.
  const whole = reading.problems.every(({ code }) => code === 'duplicate_key');
  return whole ? { result, usable: source, shown } : { result, shown };
}

/** One syntax error makes the parser stumble over the rest of its line. */
function firstOfEachLine(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const lines = new Set<number>();
  return diagnostics.filter(({ code, at }) => {
    if (code !== 'syntax') return true;
    const first = !lines.has(at.line);
    lines.add(at.line);
    return first;
  });
}

function diagnosticOf({ code, message, range, hint, also }: Problem, source: Source): Diagnostic {
  return {
    code,
    message,
    at: source.placeOf(range),
    ...(hint === undefined ? {} : { hint }),
    ...(also ? { also: { at: source.placeOf(also.range), message: also.message } } : {}),
  };
}
