import { basename } from 'node:path';
import type { Diagnostic } from './diagnostic.ts';
import { fieldOf, knownKeys, type Shape } from './expand.ts';
import type { Interpolated } from './interpolate.ts';
import { KEY_RULES, NAME_HINT, ruleOf } from './rule-words.ts';
import type { Path, Source } from './source.ts';
import { didYouMean, suggestKey } from './suggest.ts';
import type { Breach } from './validate.ts';
import { clip, gotten, isWithin } from './value-words.ts';

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

/** The name of a field in a message. */
export const label = (path: Path): string => (path.length === 0 ? 'the file' : `\`${path.join('.')}\``);

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

function badValue(breach: Breach, path: Path, context: Context): Diagnostic {
  const { rule, hint } = ruleOf(breach, path);
  const got = gotten(breach.value, path, context.interpolated.secret);
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
