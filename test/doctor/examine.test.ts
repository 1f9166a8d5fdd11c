import { describe, expect, test } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import type { ColonyFacts, LoginState, MachineFacts } from '../../src/doctor/types.ts';
import { agent, colony, login, machine } from './facts.ts';

const amiss = (facts: Parameters<typeof examine>[0]) =>
  examine(facts)
    .filter(({ level }) => level !== 'ok')
    .map(({ id, level }) => `${level} ${id}`);

test('nothing is amiss with a healthy colony, and every check says so', () => {
  const found = examine({ machine, colony });
  expect(found.map(({ level }) => level)).toEqual(found.map(() => 'ok'));
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
});

test('without a colony the machine alone is looked at', () => {
  expect(examine({ machine, colony: undefined })).toHaveLength(5);
});

test('the gravest comes first', () => {
  const facts = { machine: { ...machine, tmux: undefined, cleaners: ['tmpreaper'] }, colony };
  expect(amiss(facts)).toEqual(['error tmux', 'note cleaners']);
});

const MACHINES: readonly [string, Partial<MachineFacts>, string][] = [
  ['no tmux', { tmux: undefined }, 'error tmux'],
  ['a tmux that only this shell finds', { tmux: undefined, tmuxHere: 'tmux 3.6' }, 'error tmux'],
  ['an old tmux', { tmux: 'tmux 3.1c' }, 'error tmux'],
  ['something else that is called tmux', { tmux: 'hello' }, 'warning tmux'],
  ['a tmux that can lose exits', { tmux: 'tmux 3.3a' }, 'note tmux'],
  ['an old Node.js', { node: 'v20.18.3' }, 'error node'],
  ['few open files', { openFiles: 256 }, 'warning open_files'],
  ['no more watches', { watch: 'ENOSPC' }, 'warning watches'],
  ['a cleaner of /tmp', { cleaners: ['tmpreaper'] }, 'note cleaners'],
];

test.each(MACHINES)('%s', (_, change, expected) => {
  expect(amiss({ machine: { ...machine, ...change }, colony })).toEqual([expected]);
});

test('a tmux that can lose exits does so on Linux alone', () => {
  expect(amiss({ machine: { ...machine, tmux: 'tmux 3.3a', platform: 'darwin' }, colony })).toEqual([]);
});

const at = (change: Partial<LoginState>): Partial<ColonyFacts> => ({ login: { ...login, ...change } });
const of = (change: Partial<typeof agent>): Partial<ColonyFacts> => ({ agents: [{ ...agent, ...change }] });

const COLONIES: readonly [string, Partial<ColonyFacts>, string][] = [
  ['a mistake in the file', { mistakes: 'colony.yaml:3:1: error[E1]: what?\n  3 | x' }, 'error config'],
  ['no supervisor', { supervisor: { is: 'absent' } }, 'error supervisor'],
  ['a supervisor that is silent', { supervisor: { is: 'silent' } }, 'error supervisor'],
  ['a supervisor of another kind', { supervisor: { is: 'strange', why: 'x' } }, 'error supervisor'],
  ['another release', { supervisor: { is: 'there', pid: 1, version: '1.2.2' } }, 'warning supervisor'],
  ['another PATH', { drift: { changed: ['PATH'], captured: [], here: [] } }, 'warning environment'],
  ['another variable', { drift: { changed: [], captured: ['A'], here: ['B'] } }, 'note environment'],
  ['little room', { free: 100 * 1024 ** 2 }, 'warning disk'],
  ['no room', { free: 1024 }, 'error disk'],
  ['files that others can read', { loose: ['/state/lab/journal.ndjson'] }, 'warning permissions'],
  ['stale files', { stale: ['/state/lab/screens/old.txt'] }, 'note stale_files'],
  ['a damaged journal', { damage: '1 line cannot be read' }, 'warning journal'],
  ['a long path', { socketMoved: true }, 'note socket_path'],
  ['a colony that was never enabled', at({ manager: undefined }), 'note login'],
  ['no lingering', at({ verdict: { good: '', amiss: [{ text: 'lingering is off', mend: 'x' }] } }), 'warning login'],
  [
    'another kill mode',
    at({ verdict: { good: '', amiss: [{ text: 'KillMode', mend: 'rm x', deadly: true }] } }),
    'error kill_mode',
  ],
  ['a unit that somebody has edited', at({ outdated: ['/unit'] }), 'warning login_files'],
  ['a folder that was moved after enable', at({ config: '/old/colony.yaml' }), 'error login'],
  ['a folder that cannot be written', { unwritable: 'EACCES: /state' }, 'error state'],
  ['a file that was deleted', { mistakes: '/work/colony.yaml:1:1: error[file_missing]: gone' }, 'error config'],
  ['a colony whose file is gone', { lost: ['/gone/colony.yaml'] }, 'warning lost_colonies'],
  [
    'a name that is taken',
    { other: { path: '/b/colony.yaml', there: true }, supervisor: { is: 'absent' } },
    'error name',
  ],
  ['a name that is its own from elsewhere', { other: { path: '/b/colony.yaml', there: false } }, 'error name'],
  ['no launcher', at({ launcher: undefined }), 'error launcher'],
  ['a node that was moved', at({ gone: ['/opt/node/bin/node'] }), 'warning launcher'],
  ['a missing folder', of({ obstacle: { code: 'workdir_missing', path: '/gone' } }), 'error workdir'],
  ['a missing program', of({ obstacle: { code: 'command_not_found', program: 'x' } }), 'error program'],
  ['a program that is none', of({ obstacle: { code: 'command_not_executable', program: '/x' } }), 'error program'],
  ['a missing CLI', of({ program: { name: 'claude', path: undefined, version: undefined } }), 'error program'],
  ['a lost conversation', of({ conversation: { id: 'abc', transcript: 'missing' } }), 'note conversation'],
  ['an empty conversation', of({ conversation: { id: 'abc', transcript: 'empty' } }), 'note conversation'],
];

describe('what is amiss with a colony is found, alone, and with what mends it', () => {
  test.each(COLONIES)('%s', (_, change, expected) => {
    const facts = { machine, colony: { ...colony, ...change } };
    expect(amiss(facts)).toEqual([expected]);
    expect(examine(facts)[0]?.mend).toMatch(/\w/);
  });

  test('what enabling has done once it does again, and says so', () => {
    const verdict = { good: '', amiss: [{ text: 'lingering is off', mend: 'x', again: true }] } as const;
    const [found] = examine({ machine, colony: { ...colony, ...at({ verdict }) } });
    expect(found?.mend).toContain('`colony enable -f /work/colony.yaml`');
  });

  test('where nobody could start it, enabling is no mend', () => {
    const facts = { ...login.facts, systemd: undefined };
    const verdict = { good: '', amiss: [{ text: 'neither is here', mend: 'have the container run it' }] };
    const found = examine({ machine, colony: { ...colony, ...at({ manager: undefined, facts, verdict }) } });
    expect(found[0]).toMatchObject({ id: 'login', level: 'note', mend: 'have the container run it' });
  });

  test('of a disabled agent nothing is needed', () => {
    const off = of({ enabled: false, obstacle: { code: 'workdir_missing', path: '/gone' } });
    expect(amiss({ machine, colony: { ...colony, ...off } })).toEqual([]);
  });

  test('a colony that is down needs no supervisor, and nothing that starts it', () => {
    const down = { up: false, supervisor: { is: 'absent' }, ...at({ manager: undefined }) } as const;
    expect(amiss({ machine, colony: { ...colony, ...down } })).toEqual(['note supervisor']);
  });

  test('every text is a sentence without its full stop', () => {
    for (const [, change] of COLONIES) {
      for (const { text } of examine({ machine, colony: { ...colony, ...change } })) {
        expect(text).toMatch(/^\p{Lu}|^(colony\.yaml|claude|tmux|systemd) /u);
        expect(text).not.toMatch(/\.$/);
      }
    }
  });
});
