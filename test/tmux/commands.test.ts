import { describe, expect, test } from 'vitest';
import { birth, type Host, labelCommands, rebirth, rehouse } from '../../src/tmux/commands.ts';
import { LISTING } from '../../src/tmux/listing.ts';
import type { Launch } from '../../src/tmux/types.ts';

const launch: Launch = {
  name: 'web',
  agent: 'web',
  workdir: '/srv/a#b',
  argv: ['node', 'server.js'],
  env: { KEY: 'secret' },
  size: { columns: 120, rows: 40 },
  labels: { generation: 3, fingerprint: 'v1:ab', run: 'r-3', started: 1700, shown: 'starting' },
};
const own: Host = { colony: 'shop', own: true, historyLimit: 500, unset: ['CLAUDECODE'], inherited: { PATH: '/bin' } };
const guest: Host = { ...own, own: false, inherited: {} };
const spelled = (commands: readonly (readonly string[])[]) => commands.map((words) => words.join(' '));

const life = [
  'set-option -t T -- @colony_generation 3',
  'set-option -t T -- @colony_fingerprint v1:ab',
  'set-option -t T -- @colony_run r-3',
  'set-option -t T -- @colony_started 1700',
  'set-option -t T -- @colony_shown starting',
];
const lifeOn = (target: string) => life.map((command) => command.replace('T', target));
const program = '-c /srv/a##b -e KEY=secret -- node server.js';

describe('the commands', () => {
  test('of a first life on an own server', () => {
    expect(spelled(birth(launch, own))).toEqual([
      `new-session -d -x 120 -y 40 -s web ${program}`,
      'set-environment -t =web: -u KEY',
      'set-option -t =web: -- @colony_name shop',
      'set-option -t =web: -- @colony_agent web',
      'set-option -F -t =web: @colony_pane #{pane_id}',
      ...lifeOn('=web:'),
      `display-message -p -t =web: ${LISTING}`,
    ]);
  });

  test('say only those variables that the server does not give to all', () => {
    const [born = ''] = spelled(birth({ ...launch, env: { PATH: '/bin', HOME: '/h' } }, own));
    expect(born).toContain('-e HOME=/h --');
    expect(born).not.toContain('PATH');
    expect(spelled(rebirth('$1', '%4', { ...launch, env: { PATH: '/other' } }, own))[0]).toContain('-e PATH=/other');
  });

  test('of a first life on the server of the user', () => {
    const commands = spelled(birth(launch, guest));
    expect(commands[0]).toBe('new-session -d -x 120 -y 40 -s web -c /srv/a##b -- cat -');
    const order = ['history-limit 500', '-r CLAUDECODE', `new-window -k -t =web:^ ${program}`, 'remain-on-exit on'];
    const places = order.map((words) => commands.findIndex((command) => command.includes(words)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test('of a further life', () => {
    expect(spelled(rebirth('$1', '%4', launch, own))).toEqual([
      `respawn-pane -t %4 ${program}`,
      `select-pane -t %4 -T `,
      ...lifeOn('$1'),
      `display-message -p -t %4 ${LISTING}`,
    ]);
    expect(spelled(rebirth('$1', '%4', launch, guest))[0]).toBe('set-environment -t $1 -r CLAUDECODE');
  });

  test('of a life in a new window', () => {
    expect(spelled(rehouse('$1', launch, own)).slice(0, 2)).toEqual([
      `new-window -t $1: ${program}`,
      'set-option -F -t $1: @colony_pane #{pane_id}',
    ]);
  });

  test.each([own, guest])('never change anything global, never kill a living process (own: $own)', (host) => {
    const commands = [birth(launch, host), rebirth('$1', '%4', launch, host), rehouse('$1', launch, host)].flat();
    for (const words of commands) {
      expect(words).not.toContain('-g');
      if (words[0] === 'respawn-pane') expect(words).not.toContain('-k');
    }
  });

  test('of labels are only those that are given', () => {
    expect(spelled(labelCommands('$1', { shown: 'busy' }))).toEqual(['set-option -t $1 -- @colony_shown busy']);
    expect(labelCommands('$1', {})).toEqual([]);
  });
});
