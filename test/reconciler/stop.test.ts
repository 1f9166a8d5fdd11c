import { expect, test } from 'vitest';
import { defaultStop } from '../../src/reconciler/stop.ts';
import { shortFormOf } from '../../src/spec/define.ts';
import { Stop } from '../../src/spec/stop.ts';

test('a session of which nothing is known is stopped by the defaults of the file', () => {
  const grace = `${defaultStop.grace / 1_000}s`;
  expect(shortFormOf(Stop)?.long).toMatchObject({
    properties: { sequence: { default: defaultStop.sequence }, grace: { default: grace } },
  });
});
