import { cronSteps, crontab, cronVerdict, withoutColony } from './cron.ts';
import { agentPath, agentTarget, launchdSteps, launchdVerdict } from './launchd.ts';
import { removals } from './steps.ts';
import { systemdSteps, systemdVerdict, unitName, unitPlaces, userManager } from './systemd.ts';
import type { Facts, Manager, Step, Target, Verdict } from './types.ts';

/** Who can start a colony on this machine, the most capable first; undefined: nobody can. */
export function managerOf({ launchd, systemd, cron }: Facts): Manager | undefined {
  if (launchd) return 'launchd';
  if (systemd) return 'systemd';
  return cron ? 'cron' : undefined;
}

/** What has to be done so that the colony starts by itself; empty if it does already. */
export function enableSteps(target: Target, facts: Facts): readonly Step[] {
  const { launchd, systemd, cron } = facts;
  if (launchd) return launchdSteps(target, facts);
  if (systemd) return systemdSteps(target, { ...facts, systemd });
  return cron ? cronSteps(target, { ...facts, cron }) : [];
}

/** Whether the colony starts by itself, from what was read after everything was done. */
export function verdictOf(target: Target, facts: Facts): Verdict {
  const { launchd, systemd, cron, foreign } = facts;
  if (foreign !== undefined) return taken(target, foreign);
  if (launchd) return launchdVerdict(target, facts);
  if (systemd) return systemdVerdict(target, { ...facts, systemd });
  return cron ? cronVerdict(target, { ...facts, cron }) : nobody(target, facts);
}

function taken({ colony }: Target, path: string): Verdict {
  const text = `${path} is there already, and starts something else than this colony`;
  const mend = `if it belongs to another colony named ${colony}, give one of the two another \`name:\`; if it is your own, remove it`;
  return { good: '', amiss: [{ text, mend }] };
}

function nobody({ config }: Target, { wsl, platform }: Facts): Verdict {
  const mend = wsl
    ? 'write `[boot]` and `systemd=true` into /etc/wsl.conf, run `wsl --shutdown` in Windows, and then `colony enable` here'
    : `have whatever starts this machine or container run \`colony supervise -f ${config}\`; it ends on SIGTERM and leaves the agents running`;
  const text =
    platform === 'linux' ? 'neither systemd nor cron is here' : 'this system has no service manager that colony knows';
  return { good: '', amiss: [{ text: `${text}: nothing could start the colony after a reboot`, mend }] };
}

/** The end of a colony's starting by itself. */
export type Ending = {
  readonly steps: readonly Step[];
  /** What stays as it is although it was changed once, and why. */
  readonly remarks: readonly string[];
};

export type Leaving = {
  /** Lingering was turned on for this colony. */
  readonly turnedOn: boolean;
  /** The colony is up: what runs would end with the service manager. */
  readonly up: boolean;
};

/**
 * What has to be done so that the colony does not start by itself any more.
 *
 * It looks for what any manager may have of this colony, so that nothing stays on a machine whose manager has changed.
 * The supervisor that one of them runs is ended; agents are not.
 */
export function disableSteps(target: Target, facts: Facts, leaving: Leaving): Ending {
  const { files, user, systemd, launchd, cron, foreign } = facts;
  const name = unitName(target.colony);
  const units = unitPlaces(target.colony, systemd?.configHome ?? `${user.home}/.config`);
  const agent = agentPath(target.colony, user.home);
  const unitFiles = removals([units.link, units.unit], files);
  const table = withoutColony(cron?.table ?? '', target);
  const linger = lingerEnding(facts, leaving);
  return {
    steps: [
      ...(systemd?.unit.active && foreign === undefined ? [userManager('stop', name)] : []),
      ...(launchd?.loaded && foreign === undefined
        ? [
            {
              kind: 'run',
              argv: ['launchctl', 'bootout', agentTarget(target.colony, user.uid)],
              mayFail: true,
            } as const,
          ]
        : []),
      ...unitFiles,
      ...(unitFiles.length > 0 && systemd ? [userManager('daemon-reload'), userManager('reset-failed', name)] : []),
      ...removals([agent, target.launcher, target.record], files),
      ...(cron && table !== cron.table ? [crontab(table)] : []),
      ...linger.steps,
    ],
    remarks: linger.remarks,
  };
}

/** Lingering goes only if it came for this colony and nobody needs it any more. */
function lingerEnding({ systemd, user }: Facts, { turnedOn, up }: Leaving): Ending {
  if (!turnedOn || !systemd?.lingering) return { steps: [], remarks: [] };
  const off = `\`loginctl disable-linger ${user.name}\` turns it off`;
  if (up)
    return {
      steps: [],
      remarks: [`lingering stays on: without it the agents would end with your last logout; ${off}`],
    };
  if (systemd.others.length > 0)
    return { steps: [], remarks: [`lingering stays on, because ${systemd.others[0]} may need it; ${off}`] };
  return { steps: [{ kind: 'run', argv: ['loginctl', 'disable-linger', user.name], mayFail: true }], remarks: [] };
}
