import { describe, expect, test } from 'vitest';
import { failureFrom, isDying } from '../../src/tmux/failure.ts';
import type { TmuxFailure } from '../../src/tmux/types.ts';

describe('what tmux says', () => {
  test.each([
    ['no server running on /tmp/tmux-0/x', 'no_server'],
    ['error connecting to /tmp/a b/x (No such file or directory)', 'no_server'],
    ['error connecting to /tmp/x (Permission denied)', 'unreachable'],
    ['error connecting to /tmp/x (File name too long)', 'unreachable'],
    ['error creating /tmp/x (No such file or directory)', 'unreachable'],
    ['there is no server running on this machine', 'unreachable'],
    ['server exited unexpectedly', 'unreachable'],
    ['', 'unreachable'],
  ])('%j', (said, code) => {
    expect(failureFrom('list-panes', said, 1)).toMatchObject({ code, command: 'list-panes' });
  });

  test('silence names the exit code', () => {
    expect(failureFrom('-V', ' \n', 3).why).toBe('tmux ended with exit code 3 and said nothing');
  });

  test.each<[TmuxFailure['code'], string, string, boolean]>([
    ['unreachable', 'new-session', 'server exited unexpectedly', true],
    ['unreachable', 'new-session', 'lost server', true],
    ['unreachable', 'new-session', 'tmux gave no answer within 300 ms', false],
    ['closed', 'set-option', 'the tmux client ended (0)', true],
    ['no_server', 'new-session', 'no server running on /tmp/x', false],
    ['refused', 'new-session', 'a session named "lost server" is refused', false],
  ])('a dying server: %s of %s, %j is %j', (code, command, why, dying) => {
    expect(isDying({ code, command, why })).toBe(dying);
  });
});
