import { agentPath, agentTarget } from './launchd.ts';
import type { Machine } from './machine.ts';
import { unitWord, xmlText } from './quote.ts';
import { lingerPath } from './record.ts';
import { unitName, unitPlaces } from './systemd.ts';
import type { Cron, Facts, Systemd, Target } from './types.ts';

/** Read of the machine what the plans and the verdict are made from. */
export async function readFacts(machine: Machine, target: Target): Promise<Facts> {
  const { platform, user } = machine;
  const systemd = await readSystemd(machine, target);
  const cron = await readCron(machine);
  const units = unitPlaces(target.colony, systemd?.configHome ?? `${user.home}/.config`);
  const agent = agentPath(target.colony, user.home);
  const foreign = foreignOf(machine, target.launcher, [units.unit, agent]);
  const own = [target.launcher, target.record];
  const places = [...own, units.unit, units.link, agent];
  return {
    platform: platform === 'linux' || platform === 'darwin' ? platform : 'other',
    wsl: /microsoft/i.test(machine.read('/proc/version') ?? ''),
    user,
    systemd,
    launchd: platform === 'darwin' ? { loaded: await isLoaded(machine, target) } : undefined,
    cron,
    foreign,
    files: new Map(
      places.flatMap((path) => {
        const text = foreign === undefined || own.includes(path) ? machine.read(path) : undefined;
        return text === undefined ? [] : [[path, text]];
      }),
    ),
  };
}

/** Of these files, one that does not run the launcher of this colony: a person wrote it, or a colony elsewhere did. */
function foreignOf(machine: Machine, launcher: string, paths: readonly string[]): string | undefined {
  const words = [unitWord(launcher), xmlText(launcher)];
  return paths.find((path) => {
    const text = machine.read(path);
    return text !== undefined && !words.some((word) => text.includes(word));
  });
}

/**
 * The environment in which the service manager of this user can be asked, also where nothing of a login has set it, as
 * after `su`, or where it is still that of somebody else.
 */
export function managerEnvironment({ environment, user }: Pick<Machine, 'environment' | 'user'>): NodeJS.ProcessEnv {
  const runtime = `/run/user/${user.uid}`;
  if (environment.XDG_RUNTIME_DIR === runtime) return environment;
  return { ...environment, XDG_RUNTIME_DIR: runtime, DBUS_SESSION_BUS_ADDRESS: `unix:path=${runtime}/bus` };
}

async function readSystemd(machine: Machine, { colony }: Target): Promise<Systemd | undefined> {
  const { platform, user } = machine;
  // As sd_booted(3) tells it.
  const booted = platform === 'linux' && machine.list('/run/systemd').includes('system');
  if (!booted || !machine.has('systemctl')) return undefined;
  const environment = managerEnvironment(machine);
  const [version, shown, variables] = await Promise.all([
    machine.run(['systemctl', '--version'], environment),
    machine.run(['systemctl', '--user', 'show', unitName(colony), '-p', UNIT_PROPERTIES], environment),
    machine.run(['systemctl', '--user', 'show-environment'], environment),
  ]);
  const answers = shown.code === 0;
  const unit = properties(shown.out);
  const configHome = properties(variables.out).get('XDG_CONFIG_HOME') ?? `${user.home}/.config`;
  return {
    version: Number(/^systemd (\d+)/.exec(version.out)?.[1]) || undefined,
    notifies: machine.has('systemd-notify'),
    answers,
    configHome,
    lingering: await lingers(machine, environment),
    unit: {
      enabled: unit.get('UnitFileState') === 'enabled',
      active: unit.get('ActiveState') === 'active',
      stale: unit.get('NeedDaemonReload') === 'yes',
      killMode: unit.get('LoadState') === 'loaded' ? unit.get('KillMode') : undefined,
      killDropIns: words(unit.get('DropInPaths')).filter((path) => /^\s*KillMode=/m.test(machine.read(path) ?? '')),
    },
    others: otherUnits(machine, configHome, unitName(colony)),
  };
}

const UNIT_PROPERTIES = 'LoadState,UnitFileState,ActiveState,NeedDaemonReload,KillMode,DropInPaths';

function words(text = ''): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}

/** Lines of the form `NAME=value`. */
function properties(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
}

/** Who is not logged in is not known to loginctl; the file is how lingering is kept. */
async function lingers(machine: Machine, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const { name } = machine.user;
  const said = await machine.run(['loginctl', 'show-user', name, '-p', 'Linger', '--value'], environment);
  if (said.code === 0 && /^(yes|no)$/.test(said.out.trim())) return said.out.trim() === 'yes';
  return machine.read(lingerPath(name)) !== undefined;
}

function otherUnits(machine: Machine, configHome: string, own: string): readonly string[] {
  const folder = `${configHome}/systemd/user`;
  return machine
    .list(folder)
    .filter((name) => name.endsWith('.wants'))
    .flatMap((name) => machine.list(`${folder}/${name}`))
    .filter((unit) => unit !== own);
}

async function isLoaded(machine: Machine, { colony }: Target): Promise<boolean> {
  const said = await machine.run(['launchctl', 'print', agentTarget(colony, machine.user.uid)], machine.environment);
  return said.code === 0;
}

/** `crontab -l` fails where there is no table, and where nobody may have one; only the first says so. */
async function readCron(machine: Machine): Promise<Cron | undefined> {
  if (!machine.has('crontab')) return undefined;
  const listed = await machine.run(['crontab', '-l'], machine.environment, '', 'latin1');
  const empty = listed.code !== 0 && /no crontab|can't open/i.test(listed.err);
  if (listed.code !== 0 && !empty) return undefined;
  const runs = machine.list('/proc').some((pid) => {
    return (
      /^\d+$/.test(pid) &&
      /^(cron|crond|fcron|anacron|busybox-cron)$/.test(machine.read(`/proc/${pid}/comm`)?.trim() ?? '')
    );
  });
  return { table: empty ? '' : listed.out, runs: runs || machine.platform === 'darwin' };
}
