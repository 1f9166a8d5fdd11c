import type { Kind } from '../reconciler/types.ts';
import type { Diagnostic, DiagnosticCode } from './diagnostic.ts';
import type { Draft, Instance } from './draft.ts';
import { mistakeAt } from './gather.ts';
import { kindOf } from './kind.ts';
import { commandOf } from './normalise.ts';
import type { Path } from './source.ts';
import { isRecord } from './tree.ts';

/** What one agent says, in long form, and the way to say what is wrong with it. */
export type Subject = {
  readonly kind: Kind;
  readonly fields: Instance['fields'];
  /** What is written in the agent itself, without the defaults. */
  readonly own: Readonly<Record<string, unknown>>;
  /** `path` begins at the agent, and `what` goes on after its name. A value that may be secret is not shown. */
  readonly wrong: (path: readonly [string, ...Path], what: string, more?: More) => Diagnostic;
};

/** The first of an agent's replicas, which speaks for all: they differ in values that are not looked at here. */
export function subjectOf({ instances: [instance], written: { value: own } }: Draft): Subject | undefined {
  if (!instance) return undefined;
  const { fields, origin, secret } = instance;
  const command = fields.command as string | readonly string[] | undefined | null;
  return {
    kind: (fields.kind as Kind | undefined) ?? (command ? kindOf(commandOf(command)) : 'shell'),
    fields,
    own,
    wrong: ([field, ...rest], what, { code = 'bad_value', value, ...more } = {}) => {
      const { source, path } = origin(field);
      const written = source.writtenPath([...path, ...rest]);
      const shown = value !== undefined && !secret.has(field) ? { value } : {};
      const got = 'value' in shown ? `, got \`${value}\`` : '';
      return mistakeAt({ source, path: written }, code, `\`${written.join('.')}\` ${what}${got}`, {
        ...more,
        ...shown,
      });
    },
  };
}

type More = {
  readonly code?: DiagnosticCode;
  readonly rule?: string;
  readonly hint?: string;
  readonly value?: string;
};

/** What stands at a path within a value; undefined: nothing. */
export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((each, step) => {
    if (Array.isArray(each)) return each[Number(step)];
    return isRecord(each) ? (each[step] ?? undefined) : undefined;
  }, value);
}

/** `0s`, `0B`, `0.0%`: a value of a checked format without a digit that counts. */
export const isNothing = (value: unknown): boolean =>
  typeof value === 'string' && /\d/.test(value) && !/[1-9]/.test(value);

export const tooSmall = ({ fields, wrong }: Subject, path: readonly [string, ...Path]): Diagnostic =>
  wrong(path, 'must be more than 0', { rule: 'more than 0', value: String(at(fields, path)) });
