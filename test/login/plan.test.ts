import { describe, expect, test } from 'vitest';
import { disableSteps, enableSteps, managerOf, verdictOf } from '../../src/login/plan.ts';
import { stepText } from '../../src/login/steps.ts';
import type { Facts, Step } from '../../src/login/types.ts';
import { FACTS, SYSTEMD, TARGET } from './rig.ts';

const LAUNCHER = TARGET.launcher;
const UNIT = '/home/dev/.config/systemd/user/colony-shop.service';
const LINK = '/home/dev/.config/systemd/user/default.target.wants/colony-shop.service';

const lines = (steps: readonly Step[]) => steps.map((step) => stepText(step, 'before'));

/** What the files are after the steps were taken. */
function after(facts: Facts, more: Partial<Facts> = {}): Facts {
  const files = new Map(facts.files);
  for (const step of enableSteps(TARGET, facts)) {
    if (step.kind === 'write') files.set(step.path, step.text);
    if (step.kind === 'link') files.set(step.path, step.to);
  }
  return { ...facts, files, ...more };
}

const ACTIVE = { ...SYSTEMD, unit: { ...SYSTEMD.unit, enabled: true, active: true, killMode: 'process' } };
const ENABLED = after(FACTS, { systemd: ACTIVE });
const MAC: Facts = { ...FACTS, platform: 'darwin', systemd: undefined, launchd: { loaded: false } };
const CRON: Facts = { ...FACTS, systemd: undefined };

describe('who starts a colony', () => {
  test.each([
    ['systemd, where it booted the machine', FACTS, 'systemd'],
    ['launchd', MAC, 'launchd'],
    ['cron, where there is no systemd', CRON, 'cron'],
    ['nobody', { ...CRON, cron: undefined }, undefined],
  ])('%s', (_, facts, manager) => expect(managerOf(facts)).toBe(manager));
});

describe('enabling takes the steps that are missing', () => {
  const WRITTEN = [`write ${LAUNCHER}`, `write ${UNIT}`, `link ${LINK} to ../colony-shop.service`];
  const STARTED = ['run systemctl --user daemon-reload', 'run systemctl --user start colony-shop.service'];

  test.each<[string, Facts, readonly string[]]>([
    ['nothing is there', FACTS, [...WRITTEN, ...STARTED]],
    ['all is there', ENABLED, []],
    [
      'lingering comes first',
      { ...FACTS, systemd: { ...SYSTEMD, lingering: false } },
      ['run loginctl enable-linger dev', ...WRITTEN, ...STARTED],
    ],
    ['the unit was stopped', { ...ENABLED, systemd: SYSTEMD }, ['run systemctl --user start colony-shop.service']],
    [
      'the program was moved while the unit runs',
      { ...ENABLED, files: new Map([...ENABLED.files, [LAUNCHER, 'an older one']]) },
      [`write ${LAUNCHER}`, 'run systemctl --user daemon-reload', 'run systemctl --user restart colony-shop.service'],
    ],
    [
      'the unit was edited without a reload',
      { ...ENABLED, systemd: { ...ACTIVE, unit: { ...ACTIVE.unit, stale: true } } },
      ['run systemctl --user daemon-reload', 'run systemctl --user restart colony-shop.service'],
    ],
    [
      'launchd',
      MAC,
      [
        `write ${LAUNCHER}`,
        'write /home/dev/Library/LaunchAgents/agent-colony.shop.plist',
        'run launchctl bootstrap gui/1000 /home/dev/Library/LaunchAgents/agent-colony.shop.plist',
      ],
    ],
    ['launchd has it', after(MAC, { launchd: { loaded: true } }), []],
    [
      'launchd has an older one',
      { ...MAC, launchd: { loaded: true } },
      [
        `write ${LAUNCHER}`,
        'write /home/dev/Library/LaunchAgents/agent-colony.shop.plist',
        'run launchctl bootout gui/1000/agent-colony.shop',
        'run launchctl bootstrap gui/1000 /home/dev/Library/LaunchAgents/agent-colony.shop.plist',
      ],
    ],
    ['cron', CRON, [`write ${LAUNCHER}`, 'run crontab -']],
  ])('%s', (_, facts, steps) => expect(lines(enableSteps(TARGET, facts))).toEqual(steps));
});

describe('the verdict says what is missing, and what to do about it', () => {
  test.each<[string, Facts, readonly string[], readonly string[]]>([
    ['nothing', ENABLED, [], []],
    [
      'lingering',
      { ...ENABLED, systemd: { ...ACTIVE, lingering: false } },
      ['lingering is off'],
      ['sudo loginctl enable-linger dev'],
    ],
    [
      'a service manager that answers, with lingering',
      { ...ENABLED, systemd: { ...SYSTEMD, answers: false } },
      ['no user bus', 'starts at the next boot'],
      ['systemctl --user start colony-shop.service'],
    ],
    [
      'a service manager that answers, without lingering',
      { ...ENABLED, systemd: { ...SYSTEMD, answers: false, lingering: false } },
      ['lingering is off', 'starts at your next login'],
      ['sudo loginctl enable-linger dev', 'log in'],
    ],
    ['the unit does not run', { ...ENABLED, systemd: SYSTEMD }, ['does not run'], ['journalctl --user -u']],
    ['the link', { ...FACTS, systemd: ACTIVE }, ['is missing'], ['systemctl --user enable']],
    [
      'a drop-in of a person says how it ends',
      {
        ...ENABLED,
        systemd: { ...ACTIVE, unit: { ...ACTIVE.unit, killMode: 'control-group', killDropIns: ["/it's.conf"] } },
      },
      ['KillMode=control-group'],
      ["rm '/it'\\''s.conf'", 'daemon-reload'],
    ],
    ['launchd did not take it', MAC, ['does not know'], ['launchctl bootstrap gui/1000']],
    ['cron did not take it', CRON, ['has not taken'], ['crontab -e']],
    ['nobody is here', { ...CRON, cron: undefined }, ['neither systemd nor cron'], ['colony supervise']],
    ['nobody is here, on WSL', { ...CRON, cron: undefined, wsl: true }, ['neither systemd nor cron'], ['systemd=true']],
  ])('%s', (_, facts, texts, mends) => {
    const { amiss } = verdictOf(TARGET, facts);
    const said = amiss.map(({ text }) => text).join('\n');
    const mend = amiss.map((one) => one.mend).join('\n');
    for (const text of texts) expect(said).toContain(text);
    for (const text of mends) expect(mend).toContain(text);
    expect(amiss.length > 0).toBe(texts.length > 0);
  });
});

describe('disabling undoes all that enabling did', () => {
  const GONE = [
    `remove ${LINK}`,
    `remove ${UNIT}`,
    'run systemctl --user daemon-reload',
    'run systemctl --user reset-failed colony-shop.service',
  ];
  const OFF = 'run loginctl disable-linger dev';
  const down = { turnedOn: true, up: false };

  test.each<[string, Facts, { turnedOn: boolean; up: boolean }, readonly string[], string]>([
    ['nothing was enabled', FACTS, { turnedOn: false, up: true }, [], ''],
    [
      'a colony that is up keeps lingering',
      ENABLED,
      { turnedOn: true, up: true },
      ['run systemctl --user stop colony-shop.service', ...GONE, `remove ${LAUNCHER}`],
      'the agents would end',
    ],
    ['one that is down', { ...ENABLED, systemd: SYSTEMD }, down, [...GONE, `remove ${LAUNCHER}`, OFF], ''],
    [
      'lingering was on before',
      { ...ENABLED, systemd: SYSTEMD },
      { turnedOn: false, up: false },
      [...GONE, `remove ${LAUNCHER}`],
      '',
    ],
    [
      'others need lingering',
      { ...ENABLED, systemd: { ...SYSTEMD, others: ['backup.timer'] } },
      down,
      [...GONE, `remove ${LAUNCHER}`],
      'backup.timer may need it',
    ],
    [
      'launchd',
      after(MAC, { launchd: { loaded: true } }),
      { turnedOn: false, up: true },
      [
        'run launchctl bootout gui/1000/agent-colony.shop',
        'remove /home/dev/Library/LaunchAgents/agent-colony.shop.plist',
        `remove ${LAUNCHER}`,
      ],
      '',
    ],
  ])('%s', (_, facts, leaving, steps, remark) => {
    const ending = disableSteps(TARGET, facts, leaving);
    expect(lines(ending.steps)).toEqual(steps);
    if (remark === '') expect(ending.remarks).toEqual([]);
    else expect(ending.remarks.join('\n')).toContain(remark);
  });
});
