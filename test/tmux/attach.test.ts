import { describe, expect, test } from 'vitest';
import { attachArgv } from '../../src/tmux/attach.ts';
import type { TmuxPlace } from '../../src/tmux/types.ts';

const path: TmuxPlace = { kind: 'path', path: '/run/colony/tmux.sock' };
const name: TmuxPlace = { kind: 'name', name: 'colony-shop' };
const own: TmuxPlace = { kind: 'default' };
const touch = { readOnly: false };
const look = { readOnly: true };

describe('showing a session', () => {
  test.each<[string, TmuxPlace, { readOnly: boolean; insideTmux?: string }, string, string]>([
    ['bare', path, touch, 'attach', 'tmux -S /run/colony/tmux.sock attach-session -t $3'],
    ['bare, by name', name, touch, 'attach', 'tmux -L colony-shop attach-session -t $3'],
    ['bare, default', own, touch, 'attach', 'tmux attach-session -t $3'],
    ['looking', own, look, 'attach', 'tmux attach-session -r -t $3'],
    [
      'inside that server',
      path,
      { ...touch, insideTmux: '/run/colony/tmux.sock,12,0' },
      'switch',
      'tmux -S /run/colony/tmux.sock switch-client -t $3',
    ],
    [
      'inside it, by name',
      name,
      { ...touch, insideTmux: '/tmp/tmux-1000/colony-shop,12,0' },
      'switch',
      'tmux -L colony-shop switch-client -t $3',
    ],
    [
      'inside it, default',
      own,
      { ...touch, insideTmux: '/tmp/tmux-0/default,1,2' },
      'switch',
      'tmux switch-client -t $3',
    ],
    [
      'looking from inside it',
      own,
      { ...look, insideTmux: '/tmp/tmux-0/default,1,2' },
      'nested',
      'tmux attach-session -r -t $3',
    ],
    [
      'inside another',
      path,
      { ...touch, insideTmux: '/tmp/tmux-0/default,1,2' },
      'nested',
      'tmux -S /run/colony/tmux.sock attach-session -t $3',
    ],
    [
      'inside one with a longer name',
      name,
      { ...touch, insideTmux: '/tmp/tmux-0/my-colony-shop,1,2' },
      'nested',
      'tmux -L colony-shop attach-session -t $3',
    ],
  ])('%s', (_case, place, { readOnly, insideTmux }, how, argv) => {
    const attach = attachArgv(place, '$3', { readOnly, insideTmux });
    expect(attach.how).toBe(how);
    expect(attach.argv.join(' ')).toBe(argv);
    expect(attach.dropEnv).toEqual(how === 'nested' ? ['TMUX', 'TMUX_PANE'] : []);
  });
});
