import { basename } from 'node:path';
import type { Diagnostic } from './diagnostic.ts';
import { fieldOf, longOf, type Shape, shortForms } from './expand.ts';
import { FORMATS } from './formats.ts';
import { type Interpolated, isEnvironment, keyOf } from './interpolate.ts';
import type { Path, Source } from './source.ts';
import { closest, didYouMean, suggestKey } from './suggest.ts';
import { isRecord } from './tree.ts';
import type { Breach } from './validate.ts';

/** Where a checked value stands in its file, and which parts of it may not be shown. */
export type Context = {
  readonly source: Source;
  /** The way from the top of the file to the checked value. */
  readonly base: Path;
  readonly shape: Shape;
  readonly interpolated: Pick<Interpolated, 'secret' | 'failed'>;
  /** Keys that can stand elsewhere in the file, and where. */
  readonly elsewhere: ReadonlyMap<string, string>;
};

/** Say what is wrong, in colony's words; undefined for a consequence of a variable that is missing. */
export function explain(breach: Breach, context: Context): Diagnostic | undefined {
  const full = [...context.base, ...breach.path];
  const path = context.source.writtenPath(full);
  if (isWithin(path, context.interpolated.failed)) return undefined;
  if (breach.keyword === 'additionalProperties') return unknownKey(breach, path, context);
  if (breach.keyword === 'required') return missingKey(breach, path, context);
  if (breach.key !== undefined) return badKey(breach, breach.key, path, context);
  return badValue(breach, path, context);
}

/** Whether the value at the path, or one around it, is in the set. */
function isWithin(path: Path, set: ReadonlySet<string>): boolean {
  return set.size > 0 && path.some((_, index) => set.has(keyOf(path.slice(0, index + 1))));
}

/** The name of a field in a message. */
export const label = (path: Path): string => (path.length === 0 ? 'the file' : `\`${path.join('.')}\``);

/** Keys that a mapping may have. */
export function knownKeys(shape: Shape | undefined): readonly string[] {
  return Object.keys((shape && longOf(shape).properties) ?? {});
}

function unknownKey(breach: Breach, path: Path, { source, elsewhere }: Context): Diagnostic {
  const key = String(breach.params.additionalProperty);
  const place = path.length === 0 ? basename(source.file) : label(path);
  const known = knownKeys(breach.shape);
  const hint =
    didYouMean(suggestKey(key, known)) ??
    elsewhere.get(key) ??
    (known.length <= 12 ? `${place} has: ${known.join(', ')}` : undefined);
  return {
    code: 'unknown_key',
    message: `\`${key}\` is not a field of ${place}`,
    at: source.keyAt([...path, key]),
    field: [...path, key].join('.'),
    ...(hint === undefined ? {} : { hint }),
  };
}

function missingKey(breach: Breach, path: Path, { source }: Context): Diagnostic {
  const key = String(breach.params.missingProperty);
  const about = breach.shape && fieldOf(breach.shape, key)?.description;
  return {
    code: 'missing_key',
    message: `${label(path)} needs the field \`${key}\``,
    at: source.keyAt(path),
    field: [...path, key].join('.'),
    ...(about === undefined ? {} : { hint: `${key}: ${about}` }),
  };
}

function badKey(breach: Breach, key: string, path: Path, { source }: Context): Diagnostic {
  const isName = path.length === 1 && path[0] === 'agents';
  const rule =
    breach.keyword === 'maxLength'
      ? `at most ${breach.params.limit} characters long`
      : KEY_RULES[isName ? 'agents' : String(path.at(-1))];
  return {
    code: 'bad_name',
    message: `${isName ? 'the name of an agent' : `a key of ${label(path)}`} must be ${rule ?? 'of another form'}, got \`${clip(key)}\``,
    at: source.keyAt([...path, key]),
    field: [...path, key].join('.'),
    ...(isName ? { hint: NAME_HINT } : {}),
  };
}

const KEY_RULES: Readonly<Record<string, string | undefined>> = {
  agents: 'made of lower-case letters, digits and `-`, beginning with a letter',
  env: 'made of letters, digits and `_`, not beginning with a digit',
  labels: 'made of letters, digits, `_`, `.`, `/` and `-`, with a letter or digit at both ends',
};

/** Why names are so strict. */
export const NAME_HINT =
  'tmux turns `.` and `:` of a name into `_` and finds names by their beginning, so names are kept plain';

function badValue(breach: Breach, path: Path, context: Context): Diagnostic {
  const { rule, hint } = ruleOf(breach, path);
  const got = gotten(breach.value, path, context);
  return {
    code: breach.keyword === 'type' ? 'wrong_type' : 'bad_value',
    message: `${label(path)} ${must(rule)}, got ${got}`,
    at: context.source.valueAt(path),
    field: path.join('.'),
    rule,
    ...(got.startsWith('`') ? { value: got.slice(1, -1) } : {}),
    ...(hint === undefined ? {} : { hint }),
  };
}

const must = (rule: string): string => (rule.startsWith('not ') ? `must not be ${rule.slice(4)}` : `must be ${rule}`);

type Rule = { readonly rule: string; readonly hint?: string | undefined };

function ruleOf({ keyword, params, shape, value }: Breach, path: Path): Rule {
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

const TYPES: Readonly<Record<string, string | undefined>> = {
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

const words = (list: readonly string[]): string => list.map((word) => `\`${word}\``).join(', ');

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

/** A value in a message; one that may be secret is only named by its type. */
export function gotten(value: unknown, path: Path, context: Pick<Context, 'interpolated'>): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  const secret = isWithin(path, context.interpolated.secret) || path.some((_, at) => isSecret(path.slice(0, at + 1)));
  if (isRecord(value)) return secret ? 'a mapping' : gottenMapping(value);
  if (secret) return `${TYPES[typeof value] ?? 'a value'} (not shown)`;
  return value === '' ? 'an empty text' : `\`${clip(String(value))}\``;
}

/** An environment, or one of its values: what is not a mapping there may be a secret in the wrong place. */
const isSecret = (path: Path): boolean => isEnvironment(path) || isEnvironment([...path, '']);

function gottenMapping(value: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty mapping' : `a mapping with ${words(keys.slice(0, 5).map(clip))}`;
}

/** Long texts and several lines do not belong into a message. */
function clip(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length > 60 || line !== text ? `${line.slice(0, 60)}…` : line;
}
