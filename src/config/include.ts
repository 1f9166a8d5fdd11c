import { dirname } from 'node:path';
import { type Gathering, gatherSource, type Mention, mistakeAt } from './gather.ts';
import { expandPattern, isPattern } from './glob.ts';
import { absolute } from './paths.ts';
import type { Source } from './source.ts';

export type Includes = {
  readonly sources: readonly Source[];
  /** Absolute, as they were written: new files may come to match them. */
  readonly patterns: readonly string[];
};

/**
 * Read the included files, each once, in the order in which they are named.
 *
 * Circles cannot come about, because an included file cannot include another one.
 */
export function readIncludes(gathering: Gathering, main: Source, written: unknown): Includes {
  const single = typeof written === 'string';
  const names: readonly unknown[] = single ? [written] : Array.isArray(written) ? written : [];
  const patterns: string[] = [];
  const files = new Map<string, Mention>();
  names.forEach((name, index) => {
    if (typeof name !== 'string' || name === '') return;
    const mention = { source: main, path: single ? ['include'] : ['include', index] };
    const pattern = absolute(name, dirname(main.file), gathering.request.home);
    patterns.push(pattern);
    for (const file of filesOf(gathering, pattern, mention)) if (!files.has(file)) files.set(file, mention);
  });
  const sources = [...files].flatMap(([file, mention]) => gatherSource(gathering, file, mention) ?? []);
  return { sources, patterns };
}

function filesOf(gathering: Gathering, pattern: string, mention: Mention): readonly string[] {
  const main = mention.source.file;
  if (pattern.includes('**')) {
    const hint = '`*` matches within one folder; name each level: `agents/*/*.yaml`';
    gathering.diagnostics.push(mistakeAt(mention, 'bad_include', '`**` is not supported in `include`', { hint }));
    return [];
  }
  if (isPattern(pattern)) return expandPattern(pattern, gathering.reader).filter((file) => file !== main);
  if (pattern !== main) return [pattern];
  gathering.diagnostics.push(mistakeAt(mention, 'bad_include', 'a file cannot include itself'));
  return [];
}
