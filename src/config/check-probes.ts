import type { Diagnostic } from './diagnostic.ts';
import { parseDuration } from './duration.ts';
import type { Path } from './source.ts';
import { at, isNothing, type Subject, tooSmall } from './subject.ts';
import { isRecord } from './tree.ts';

const ROLES = ['startup', 'readiness', 'liveness'] as const;

type Role = (typeof ROLES)[number];
type Mapping = Readonly<Record<string, unknown>>;

/** A probe of an agent, and where it stands. */
type Place = { readonly probe: Mapping; readonly role: Role; readonly path: readonly [string, ...Path] };

/** What no schema can say of probes. */
export function checkProbes(subject: Subject): readonly Diagnostic[] {
  return ROLES.flatMap((role) => {
    const list = at(subject.fields, ['probes', role]);
    const probes: readonly unknown[] = Array.isArray(list) ? list : [];
    const places = probes.flatMap((probe, index): Place[] =>
      isRecord(probe) ? [{ probe, role, path: ['probes', role, index] }] : [],
    );
    const found = places.flatMap((place) => RULES.flatMap((rule) => rule(place, subject)));
    return role === 'startup' ? [...found, ...checkStartup(places, subject)] : found;
  });
}

type Rule = (place: Place, subject: Subject) => readonly Diagnostic[];

const said = (value: unknown): boolean => (value ?? undefined) !== undefined;

const RULES: readonly Rule[] = [
  function failures({ probe, path }, { wrong }) {
    const [count, within] = [at(probe, ['failures', 'count']), at(probe, ['failures', 'within'])];
    if (typeof count !== 'number' || typeof within !== 'number' || count <= within) return [];
    const rule = 'at most `within`';
    const what = `must be ${rule}: there are never more failures than results`;
    return [wrong([...path, 'failures', 'count'], what, { rule })];
  },
  function threshold({ probe, path }, { wrong }) {
    if (!said(probe.failures) || !said(probe.failure_threshold)) return [];
    const hint = 'write one of the two';
    return [
      wrong([...path, 'failure_threshold'], 'has no meaning beside `failures`', { rule: 'not with `failures`', hint }),
    ];
  },
  function onFailure({ probe, role, path }, { wrong }) {
    if (role === 'liveness' || !said(probe.on_failure)) return [];
    const rule = 'only for a `liveness` probe';
    return [wrong([...path, 'on_failure'], `has a meaning ${rule}`, { rule, hint: HINTS[role] })];
  },
  function nudge({ probe, path }, { wrong }) {
    if (!said(probe.nudge) || probe.on_failure === 'nudge') return [];
    const rule = 'only with `on_failure: nudge`';
    return [wrong([...path, 'nudge'], `has a meaning ${rule}`, { rule, hint: 'leave it out, or write that as well' })];
  },
  function timeout({ probe, path }, { wrong }) {
    const { timeout: written } = probe;
    if (typeof written !== 'string' || (parseDuration(written) ?? 0) <= DAY) return [];
    return [wrong([...path, 'timeout'], 'must be at most `1d`', { rule: 'at most `1d`', value: written })];
  },
  function spans(place, subject) {
    const empty = POSITIVE.filter((path) => isNothing(at(place.probe, path)));
    return empty.map((path) => tooSmall(subject, [...place.path, ...path]));
  },
];

const DAY = 86_400_000;

const HINTS = {
  startup: 'a program that does not come up is always started anew',
  readiness: 'an agent that is not ready is only waited for',
} as const;

const POSITIVE: readonly Path[] = [['period'], ['timeout'], ['activity', 'silent_for'], ['heartbeat', 'stale_after']];

/** Silence says nothing of a program that has only just begun: such a probe passes at once, and holds nothing back. */
function checkStartup(places: readonly Place[], { wrong }: Subject): readonly Diagnostic[] {
  if (places.length === 0 || !places.every(({ probe }) => said(probe.activity))) return [];
  const hint = 'use it for `liveness`; `screen`, `log`, `http` and others can tell that a program has come up';
  const what = 'needs a probe that can tell: `activity` finds a program that hangs, and passes from the first moment';
  return [wrong(['probes', 'startup'], what, { rule: 'not `activity` alone', hint })];
}
