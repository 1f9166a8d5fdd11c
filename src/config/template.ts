import type { Result } from '../reconciler/types.ts';

/** A text with variables: literal parts, and `${…}` with what happens when the variable is not there. */
export type Part = string | Variable;

export type Variable = {
  readonly name: string;
  /** With a colon an empty variable counts as one that is not there. */
  readonly emptyCounts: boolean;
  readonly otherwise:
    | { readonly do: 'fail' }
    | { readonly do: 'fail'; readonly message: readonly Part[] }
    | { readonly do: 'use'; readonly parts: readonly Part[] };
};

/** What is wrong in a text with variables, in words that go on after the field's name. */
export type TemplateError = string;

type Reading = { readonly text: string; at: number };

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Deeper defaults in defaults are a mistake. */
const DEEPEST = 16;

/**
 * Split a text at `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?message}` and `${NAME?message}`.
 *
 * `$$` stands for `$`. A `$` before anything but `{` stays, because it belongs to the shell. Defaults may hold
 * variables of their own.
 */
export function parseTemplate(text: string): Result<readonly Part[], TemplateError> {
  try {
    return { ok: true, value: parts({ text, at: 0 }, 0) };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, error: error.message };
    throw error;
  }
}

/** Carries a mistake out of the recursion; never leaves this file. */
class Malformed extends Error {}

/** Up to the end, or inside of a variable up to its closing bracket. */
function parts(reading: Reading, depth: number): readonly Part[] {
  const found: Part[] = [];
  const literal = depth > 0 ? /(?:[^$}]|\$(?!\{)\$?)+/y : /(?:[^$]|\$(?!\{)\$?)+/y;
  while (reading.at < reading.text.length) {
    literal.lastIndex = reading.at;
    const text = literal.exec(reading.text)?.[0];
    if (text !== undefined) {
      found.push(text.replaceAll('$$', '$'));
      reading.at += text.length;
    } else if (reading.text[reading.at] === '$') found.push(variable(reading, depth));
    else break;
  }
  return found;
}

function variable(reading: Reading, depth: number): Variable {
  if (depth >= DEEPEST) throw new Malformed('nests variables too deeply');
  const start = reading.at;
  reading.at += 2;
  NAME.lastIndex = reading.at;
  const name = NAME.exec(reading.text)?.[0];
  if (name === undefined)
    throw new Malformed(`has \`\${\` without the name of a variable at \`${excerpt(reading, start)}\``);
  reading.at += name.length;
  const otherwise = fallback(reading, start, depth);
  if (reading.text[reading.at] !== '}') throw new Malformed(`has \`\${${name}\` without a closing \`}\``);
  reading.at += 1;
  return { name, ...otherwise };
}

function fallback(reading: Reading, start: number, depth: number): Omit<Variable, 'name'> {
  const [operator] = /^(?::?[-?]|(?=\}|$))/.exec(reading.text.slice(reading.at, reading.at + 2)) ?? [];
  if (operator === undefined) throw new Malformed(`has \`${excerpt(reading, start)}\`, which only a shell understands`);
  reading.at += operator.length;
  const emptyCounts = operator.startsWith(':');
  if (operator === '') return { emptyCounts, otherwise: { do: 'fail' } };
  const rest = parts(reading, depth + 1);
  if (operator.endsWith('-')) return { emptyCounts, otherwise: { do: 'use', parts: rest } };
  return { emptyCounts, otherwise: { do: 'fail', message: rest } };
}

/** The beginning of a variable, short enough for a message. */
function excerpt(reading: Reading, start: number): string {
  const end = reading.text.indexOf('}', start);
  const whole = reading.text.slice(start, end === -1 ? undefined : end + 1);
  return whole.length > 40 ? `${whole.slice(0, 40)}…` : whole;
}
