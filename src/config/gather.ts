import type { Diagnostic, DiagnosticCode, Place } from './diagnostic.ts';
import { parse } from './parse.ts';
import { similarPath } from './paths.ts';
import { type Reader, readText } from './read.ts';
import type { Path, Source } from './source.ts';

/** Which configuration to load, and everything outside of its files that it may speak of. */
export type LoadRequest = {
  /** Absolute path of colony.yaml. */
  readonly path: string;
  readonly profiles: readonly string[];
  /** Where variables are looked up that no env file holds. */
  readonly environment: Readonly<Record<string, string>>;
  /** What `~` stands for. */
  readonly home: string;
  readonly generation: number;
};

/** What comes together while a configuration is read: every file, and every mistake. */
export type Gathering = {
  readonly request: LoadRequest;
  readonly reader: Reader;
  /** Files that were read, in that order. */
  readonly files: Set<string>;
  readonly diagnostics: Diagnostic[];
  /** By file: its text as it may be shown. */
  readonly shown: Map<string, () => string>;
  /** Env files that were read without a mistake: many agents may name the same one. */
  readonly envFiles: Map<string, Readonly<Record<string, string>>>;
};

/** Where something is mentioned: a value of a file. */
export type Mention = { readonly source: Source; readonly path: Path };

/** The text of a file, or undefined after saying at the mention why there is none. */
export function gatherText(gathering: Gathering, file: string, mention: Mention | undefined): string | undefined {
  const text = readText(file, gathering.reader);
  if (text.ok) {
    gathering.files.add(file);
    return text.value;
  }
  const { code, why } = text.error;
  const similar = code === 'file_missing' ? similarPath(file, gathering.reader) : undefined;
  gathering.diagnostics.push({
    code,
    message: `${mention ? `\`${mention.path.join('.')}\`: ` : ''}${file} ${why}`,
    at: mention ? mention.source.valueAt(mention.path) : startOf(file),
    ...(mention ? { field: mention.path.join('.') } : {}),
    ...(similar === undefined ? {} : { hint: `did you mean ${similar}?` }),
  });
  return undefined;
}

/** A file of the configuration as data with places; what is wrong with it is said, and undefined if nothing is left. */
export function gatherSource(gathering: Gathering, file: string, mention?: Mention): Source | undefined {
  const text = gatherText(gathering, file, mention);
  if (text === undefined) return undefined;
  const { result, usable, shown } = parse(file, text);
  gathering.shown.set(file, shown);
  if (result.ok) return result.value;
  gathering.diagnostics.push(...result.error);
  return usable;
}

const startOf = (file: string): Place => ({ file, line: 1, column: 1 });

/** A mistake at the value of a field. */
export function mistakeAt(
  { source, path }: Mention,
  code: DiagnosticCode,
  message: string,
  more: Partial<Pick<Diagnostic, 'hint' | 'also' | 'value' | 'rule'>> = {},
): Diagnostic {
  return { code, message, at: source.valueAt(path), field: path.join('.'), ...more };
}
