import { describe, expect, it } from 'vitest';
import { ansi } from '../../../src/cli/render/colour.ts';
import { isWell, statusText, unwellText } from '../../../src/cli/render/status.ts';
import type { AgentStatus } from '../../../src/control/protocol.ts';
import type { Phase } from '../../../src/reconciler/types.ts';
import { agent, failing, NOW, report } from '../reports.ts';

const AGENTS = [
  agent('backend', {
    kind: 'claude',
    labels: { team: 'core', tier: '1' },
    session: { id: '$2', name: 'backend', attached: true },
    activity: { state: 'waiting', for: 'permission', source: 'hook', age_ms: 10 },
  }),
  agent('db', { activity: { state: 'limited', until: '2026-03-01T14:10:30Z', source: 'hook', age_ms: 10 } }),
  failing('worker'),
  agent('night', {
    phase: 'disabled',
    ready: false,
    pid: null,
    started: null,
    session: null,
    reason: { code: 'disabled', text: 'disabled in the file' },
  }),
];

const look = { now: NOW };

it('that a ready agent did not run before it was started is not worth a word', () => {
  const reason = { code: 'not_running', text: 'does not run yet' } as const;
  const text = (one: AgentStatus) => statusText(report([one]), [one], look);
  expect(text(agent('web', { reason }))).not.toContain(reason.text);
  expect(text(agent('web', { reason, ready: false, phase: 'stopped' }))).toContain(reason.text);
});

it('warnings stand above the agents, and an older supervisor gives none', () => {
  const { warnings: _, ...older } = report([]);
  expect(statusText(report([], { warnings: ['the journal\nis full'] }), [], look)).toContain(
    'warning: the journal is full\n',
  );
  expect(statusText(older as typeof older & { warnings: [] }, [], look)).not.toContain('warning');
});

it.each([
  ['systemd', true, 'systemd starts it at boot\n'],
  ['systemd', false, 'systemd starts it at your next login, not at boot: see `colony enable`\n'],
  ['launchd', null, 'launchd starts it when you log in\n'],
  ['cron', null, 'cron starts it at boot\n'],
] as const)('a colony that %s starts says so (lingering: %s)', (manager, lingering, line) => {
  const login = { manager, lingering, in_charge: true };
  expect(statusText(report([], { login }), [], look)).toContain(`\n${line}`);
  expect(statusText(report([]), [], look)).not.toContain('starts it');
});

describe('statusText', () => {
  it('one line per agent', () =>
    expect(statusText(report(AGENTS), AGENTS, look)).toMatchInlineSnapshot(`
      "shop: 2 of 4 ready
      NAME     PHASE     UP  RESTARTS  PID   MEMORY  CPU  ACTIVITY             REASON
      backend  ready     3m  0         4711  -       -    waiting: permission  -
      db       ready     3m  0         4711  -       -    limited 2h10m        -
      worker   backoff   -   7         -     -       -    -                    the program ended: exit code 3
      night    disabled  -   0         -     -       -    -                    disabled in the file
      "
    `));

  it('wide', () =>
    expect(statusText(report(AGENTS), AGENTS, { ...look, wide: true })).toMatchInlineSnapshot(`
      "shop: 2 of 4 ready
      NAME     PHASE     UP  RESTARTS  PID   MEMORY  CPU  ACTIVITY             KIND    MODEL  CONTEXT  COST  GEN  SESSION             NEXT   LABELS            LAST-EXIT            REASON
      backend  ready     3m  0         4711  -       -    waiting: permission  claude  -      -        -     1    backend (attached)  -      team=core,tier=1  -                    -
      db       ready     3m  0         4711  -       -    limited 2h10m        shell   -      -        -     1    db                  -      -                 -                    -
      worker   backoff   -   7         -     -       -    -                    shell   -      -        -     8    worker              in 1m  -                 exit code 3, 1m ago  the program ended: exit code 3
      night    disabled  -   0         -     -       -    -                    shell   -      -        -     1    -                   -      -                 -                    disabled in the file
      "
    `));

  it('what is wrong with the colony as a whole stands above the agents', () => {
    const troubled = report([], {
      supervisor: null,
      tmux: { command: 'tmux', reachable: false, error: 'no answer within 5s' },
      config: {
        path: '/srv/shop/colony.yaml',
        valid: false,
        generation: 3,
        error: 'colony.yaml:3:1: error: x\n  3 | x\n',
      },
    });
    expect(statusText(troubled, [], look)).toMatchInlineSnapshot(`
      "shop: 0 of 0 ready
      no supervisor runs (colony apply starts it)
      tmux is out of reach: no answer within 5s
      /srv/shop/colony.yaml is not valid, so the last valid configuration stays in force:
        colony.yaml:3:1: error: x
          3 | x
      no agents
      "
    `);
  });

  it('a phase has a colour, and the last column is cut at the edge', () => {
    const [, , line = ''] = statusText(report([failing('worker')]), [failing('worker')], {
      ...look,
      paint: ansi,
      width: 60,
    }).split('\n');
    expect(line).toContain('\x1b[33mbackoff\x1b[39m');
    expect(line.endsWith('…')).toBe(true);
  });

  it.each([
    [{ oom: true, code: null, signal: 9 }, 'out of memory, 1m ago'],
    [{ oom: false, code: null, signal: 9 }, 'SIGKILL, 1m ago'],
    [{ oom: false, code: null, signal: null }, 'how is not known, 1m ago'],
  ])('last exit %j', (exit, text) => {
    const one = failing('worker');
    const last_exit = { at: '2026-03-01T11:58:30Z', uptime_ms: 1, tail: [], ...exit };
    expect(statusText(report([one]), [{ ...one, last_exit }], { ...look, wide: true })).toContain(text);
  });
});

it.each<[Phase, boolean]>([
  ['ready', true],
  ['completed', true],
  ['disabled', true],
  ['stopped', true],
  ['pending', false],
  ['starting', false],
  ['degraded', false],
  ['stopping', false],
  ['backoff', false],
  ['held', false],
  ['unknown', false],
])('%s is well: %s', (phase, well) => expect(isWell({ phase })).toBe(well));

it('unwellText says what each does next', () => {
  expect(unwellText([failing('worker')], look)).toMatchInlineSnapshot(`
    "NAME    PHASE    NEXT   REASON
    worker  backoff  in 1m  the program ended: exit code 3
    "
  `);
});
