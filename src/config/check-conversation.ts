import type { Kind } from '../reconciler/types.ts';
import type { Diagnostic } from './diagnostic.ts';
import { parsePercent } from './duration.ts';
import type { Path } from './source.ts';
import { at, isNothing, type Subject, tooSmall } from './subject.ts';
import { isRecord } from './tree.ts';

/** What no schema can say of context, idle, limit, waiting and completion. */
export function checkConversation(subject: Subject): readonly Diagnostic[] {
  return [
    ...POSITIVE.flatMap((path) => (isNothing(at(subject.fields, path)) ? [tooSmall(subject, path)] : [])),
    ...checkFullness(subject),
    ...checkRenewal(subject),
    ...checkWaiting(subject),
    ...checkCompletion(subject),
    ...TOLD.flatMap((told) => checkTold(told, subject)),
  ];
}

/** Nobody is idle for no time, and no context is empty enough. */
const POSITIVE: readonly (readonly [string, ...Path])[] = [
  ['context', 'above'],
  ['idle', 'after'],
];

function checkFullness({ fields, wrong }: Subject): readonly Diagnostic[] {
  const value = at(fields, ['context', 'above']);
  if (typeof value !== 'string' || (parsePercent(value) ?? 0) <= 1) return [];
  const rule = 'at most `100%`';
  return [wrong(['context', 'above'], `must be ${rule}, which is full`, { rule, value })];
}

/** A restart that goes on with the conversation empties nothing. */
function checkRenewal({ fields, kind, wrong }: Subject): readonly Diagnostic[] {
  const restarts = at(fields, ['context', 'action', 'do']) === 'restart';
  if (!restarts || kind === 'shell' || at(fields, ['resume']) === 'never') return [];
  const what = 'empties nothing: the conversation goes on after a restart, as full as it was';
  const hint = 'write `resume: never` beside it, or `action: {send: /compact}`';
  return [wrong(['context', 'action'], what, { rule: 'not with `resume: auto`', hint })];
}

/** An Enter that meets a dialog answers it. */
function checkWaiting({ fields, wrong }: Subject): readonly Diagnostic[] {
  if (at(fields, ['waiting', 'action', 'send']) === undefined) return [];
  const what = 'never types: what an agent waits for is for a person to answer';
  return [wrong(['waiting', 'action', 'send'], what, { rule: 'not `send`', hint: 'write `notify`' })];
}

function checkCompletion({ fields, wrong }: Subject): readonly Diagnostic[] {
  const { completion } = fields;
  if (!isRecord(completion) || (completion.output ?? completion.answer ?? undefined) !== undefined) return [];
  const hint = '`output` looks for a line that it prints, `answer` in the last answer of a turn';
  return [wrong(['completion'], 'needs an `output`, or an `answer`', { code: 'missing_key', hint })];
}

/** What only some programs tell of themselves. */
type Told = {
  readonly path: readonly [string, ...Path];
  readonly by: readonly Kind[];
  readonly what: string;
  readonly hint: string;
};

const TOLD: readonly Told[] = [
  {
    path: ['context'],
    by: ['claude', 'codex'],
    what: 'how full its context is',
    hint: 'leave it out; `max_age` starts a fresh process after a while',
  },
  {
    path: ['limit'],
    by: ['claude', 'codex', 'gemini'],
    what: 'of a usage limit',
    hint: 'leave it out',
  },
  {
    path: ['completion', 'answer'],
    by: ['claude', 'codex'],
    what: 'what it has answered',
    hint: 'use `output`, which looks at what it prints',
  },
];

/** What `defaults` say is for those of the agents that can tell; who writes it for one that cannot is told. */
function checkTold({ path, by, what, hint }: Told, { own, kind, wrong }: Subject): readonly Diagnostic[] {
  if (by.includes(kind) || at(own, path) === undefined) return [];
  const text = `can have no effect: a program of the kind \`${kind}\` never tells ${what}`;
  return [wrong(path, text, { rule: `only for ${by.join(', ')}`, hint })];
}
