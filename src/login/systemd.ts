import { EXIT } from '../control/protocol.ts';
import { launcherText } from './launcher.ts';
import { shellWord, unitText, unitWord } from './quote.ts';
import { isThere } from './steps.ts';
import type { Amiss, Facts, Step, Systemd, Target, Verdict } from './types.ts';

/** From this version on the pause before a restart can grow. */
const GROWING_PAUSE = 254;

/** A start is over when the supervisor can be asked. Its word for that comes from systemd-notify, a child of it. */
const NOTIFY = ['Type=notify', 'NotifyAccess=all'];

/** The end of the supervisor is that of no other process. */
const KILL_MODE = 'process';

export function unitName(colony: string): string {
  return `colony-${colony}.service`;
}

/** Where the unit lives, and the link that makes it start: what `systemctl enable` would make. */
export function unitPlaces(colony: string, configHome: string): { readonly unit: string; readonly link: string } {
  const folder = `${configHome}/systemd/user`;
  return { unit: `${folder}/${unitName(colony)}`, link: `${folder}/default.target.wants/${unitName(colony)}` };
}

/**
 * The unit of one colony.
 *
 * Its end is the end of the supervisor alone: agents live in a scope of their own, and what does not is spared by the
 * kill mode. It is never given up, unless what is wrong will still be wrong the next time.
 */
export function unitFile(
  { colony, config, owner, launcher }: Target,
  { version, notifies }: Pick<Systemd, 'version' | 'notifies'>,
): string {
  const hopeless = [EXIT.usage, EXIT.invalidConfig, EXIT.heldElsewhere].join(' ');
  const growing = (version ?? 0) >= GROWING_PAUSE ? ['RestartSteps=5', 'RestartMaxDelaySec=1min'] : [];
  return [
    '# `colony enable` wrote it and `colony disable` removes it.',
    '[Unit]',
    `Description=${unitText(`Supervisor of the colony ${colony} (${config})`.replaceAll('\n', ' '))}`,
    '# A colony that is down stays down.',
    `ConditionPathExists=${unitText(owner)}`,
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    ...(notifies ? NOTIFY : ['Type=exec']),
    `ExecStart=/bin/sh ${unitWord(launcher)} systemd`,
    'Restart=on-failure',
    'RestartSec=2s',
    ...growing,
    `RestartPreventExitStatus=${hopeless}`,
    `KillMode=${KILL_MODE}`,
    'OOMPolicy=continue',
    'TimeoutStartSec=2min',
    'TimeoutStopSec=30s',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

/** Lingering comes first: it is what starts the service manager of a user who has no session. */
export function systemdSteps(
  target: Target,
  { systemd, files, user }: Facts & { readonly systemd: Systemd },
): readonly Step[] {
  const { unit, link } = unitPlaces(target.colony, systemd.configHome);
  const name = unitName(target.colony);
  const texts: readonly Step[] = [
    { kind: 'write', path: target.launcher, text: launcherText(target), mode: 0o700 },
    { kind: 'write', path: unit, text: unitFile(target, systemd), mode: 0o644 },
    { kind: 'link', path: link, to: `../${name}` },
  ];
  const missing = texts.filter((step) => !isThere(step, files));
  const fresh = missing.length > 0 || systemd.unit.stale;
  return [
    ...(systemd.lingering
      ? []
      : [{ kind: 'run', argv: ['loginctl', 'enable-linger', user.name], mayFail: true } as const]),
    ...missing,
    ...(fresh ? [userManager('daemon-reload')] : []),
    ...(fresh && systemd.unit.active ? [userManager('restart', name)] : []),
    ...(systemd.unit.active ? [] : [userManager('start', name)]),
  ];
}

export function userManager(...words: readonly string[]): Step {
  return { kind: 'run', argv: ['systemctl', '--user', ...words], asks: 'user_manager', mayFail: true };
}

/** How it stands after all was done. */
export function systemdVerdict(
  { colony }: Target,
  { systemd, files, user }: Facts & { readonly systemd: Systemd },
): Verdict {
  const name = unitName(colony);
  const { link } = unitPlaces(colony, systemd.configHome);
  const amiss: Amiss[] = deadly(name, systemd);
  if (!systemd.lingering) amiss.push(noLingering(user.name));
  if (!files.has(link)) {
    const text = `the unit ${name} is not enabled: ${link} is missing`;
    amiss.push({ text, mend: `\`systemctl --user enable ${name}\` says why`, again: true });
  }
  if (!systemd.answers) amiss.push(noManager(name, systemd.lingering));
  else if (!systemd.unit.active) {
    const mend = `\`systemctl --user status ${name}\` and \`journalctl --user -u ${name}\` say why`;
    amiss.push({ text: `the unit ${name} does not run`, mend, again: true, untilBoot: true });
  }
  return { good: `systemd starts its supervisor at boot, without any login (${name})`, amiss };
}

/** The unit itself is written by this program; a drop-in of a person has the last word. */
function deadly(name: string, { unit }: Systemd): Amiss[] {
  if (unit.killMode === undefined || unit.killMode === KILL_MODE) return [];
  const text = `the unit ${name} has KillMode=${unit.killMode}: a stop or a restart of it may end every agent`;
  if (unit.killDropIns.length === 0)
    return [{ text, mend: `\`systemctl --user cat ${name}\` says why`, again: true, deadly: true }];
  const files = unit.killDropIns.map(shellWord).join(' ');
  const mend = `take that line out of ${unit.killDropIns.join(' and ')}, or \`rm ${files}\`; then \`systemctl --user daemon-reload\``;
  return [{ text, mend, deadly: true }];
}

function noLingering(user: string): Amiss {
  return {
    text:
      'lingering is off: the colony comes back at your next login and not at boot, ' +
      'and what systemd has started for you ends with your last logout',
    mend: `this user may not turn it on: have an administrator run \`sudo loginctl enable-linger ${user}\`, then run \`colony enable\` again`,
    again: true,
  };
}

function noManager(name: string, lingering: boolean): Amiss {
  const when = lingering ? 'at the next boot' : 'at your next login';
  return {
    text: `the service manager of this user does not answer here (there is no user bus, as after \`su\`): ${name} is enabled, and starts ${when}`,
    mend: `to have it at once, log in (over ssh or on a terminal) and run \`systemctl --user start ${name}\``,
    ...(lingering ? { untilBoot: true } : {}),
  };
}
