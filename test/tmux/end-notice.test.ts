import { expect, test } from 'vitest';
import { programText } from '../../src/tmux/end-notice.ts';

test.each([
  ['text alone', ['a', '', 'b'], ['a', '', 'b']],
  ['blank lines at the end', ['a', '', '  '], ['a']],
  ['the notice', ['a', '', 'Pane is dead (signal 9, Sat): colony decides what is next'], ['a']],
  ['the notice of tmux 3.2a', ['a', 'Pane is dead (status 1, Sat)', ''], ['a']],
  ['the same words earlier', ['Pane is dead (x)', 'b'], ['Pane is dead (x)', 'b']],
  ['nothing', ['', ''], []],
])('%s', (_case, lines, text) => {
  expect(programText(lines)).toEqual(text);
});
