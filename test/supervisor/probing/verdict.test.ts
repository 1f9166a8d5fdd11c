import { describe, expect, test } from 'vitest';
import type { OnFailure, Role } from '../../../src/reconciler/types.ts';
import {
  newsAfterNudge,
  newsOf,
  type Said,
  type Standing,
  verdictOfRole,
} from '../../../src/supervisor/probing/verdict.ts';

const said = (is: Said['is'], on_failure: OnFailure = 'restart', probe = 'exec'): Said => ({
  is,
  probe,
  text: 'x',
  on_failure,
});
const good = said('healthy');
const bad = (on_failure: OnFailure) => said('unhealthy', on_failure);

describe('what the probes of a role come to', () => {
  const probes = (...verdicts: readonly [Standing['verdict'], OnFailure?][]): readonly Standing[] =>
    verdicts.map(([verdict, on_failure = 'restart'], index) => ({
      verdict,
      on_failure,
      probe: `p${index}`,
      text: 'x',
    }));
  test.each<[string, readonly Standing[], string | undefined]>([
    ['all are well', probes(['healthy'], ['healthy']), 'healthy p1'],
    ['one is not', probes(['unhealthy'], ['healthy']), 'unhealthy p0'],
    ['one is not known', probes(['healthy'], [undefined]), undefined],
    ['one is not known, and another is not well', probes([undefined], ['unhealthy']), 'unhealthy p1'],
    ['of two failures the worse one', probes(['unhealthy', 'notify'], ['unhealthy', 'nudge']), 'unhealthy p1'],
    ['of equal ones the first', probes(['unhealthy'], ['unhealthy']), 'unhealthy p0'],
  ])('%s', (_, standings, verdict) => {
    const found = verdictOfRole(standings, 1);
    expect(found && `${found.is} ${found.probe}`).toBe(verdict);
  });
});

describe('what is new', () => {
  const spell = (news: readonly Said[]) => news.map(({ is, on_failure }) => (is === 'healthy' ? 'well' : on_failure));
  test.each<[Role, Said | undefined, Said, readonly string[]]>([
    ['liveness', undefined, good, []],
    ['readiness', undefined, good, ['well']],
    ['startup', undefined, good, ['well']],
    ['liveness', undefined, bad('restart'), ['restart']],
    ['readiness', undefined, bad('restart'), ['restart']],
    ['readiness', good, good, []],
    ['readiness', good, bad('none'), ['none']],
    ['readiness', bad('none'), good, ['well']],
    ['liveness', bad('nudge'), bad('nudge'), []],
    ['liveness', bad('notify'), bad('restart'), ['restart']],
    ['liveness', bad('nudge'), bad('notify'), ['well', 'notify']],
  ])('%s: after %j, %j', (role, before, now, news) => expect(spell(newsOf(role, before, now))).toEqual(news));

  test.each<[Said, boolean, readonly string[]]>([
    [bad('nudge'), false, ['nudge']],
    [bad('restart'), true, ['restart']],
    [good, false, ['well']],
    [bad('notify'), true, []],
    [bad('notify'), false, ['well', 'notify']],
  ])('after a nudge: %j, pending %s', (now, pending, news) => {
    expect(spell(newsAfterNudge(bad('nudge'), now, pending))).toEqual(news);
  });
});
