import { knownKeys, longOf, type Shape, shortForms } from './expand.ts';
import { FORMATS } from './formats.ts';
import type { Path } from './source.ts';
import { closest, didYouMean } from './suggest.ts';
import type { Breach } from './validate.ts';

/** How keys must be made, by the mapping that they stand in. */
export const KEY_RULES: Readonly<Record<string, string | undefined>> = {
  agents: 'made of lower-case letters, digits and `-`, beginning with a letter',
  env: 'made of letters, digits and `_`, not beginning with a digit',
  labels: 'made of letters, digits, `_`, `.`, `/` and `-`, with a letter or digit at both ends',
};

/** Why names are so strict. */
export const NAME_HINT =
  'tmux turns `.` and `:` of a name into `_` and finds names by their beginning, so names are kept plain';

/** What a value ought to be, and what else helps whoever writes it. */
export type Rule = { readonly rule: string; readonly hint?: string | undefined };

/** What the schema wants of the value that breaks it. */
export function ruleOf({ keyword, params, shape, value }: Breach, path: Path): Rule {
  switch (keyword) {
    case 'type':
      return typeRule(shape, value);
    case 'enum':
      return enumRule(shape?.enum ?? [], value);
    case 'format':
      return formatRule(String(params.format));
    case 'pattern':
      return patternRule(path);
    case 'minimum':
      return { rule: `at least ${params.limit}` };
    case 'maximum':
      return path.length === 1 && path[0] === 'version'
        ? { rule: '1', hint: 'a newer colony may be needed for this file' }
        : { rule: `at most ${params.limit}` };
    case 'minLength':
    case 'minItems':
      return { rule: 'not empty' };
    case 'maxLength':
      return { rule: `at most ${params.limit} characters long` };
    case 'uniqueItems':
      return { rule: 'free of repetitions' };
    default:
      // minProperties and maxProperties stand only where exactly one key is wanted.
      return { rule: `a mapping with exactly one of ${words(knownKeys(shape))}` };
  }
}

/** Types of JSON in words. */
export const TYPES: Readonly<Record<string, string | undefined>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a mapping',
  null: '`null`',
};

function typeRule(shape: Shape | undefined, value: unknown): Rule {
  if (!shape) return { rule: 'of another type' };
  const long = longOf(shape);
  const forms = [...shortForms(shape), long].flatMap(formWords);
  const rule = [...new Set(forms)].join(', ').replace(/, ([^,]*)$/, ' or $1');
  const format = long.format === undefined ? undefined : FORMATS[long.format];
  if (format) return { rule: format.rule, hint: format.hint };
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  return { rule, ...(scalar && long.type === 'string' ? { hint: 'put it in quotes' } : {}) };
}

function formWords(form: Shape): readonly string[] {
  if (form.enum) return form.enum.map((word) => `\`${word}\``);
  const format = form.format === undefined ? undefined : FORMATS[form.format];
  if (format) return [format.rule];
  const types = typeof form.type === 'string' ? [form.type] : (form.type ?? []);
  return types.map((type) => TYPES[type] ?? type);
}

/** What other tools call a value, or what an older YAML made of it. */
const FOREIGN_VALUES: ReadonlyMap<string, string> = new Map([
  ['no', 'never'],
  ['false', 'never'],
  ['yes', 'always'],
  ['true', 'always'],
  ['unexpected', 'on-failure'],
  ['unless_stopped', 'unless-stopped'],
  ['on_failure', 'on-failure'],
  ['healthy', 'ready'],
  ['service_healthy', 'ready'],
  ['service_started', 'started'],
  ['running', 'started'],
  ['service_completed_successfully', 'completed'],
  ['claude-code', 'claude'],
]);

function enumRule(allowed: readonly string[], value: unknown): Rule {
  if (typeof value !== 'string') return { rule: oneOf(allowed) };
  const bare = value.replace(/^SIG/i, '').toUpperCase();
  const foreign = FOREIGN_VALUES.get(value);
  const candidates = [bare, value.toLowerCase(), foreign].filter((word) => word !== undefined);
  const meant = candidates.find((word) => allowed.includes(word)) ?? closest(value, allowed);
  return { rule: oneOf(allowed), hint: didYouMean(meant) };
}

const oneOf = (allowed: readonly string[]): string =>
  allowed.length === 1 ? `\`${allowed[0]}\`` : `one of ${words(allowed)}`;

/** Words as they are written in the file. */
export const words = (list: readonly string[]): string => list.map((word) => `\`${word}\``).join(', ');

function formatRule(format: string): Rule {
  return FORMATS[format] ?? { rule: `a ${format}` };
}

const PATTERN_RULES: Readonly<Record<string, Rule>> = {
  name: { rule: KEY_RULES.agents ?? '', hint: NAME_HINT },
  socket: { rule: 'the name of a socket: letters, digits, `_`, `.` and `-`', hint: 'it is a name and not a path' },
  profiles: { rule: 'the name of a profile: letters, digits, `_`, `.` and `-`' },
  status: { rule: 'a status code or a range of them', hint: 'write for example `200` or `200-399`' },
};

function patternRule(path: Path): Rule {
  const field = path.findLast((step) => typeof step === 'string');
  return PATTERN_RULES[String(field)] ?? { rule: 'of another form' };
}
