import { expect, test } from 'vitest';
import { afterReboot } from '../../src/doctor/reboot.ts';
import type { AgentFacts, ColonyFacts } from '../../src/doctor/types.ts';
import { agent, colony, login } from './facts.ts';

const stopped = { reason: { code: 'user_requested' }, why: 'a person asked for it' } as const;
const looping = {
  reason: { code: 'crash_loop', restarts: 5, window: 600_000 },
  why: 'it failed too often',
} as const;

const AGENTS: readonly [string, Partial<AgentFacts>, string, boolean][] = [
  ['one that runs', {}, 'comes back, in its conversation abc', false],
  ['one without conversations', { resumes: false }, 'comes back', false],
  ['one without a conversation', { conversation: undefined }, 'comes back, in a new conversation', false],
  [
    'one whose conversation is lost',
    { conversation: { id: 'abc', transcript: 'missing' } },
    'comes back, in a new conversation: nothing is left of abc',
    false,
  ],
  ['a disabled one', { enabled: false }, 'stays down: it is disabled in the file', false],
  ['one that was stopped', { hold: stopped, ran: false }, 'stays down: a person has stopped it', false],
  ['one that is held', { hold: looping }, 'stays down: it is held: it failed too often', false],
  [
    'one that is to start whatever it was',
    { hold: stopped, onReboot: 'start' },
    'comes back, in its conversation abc',
    false,
  ],
  ['one that is to stay down', { onReboot: 'stay_down' }, 'stays down: its `on_reboot` is stay_down', false],
  [
    'one that has ended',
    { over: true },
    'stays down: it has ended, and its restart policy does not start it again',
    false,
  ],
  [
    'one whose folder is gone',
    { obstacle: { code: 'workdir_missing', path: '/gone' } },
    'stays down: its folder is missing (/gone)',
    true,
  ],
  [
    'one whose program is gone',
    { program: { name: 'claude', path: undefined, version: undefined } },
    'stays down: its program is not found (claude)',
    true,
  ],
];

test.each(AGENTS)('%s', (_, change, text, lost) => {
  const report = afterReboot({ ...colony, agents: [{ ...agent, ...change }] });
  expect(report.by).toContain('systemd');
  expect(report.agents).toEqual([{ agent: 'api', back: text.startsWith('comes'), lost, text }]);
});

const COLONIES: readonly [string, Partial<ColonyFacts>, string][] = [
  ['a colony that is down', { up: false }, 'the colony is down'],
  ['one that was never enabled', { login: { ...login, manager: undefined } }, 'nothing starts the colony at boot'],
  [
    'one without lingering',
    { login: { ...login, verdict: { good: '', amiss: [{ text: 'lingering is off', mend: 'x' }] } } },
    'lingering is off',
  ],
  [
    'one without a launcher',
    { login: { ...login, launcher: undefined } },
    'the script that starts the supervisor is gone',
  ],
];

test.each([
  ['systemd is here', login.facts, '`colony enable`'],
  ['nothing that starts programs is here', { ...login.facts, systemd: undefined }, 'have the container run it'],
])('what mends it where %s', (_, facts, mend) => {
  const verdict = { good: '', amiss: [{ text: 'nothing is here', mend: 'have the container run it' }] };
  expect(afterReboot({ ...colony, login: { ...login, manager: undefined, verdict, facts } }).mend).toBe(mend);
});

test.each(COLONIES)('nothing comes back of %s', (_, change, why) => {
  const report = afterReboot({ ...colony, ...change });
  expect(report).toMatchObject({
    by: undefined,
    why,
    agents: [{ back: false, lost: true, text: `stays down: ${why}` }],
  });
  expect(report.mend).toMatch(/\w/);
});

test('a unit that does not run at this moment is started by the next boot', () => {
  const verdict = {
    good: 'systemd starts it',
    amiss: [{ text: 'it does not run', mend: 'x', untilBoot: true }],
  } as const;
  expect(afterReboot({ ...colony, login: { ...login, verdict } }).by).toBe('systemd starts it');
});
