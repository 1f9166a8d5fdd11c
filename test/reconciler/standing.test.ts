import { expect, test } from 'vitest';
import { standing } from '../../src/reconciler/standing.ts';
import type { Activity } from '../../src/reconciler/types.ts';

const does = (said: Partial<Activity>): Activity => ({
  state: 'busy',
  source: 'record',
  at: 1,
  since: 1,
  ...said,
});

test.each([
  ['nothing is known', undefined, 'ready'],
  ['it is busy, which a person sees', does({}), 'ready'],
  ['it waits', does({ state: 'waiting' }), 'ready, waiting'],
  ['it waits for something', does({ state: 'waiting', for: 'permission' }), 'ready, waiting: permission'],
  ['it is limited', does({ state: 'limited', until: 5 }), 'ready, limited'],
])('the status line when %s', (_, activity, text) => expect(standing('ready', activity)).toBe(text));
