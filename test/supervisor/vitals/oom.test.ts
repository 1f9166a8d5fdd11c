import { expect, test } from 'vitest';
import { type OomKills, OomWatch } from '../../../src/supervisor/vitals/oom.ts';

type Look = readonly [kills: number | undefined, victims?: readonly number[]];

/** What a watch says at each look, when the kernel says these things one after another. */
function told(looks: readonly Look[]): OomKills[] {
  let at: Look | undefined;
  const watch = new OomWatch({ kills: () => at?.[0], victims: () => at?.[1] });
  return looks.map((look) => {
    at = look;
    return watch.news();
  });
}

const none = { count: 0, victims: undefined };

test.each<[string, readonly Look[], OomKills]>([
  ['what was before the first look is not news', [[7, [1]]], none],
  ['nothing new', [[7], [7]], none],
  ['two more, and nobody says who', [[7], [9]], { count: 2, victims: undefined }],
  [
    'one more, and the last one that is named',
    [
      [7, [1]],
      [8, [1, 2]],
    ],
    { count: 1, victims: [2] },
  ],
  ['a log that has forgotten', [[7], [9, [5]]], { count: 2, victims: undefined }],
  ['told once', [[7], [9], [9]], none],
  ['nobody counts', [[undefined], [undefined]], none],
  ['a counter that begins anew', [[7], [0]], none],
])('%s', (_name, looks, expected) => expect(told(looks).at(-1)).toEqual(expected));
