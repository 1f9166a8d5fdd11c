import { InvalidArgumentError, Option } from 'commander';
import type { Millis } from '../reconciler/types.ts';

/** Which file; without it, colony.yaml here or in a folder above. */
export function fileOption(): Option {
  return new Option('-f, --file <path>', 'the colony.yaml to use (default: here, or in the nearest folder above)');
}

/** Which profiles are active besides the agents that have none. */
export function profileOption(): Option {
  return repeatable('--profile <name>', 'also use the agents of this profile; may be given several times', asWritten);
}

/** Which agents a plan or an apply is limited to. */
export function targetOption(): Option {
  return repeatable(
    '--target <name>',
    "only this agent, or those that fit a glob such as 'work*'; may be repeated",
    asWritten,
  );
}

const asWritten = (value: string) => value;

/** An option that may be given several times: its values in their order, or undefined. */
export function repeatable<T>(flags: string, description: string, parse: (value: string) => T): Option {
  return new Option(flags, description).argParser((value, before: readonly T[] = []) => [...before, parse(value)]);
}

/** The form of the answer. */
export function outputOption<const F extends readonly string[]>(formats: F): Option {
  return new Option('-o, --output <format>', 'form of the answer').choices(formats).default(formats[0]);
}

/** `team=core`, as in `-l team=core`. */
export function parseLabel(written: string): readonly [key: string, value: string] {
  const at = written.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`A label is written key=value, got "${written}".`);
  return [written.slice(0, at), written.slice(at + 1)];
}

/** A whole number of at least one. */
export function parseCount(written: string): number {
  const count = Number(written);
  if (/^\d+$/.test(written) && Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError(`It must be a whole number of at least 1, got "${written}".`);
}

const UNITS: Readonly<Record<string, Millis>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `1m30s`, `2h`: a length of time as in colony.yaml. */
export function parseSpan(written: string): Millis {
  const parts = [...written.matchAll(/(\d+)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== written) {
    throw new InvalidArgumentError(`It must be a length of time such as 90s or 1m30s, got "${written}".`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
}
