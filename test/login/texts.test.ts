import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crontab, withColony, withoutColony } from '../../src/login/cron.ts';
import { agentFile } from '../../src/login/launchd.ts';
import { thisMachine } from '../../src/login/machine.ts';
import { shellWord, unitWord } from '../../src/login/quote.ts';
import { stepContent } from '../../src/login/steps.ts';
import { unitFile } from '../../src/login/systemd.ts';
import { SYSTEMD, TARGET } from './rig.ts';

describe('the unit', () => {
  test('ends the supervisor alone, comes back, and starts nothing that is down', () => {
    expect(unitFile(TARGET, SYSTEMD).split('\n')).toEqual(
      expect.arrayContaining([
        `ConditionPathExists=${TARGET.owner}`,
        'StartLimitIntervalSec=0',
        'Type=notify',
        `ExecStart=/bin/sh "${TARGET.launcher}" systemd`,
        'Restart=on-failure',
        'RestartPreventExitStatus=64 65 75',
        'KillMode=process',
        'OOMPolicy=continue',
        'WantedBy=default.target',
      ]),
    );
  });

  test.each([
    [252, false],
    [254, true],
    [undefined, false],
  ])('systemd %s knows of growing pauses: %s', (version, knows) =>
    expect(unitFile(TARGET, { ...SYSTEMD, version }).includes('RestartSteps=')).toBe(knows),
  );

  test('without the program that says so nobody waits until it is ready', () =>
    expect(unitFile(TARGET, { ...SYSTEMD, notifies: false })).toContain('Type=exec\n'));

  test('a path may hold what systemd would replace', () => {
    const launcher = '/home/a b/100%/$x/"q"/login.sh';
    const text = unitFile({ ...TARGET, launcher, owner: '/home/50%/owner.json' }, SYSTEMD);
    expect(text).toContain('ExecStart=/bin/sh "/home/a b/100%%/$$x/\\"q\\"/login.sh" systemd\n');
    expect(text).toContain('ConditionPathExists=/home/50%%/owner.json\n');
  });

  test('a backslash is one', () => expect(unitWord('a\\b')).toBe('"a\\\\b"'));
});

test('the agent of launchd never takes its children along, and runs again only if it failed', () => {
  const text = agentFile({ ...TARGET, launcher: '/Users/a & b/<c>/login.sh' });
  expect(text).toContain('<string>/Users/a &amp; b/&lt;c&gt;/login.sh</string>');
  expect(text.replaceAll(/\s+/g, '')).toContain('<key>AbandonProcessGroup</key><true/>');
  expect(text.replaceAll(/\s+/g, '')).toContain('<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>');
});

test('a word of the shell is what it was, whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
        { minLength: 1 },
      ),
      (words) => {
        const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shellWord).join(' ')}`], {
          encoding: 'utf8',
        });
        expect(printed.split('\0').slice(0, -1)).toEqual(words);
      },
    ),
    { numRuns: 50 },
  );
});

describe('the crontab', () => {
  const line = fc.string().map((text) => text.replaceAll('\n', ' '));
  const table = fc.array(line).map((lines) => lines.map((text) => `${text}\n`).join(''));

  test('is as it was when the colony is taken out again', () => {
    fc.assert(
      fc.property(table, (before) => {
        expect(withoutColony(withColony(before, TARGET), TARGET)).toBe(before);
      }),
    );
  });

  test('has a colony once, and others beside it', () => {
    const once = withColony('0 4 * * * backup\n', TARGET);
    expect(withColony(once, TARGET)).toBe(once);
    // Another one of the same name, in another folder.
    const other = { ...TARGET, launcher: '/srv/shop/login.sh' };
    const both = withColony(once, other);
    expect(both.match(/@reboot/g)).toHaveLength(2);
    expect(withoutColony(both, TARGET)).toContain('/srv/shop/login.sh');
    expect(withoutColony(withoutColony(both, TARGET), other)).toBe('0 4 * * * backup\n');
  });

  test('keeps every byte of the others, whatever they are written in', async () => {
    const { run, environment } = thisMachine();
    const others = Buffer.from([0x23, 0x20, 0xe9, 0xff, 0x80, 0xc3, 0xa9, 0x0a]);
    const target = { ...TARGET, launcher: '/srv/é/login.sh' };
    const before = (await run(['printf', '# \\351\\377\\200\\303\\251\\n'], environment, '', 'latin1')).out;
    const step = crontab(withColony(before, target));
    if (step.kind !== 'run') throw new Error('nothing would be run');
    const taken = await run(['od', '-An', '-v', '-tx1'], environment, step.input, step.coding);
    const bytes = Buffer.from(taken.out.replaceAll(/\s/g, ''), 'hex');
    expect(bytes.subarray(0, others.length)).toEqual(others);
    expect(bytes.subarray(others.length).toString('utf8')).toContain("'/srv/é/login.sh' cron");
    expect(stepContent(step)).toContain('/srv/é/login.sh');
  });

  test('a percent sign does not end the line', () => {
    expect(withColony('', { ...TARGET, launcher: '/home/50%/login.sh' })).toContain(
      "/bin/sh '/home/50\\%/login.sh' cron",
    );
  });
});
