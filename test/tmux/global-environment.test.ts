import { describe, expect, test } from 'vitest';
import { environmentChanges } from '../../src/tmux/global-environment.ts';

describe('environmentChanges', () => {
  test.each([
    ['nothing, if it is as wanted', ['A=1', 'PWD=/'], { A: '1' }, []],
    ['a value that differs', ['A=1'], { A: '2' }, [['set-environment', '-g', 'A', '2']]],
    ['a variable that is missing', [], { A: '' }, [['set-environment', '-g', 'A', '']]],
    ['a variable that was removed', ['-A'], { A: '1' }, [['set-environment', '-g', 'A', '1']]],
    ['a variable that nobody wants', ['A=1'], {}, [['set-environment', '-g', '-u', 'A']]],
    ['a value with an equals sign', ['A=b=c'], { A: 'b=c' }, []],
    [
      'the rest of a value of several lines',
      ['A=1', 'second'],
      { A: '1\nsecond' },
      [['set-environment', '-g', 'A', '1\nsecond']],
    ],
  ])('%s', (_name, shown, wanted, expected) => {
    expect(environmentChanges(shown, wanted as Record<string, string>)).toEqual(expected);
  });
});
