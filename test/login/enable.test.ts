import { expect, test } from 'vitest';
import { disable, enable, handOver } from '../../src/login/login.ts';
import { type Answers, changes, TARGET, TestMachine } from './rig.ts';

const BOOTED = { '/run/systemd/system': '', '/run/systemd/notify': '', '/run/user/1000/bus': '' };

/** A service manager that remembers what it was told. */
function systemd(more: Answers = {}): TestMachine {
  let active = false;
  let lingering = false;
  const is = (value: boolean) => (): { code: number } => {
    active = value;
    return { code: 0 };
  };
  return new TestMachine(
    {
      'systemctl --version': { out: 'systemd 255 (255.4-1)' },
      'systemctl --user show-environment': { out: 'HOME=/home/dev' },
      'systemctl --user show': () => ({ out: `UnitFileState=enabled\nActiveState=${active ? 'active' : 'inactive'}` }),
      'systemctl --user start': is(true),
      'systemctl --user restart': is(true),
      'systemctl --user stop': is(false),
      'systemctl --user': {},
      'loginctl show-user': () => ({ out: lingering ? 'yes' : 'no' }),
      'loginctl enable-linger': () => {
        lingering = true;
        return {};
      },
      'loginctl disable-linger': () => {
        lingering = false;
        return {};
      },
      ...more,
    },
    BOOTED,
  );
}

const quiet = { dryRun: false, say: () => undefined };
const record = (machine: TestMachine) => JSON.parse(machine.files.get(TARGET.record) ?? 'null');

test('enabled twice, disabled twice: the second time nothing is done, and nothing is left', async () => {
  const machine = systemd();
  const untouched = new Map(machine.files);
  expect(await enable(TARGET, { ...quiet, machine })).toMatchObject({
    kind: 'judged',
    changed: true,
    verdict: { amiss: [] },
  });
  expect(record(machine)).toMatchObject({ manager: 'systemd', turned_on: true });
  const done = changes(machine).length;
  expect(await enable(TARGET, { ...quiet, machine })).toMatchObject({
    kind: 'judged',
    changed: false,
    verdict: { amiss: [] },
  });
  expect(changes(machine)).toHaveLength(done);
  // What was turned on the first time is still known to be so.
  expect(record(machine).turned_on).toBe(true);
  expect(await disable(TARGET, false, { ...quiet, machine })).toMatchObject({
    kind: 'done',
    changed: true,
    remarks: [],
  });
  expect(machine.files).toEqual(untouched);
  expect(changes(machine)).toContain('loginctl disable-linger dev');
  expect(await disable(TARGET, false, { ...quiet, machine })).toMatchObject({ kind: 'done', changed: false });
});

test('--dry-run shows every step with its content and takes none', async () => {
  const machine = systemd();
  const before = new Map(machine.files);
  const said: string[] = [];
  await enable(TARGET, { dryRun: true, say: (line) => said.push(line), machine });
  expect(said).toContain('run loginctl enable-linger dev');
  expect(said.join('\n')).toContain('    KillMode=process\n');
  expect(machine.files).toEqual(before);
  expect(changes(machine)).toEqual([]);
});

test('who may not linger has the unit all the same, and is told who can help', async () => {
  const machine = systemd({ 'loginctl enable-linger': { code: 1, err: 'Could not enable linger: Access denied\n' } });
  const said: string[] = [];
  const enabled = await enable(TARGET, { dryRun: false, say: (line) => said.push(line), machine });
  expect(said).toContain('could not run loginctl enable-linger dev: Could not enable linger: Access denied');
  expect(enabled).toMatchObject({
    kind: 'judged',
    verdict: { amiss: [{ mend: expect.stringContaining('sudo loginctl enable-linger dev') }] },
  });
  expect(record(machine)).toMatchObject({ turned_on: false });
});

test('without a user bus the files are written and nobody is asked', async () => {
  const answers = {
    'systemctl --version': { out: 'systemd 252' },
    systemctl: { code: 1, err: 'Failed to connect to bus' },
    loginctl: { code: 1 },
  };
  const machine = new TestMachine(answers, { '/run/systemd/system': '', '/var/lib/systemd/linger/dev': '' });
  const enabled = await enable(TARGET, { ...quiet, machine });
  expect(enabled).toMatchObject({
    kind: 'judged',
    verdict: { amiss: [{ text: expect.stringContaining('no user bus') }] },
  });
  expect(machine.files.get('/home/dev/.config/systemd/user/default.target.wants/colony-shop.service')).toBe(
    '../colony-shop.service',
  );
  expect(changes(machine)).toEqual([]);
});

test('where the units of a user live is what his service manager says', async () => {
  const machine = systemd({ 'systemctl --user show-environment': { out: 'XDG_CONFIG_HOME=/cfg' } });
  await enable(TARGET, { ...quiet, machine });
  expect(machine.files.has('/cfg/systemd/user/colony-shop.service')).toBe(true);
});

test('without systemd the crontab gets a line and loses it again', async () => {
  const files = new Map<string, string>();
  const machine = new TestMachine(
    { crontab: () => ({ out: files.get('crontab') ?? '' }) },
    { '/proc/1/comm': 'cron\n' },
  );
  machine.files.forEach((text, path) => void files.set(path, text));
  const enabled = await enable(TARGET, { ...quiet, machine });
  expect(enabled.kind).toBe('judged');
  expect(machine.files.get('crontab')).toContain("@reboot /bin/sh '/home/dev/.local/state/colony/shop/login.sh' cron");
  files.set('crontab', machine.files.get('crontab') ?? '');
  expect(await enable(TARGET, { ...quiet, machine })).toMatchObject({ changed: false, verdict: { amiss: [] } });
  await disable(TARGET, true, { ...quiet, machine });
  expect(machine.files.has('crontab')).toBe(false);
});

test('where nobody could start it nothing is written', async () => {
  const machine = new TestMachine({});
  expect(await enable(TARGET, { ...quiet, machine })).toMatchObject({ kind: 'nobody' });
  expect(machine.files.size).toBe(0);
});

test('a supervisor in the background is handed over, from the program that runs now', async () => {
  const machine = systemd();
  await enable(TARGET, { ...quiet, machine });
  await machine.run(['systemctl', '--user', 'stop', 'colony-shop.service'], {});
  const newer = { ...TARGET, node: '/opt/node', program: ['/opt/colony'], variables: { PATH: '/somebody/else' } };
  const before = changes(machine).length;
  expect(await handOver(newer, machine)).toBe('colony-shop.service');
  expect(changes(machine).slice(before)).toEqual([
    'systemctl --user daemon-reload',
    'systemctl --user start colony-shop.service',
  ]);
  const launcher = machine.files.get(TARGET.launcher);
  expect(launcher).toContain("for program in '/opt/colony'");
  expect(launcher).toContain("PATH='/home/dev/.npm/bin:/usr/bin:/bin'");
  expect(record(machine)).toMatchObject({ turned_on: true, target: { node: '/opt/node' } });
});

test('what is not enabled is not handed over, and neither is anything where nobody answers', async () => {
  const machine = systemd();
  expect(await handOver(TARGET, machine)).toBeUndefined();
  await enable(TARGET, { ...quiet, machine });
  const silent = new TestMachine({ systemctl: { code: 1 } }, Object.fromEntries(machine.files));
  expect(await handOver(TARGET, silent)).toBeUndefined();
  expect(changes(machine).filter((line) => line.includes('start '))).toHaveLength(1);
  expect(changes(silent)).toEqual([]);
});

test.each([
  ['/home/dev/.config/systemd/user/colony-shop.service', '[Service]\nExecStart=colony supervise -f /srv/colony.yaml\n'],
  [
    '/home/dev/.config/systemd/user/colony-shop.service',
    'ExecStart=/bin/sh "/srv/state/colony/shop/login.sh" systemd\n',
  ],
])('a unit of that name that somebody else wrote is left alone', async (path, text) => {
  const machine = systemd();
  machine.files.set(path, text);
  const before = new Map(machine.files);
  const enabled = await enable(TARGET, { ...quiet, machine });
  expect(enabled).toMatchObject({ kind: 'taken', verdict: { amiss: [{ text: expect.stringContaining(path) }] } });
  expect(await disable(TARGET, true, { ...quiet, machine })).toMatchObject({ changed: false });
  expect(machine.files).toEqual(before);
  expect(changes(machine)).toEqual([]);
});
