import { enabling } from '../reboot.ts';
import type { ColonyFacts, Finding, LoginState } from '../types.ts';

/** systemd 255 ends the service manager of a user with the last logout, lingering or not (systemd#43361). */
const FORGETFUL = 255;

/** Whether the colony comes back after a reboot. One finding for each thing that keeps it from that. */
export function atLogin({ login, up, path }: ColonyFacts): readonly Finding[] {
  const id = 'login';
  const enable = `\`colony enable -f ${path}\``;
  if (login.manager === undefined) {
    if (!up) return [{ id, level: 'ok', text: 'The colony is down, and nothing has to bring it back' }];
    const text = 'Nothing starts the colony after a reboot';
    return [{ id, level: 'note', text, mend: enabling(login, enable) }];
  }
  const found = [
    ...amiss(login, enable),
    ...filesChanged(login, enable),
    ...launcherBroken(login, enable),
    ...startsOther(login, path, enable),
    ...forgetful(login),
  ];
  return found.length > 0 ? found : [{ id, level: 'ok', text: `After a reboot ${login.verdict.good}` }];
}

function amiss({ verdict }: LoginState, enable: string): readonly Finding[] {
  return verdict.amiss.map(({ text, mend, again, deadly }) => ({
    ...(deadly ? ({ id: 'kill_mode', level: 'error' } as const) : ({ id: 'login', level: 'warning' } as const)),
    text: capital(text),
    mend: again ? `${enable}, which mends it or says what keeps it from that` : mend,
  }));
}

function filesChanged({ outdated }: LoginState, enable: string): readonly Finding[] {
  if (outdated.length === 0) return [];
  const text = `Not as this release writes it: ${outdated.join(' and ')}; somebody has changed it, or another release has written it`;
  return [{ id: 'login_files', level: 'warning', text, mend: `${enable} writes it anew` }];
}

/** As after its folder was moved. */
function startsOther({ config }: LoginState, path: string, enable: string): readonly Finding[] {
  if (config === undefined || config === path) return [];
  const text = `What starts the colony at boot starts it with ${config}, and not with this file`;
  return [{ id: 'login', level: 'error', text, mend: enable }];
}

function launcherBroken({ launcher, manager, gone }: LoginState, enable: string): readonly Finding[] {
  const mend = `${enable} writes it anew`;
  if (manager !== 'launchd' && launcher === undefined) {
    return [{ id: 'launcher', level: 'error', text: 'The script that starts the supervisor at boot is gone', mend }];
  }
  if (gone.length === 0) return [];
  const text = `What starts the supervisor at boot names ${gone.join(' and ')}, which is not there any more; it looks for another one where they usually are`;
  return [{ id: 'launcher', level: 'warning', text, mend }];
}

function forgetful({ manager, facts }: LoginState): readonly Finding[] {
  if (manager !== 'systemd' || facts.systemd?.version !== FORGETFUL) return [];
  const text = `systemd ${FORGETFUL} may end what it has started for you with your last logout, although lingering is on`;
  return [{ id: 'systemd', level: 'note', text, mend: 'update systemd, or keep one login open' }];
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
