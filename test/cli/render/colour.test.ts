import { expect, it } from 'vitest';
import { ansi, plain, wantsColour } from '../../../src/cli/render/colour.ts';

it.each([
  ['a terminal', true, {}, true],
  ['a pipe', false, {}, false],
  ['NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
  ['FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
  ['FORCE_COLOR above NO_COLOR', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ['a dumb terminal', true, { TERM: 'dumb' }, false],
])('%s', (_, terminal, env, expected) => expect(wantsColour(terminal, env)).toBe(expected));

it('colours end where they began', () => {
  expect(ansi('good', 'ready')).toBe('\x1b[32mready\x1b[39m');
  expect(ansi('good', '')).toBe('');
  expect(plain('good', 'ready')).toBe('ready');
});
