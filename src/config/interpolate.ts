import type { Diagnostic } from './diagnostic.ts';
import { plainScalar } from './plain-scalar.ts';
import type { Path, Source } from './source.ts';
import { closest } from './suggest.ts';
import { type Part, parseTemplate, type Variable } from './template.ts';
import { isRecord } from './tree.ts';

/** Where variables are looked up, most specific first. */
export type Scope = readonly Variables[];

export type Variables = {
  readonly values: Readonly<Record<string, string>>;
  /** `own`: from colony itself and no secret; `file`: from an env file; `ambient`: from the captured environment. */
  readonly from: 'own' | 'file' | 'ambient';
};

/** A part of the configuration with its variables replaced. */
export type Interpolated = {
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** Fields that hold the value of a variable, as keys of `keyOf`: they may be secret. */
  readonly secret: ReadonlySet<string>;
  /** Fields whose variables could not be replaced; what else is wrong with them is a consequence. */
  readonly failed: ReadonlySet<string>;
  /** Which variables came from the captured environment. */
  readonly ambient: readonly { readonly name: string; readonly path: Path }[];
  /** Whether `${REPLICA}` stands anywhere. */
  readonly usesReplica: boolean;
};

/** A path as one text, for sets. */
export const keyOf = (path: Path): string => path.join('\0');

/**
 * Replace the variables in every text below `path`; keys stay as they are, and so does everything below an `x-` key.
 *
 * An unquoted text that was nothing but variables is read again as YAML would read it, so `replicas: ${N:-2}` is a
 * number. An environment value stays a text: `1.10` must not become 1.1.
 */
export function interpolate(value: unknown, source: Source, path: Path, scope: Scope): Interpolated {
  const walk = new Walk(source, scope);
  return { value: walk.value(value, path), ...walk.outcome() };
}

class Walk {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #secret = new Set<string>();
  readonly #failed = new Set<string>();
  readonly #ambient: { name: string; path: Path }[] = [];
  #usesReplica = false;
  readonly #source: Source;
  readonly #scope: Scope;

  constructor(source: Source, scope: Scope) {
    this.#source = source;
    this.#scope = scope;
  }

  outcome(): Omit<Interpolated, 'value'> {
    return {
      diagnostics: this.#diagnostics,
      secret: this.#secret,
      failed: this.#failed,
      ambient: this.#ambient,
      usesReplica: this.#usesReplica,
    };
  }

  value(value: unknown, path: Path): unknown {
    if (typeof value === 'string') return value.includes('$') ? this.#text(value, path) : value;
    if (Array.isArray(value)) return this.#list(value, path);
    return isRecord(value) ? this.#mapping(value, path) : value;
  }

  #list(value: readonly unknown[], path: Path): readonly unknown[] {
    let changed = false;
    const items = value.map((item, index) => {
      const next = this.value(item, [...path, index]);
      changed ||= next !== item;
      return next;
    });
    return changed ? items : value;
  }

  /** A mapping without variables is returned as it is: most of them are, and anchors share them. */
  #mapping(value: Readonly<Record<string, unknown>>, path: Path): Readonly<Record<string, unknown>> {
    let copy: Record<string, unknown> | undefined;
    for (const key in value) {
      const item = value[key];
      if (
        (key.startsWith('x-') && !isFree(path)) ||
        item === null ||
        typeof item === 'number' ||
        typeof item === 'boolean'
      )
        continue;
      if (typeof item === 'string' && !item.includes('$')) continue;
      const next = this.value(item, [...path, key]);
      if (next === item) continue;
      copy ??= { ...value };
      copy[key] = next;
    }
    return copy ?? value;
  }

  #text(text: string, path: Path): unknown {
    const template = parseTemplate(text);
    if (!template.ok) {
      // Of an environment value nothing is quoted: the rest of it may stand in the broken variable.
      const problem = isEnvironment(path) ? 'has a `${` that cannot be read' : template.error;
      this.#fail('bad_variable', path, problem, 'a `$` that is meant for the shell is written `$$`');
      return text;
    }
    const replaced = this.#replace(template.value, path);
    if (replaced === undefined) return text;
    const onlyVariables = template.value.length > 0 && template.value.every((part) => typeof part !== 'string');
    if (!onlyVariables || isEnvironment(path) || !this.#source.scalarAt(path)?.plain) return replaced;
    return plainScalar(replaced);
  }

  /** undefined: a variable was missing, and that was said. */
  #replace(parts: readonly Part[], path: Path): string | undefined {
    let text = '';
    let whole = true;
    for (const part of parts) {
      const value = typeof part === 'string' ? part : this.#variable(part, path);
      whole &&= value !== undefined;
      text += value ?? '';
    }
    return whole ? text : undefined;
  }

  #variable(variable: Variable, path: Path): string | undefined {
    const found = this.#lookUp(variable.name, path);
    if (found !== undefined && !(variable.emptyCounts && found === '')) return found;
    const { otherwise } = variable;
    if (otherwise.do === 'use') return this.#replace(otherwise.parts, path);
    this.#missing(variable, found, path);
    return undefined;
  }

  #lookUp(name: string, path: Path): string | undefined {
    const variables = this.#scope.find(({ values }) => Object.hasOwn(values, name));
    if (!variables) return undefined;
    if (variables.from === 'own') this.#usesReplica = true;
    else this.#secret.add(keyOf(path));
    if (variables.from === 'ambient') this.#ambient.push({ name, path });
    return variables.values[name];
  }

  #missing({ name, otherwise }: Variable, found: string | undefined, path: Path): void {
    const problem = `needs the variable \`${name}\`, which is ${found === '' ? 'empty' : 'not set'}`;
    const known = this.#scope.flatMap(({ values }) => Object.keys(values));
    const similar = found === undefined ? closest(name, known) : undefined;
    const hint =
      similar === undefined
        ? `set it in an env file or in the shell, write a default, \`\${${name}:-…}\`, or leave it to the shell: \`$$` +
          `{${name}}\``
        : `did you mean \`${similar}\`?`;
    // Variables in the message stay as they are: their values may be secret.
    const message =
      'message' in otherwise
        ? otherwise.message.map((part) => (typeof part === 'string' ? part : `\${${part.name}}`))
        : [];
    const shown = message.length > 0 ? `: ${message.join('')}` : '';
    this.#fail('undefined_variable', path, `${problem}${shown}`, hint);
  }

  #fail(code: 'bad_variable' | 'undefined_variable', path: Path, problem: string, hint: string): void {
    const field = path.join('.');
    this.#failed.add(keyOf(path));
    this.#diagnostics.push({ code, message: `\`${field}\` ${problem}`, at: this.#source.valueAt(path), field, hint });
  }
}

/** Whether any key may stand here, so that `x-` means nothing. */
const isFree = (path: Path): boolean => path.includes('metadata') || path.at(-1) === 'labels';

/** Whether this is the value of an environment variable: `agents.A.env.KEY` or `defaults.env.KEY`. */
export function isEnvironment(path: Path): boolean {
  return (
    path.length >= 3 && path.at(-2) === 'env' && (path.length === 3 ? path[0] === 'defaults' : path[0] === 'agents')
  );
}
