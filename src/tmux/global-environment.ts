import type { Command } from './quote.ts';

/** tmux sets this one by itself when it starts. */
const TMUX_OWN: ReadonlySet<string> = new Set(['PWD']);

/**
 * The commands that turn a server's global environment, as the lines of `show-environment -g` tell it, into the wanted
 * one.
 *
 * A value of several lines cannot be read back for certain; it is set again, which does no harm.
 */
export function environmentChanges(
  shown: readonly string[],
  wanted: Readonly<Record<string, string>>,
): readonly Command[] {
  const have = new Map(shown.flatMap((line) => entryOf(line) ?? []));
  const superfluous = [...have.keys()].filter((key) => wanted[key] === undefined && !TMUX_OWN.has(key));
  const missing = Object.entries(wanted).filter(([key, value]) => have.get(key) !== value);
  return [
    ...superfluous.map((key): Command => ['set-environment', '-g', '-u', key]),
    ...missing.map(([key, value]): Command => ['set-environment', '-g', key, value]),
  ];
}

/** `KEY=value`; a line that begins with `-` is of a variable that was removed. */
function entryOf(line: string): readonly (readonly [string, string])[] | undefined {
  const at = line.indexOf('=');
  if (at < 1 || line.startsWith('-')) return undefined;
  return [[line.slice(0, at), line.slice(at + 1)]];
}
