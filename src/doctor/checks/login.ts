import type { ColonyFacts, Finding, LoginState } from '../types.ts';

/** systemd 255 ends the service manager of a user with the last logout, lingering or not (systemd#43361). */
const FORGETFUL = 255;

/** Whether the colony comes back after a reboot. One finding for each thing that keeps it from that. */
export function atLogin({ login, up, path }: ColonyFacts): readonly Finding[] {
  const id = 'login';
  if (login.manager === undefined) {
    if (!up) return [{ id, level: 'ok', text: 'The colony is down, and nothing has to bring it back' }];
    return [
      { id, level: 'note', text: 'Nothing starts the colony after a reboot', mend: `\`colony enable -f ${path}\`` },
    ];
  }
  const found = [...amiss(login), ...unitChanged(login), ...launcherBroken(login, path), ...forgetful(login)];
  return found.length > 0 ? found : [{ id, level: 'ok', text: `After a reboot ${login.verdict.good}` }];
}

function amiss({ verdict }: LoginState): readonly Finding[] {
  return verdict.amiss.map(({ text, mend }) => ({ id: 'login', level: 'warning', text: capital(text), mend }));
}

/** What a person has edited may end every agent with the unit. */
function unitChanged({ manager, unit }: LoginState): readonly Finding[] {
  if (manager !== 'systemd' || unit === undefined || /^KillMode=process$/m.test(unit)) return [];
  const text = 'The unit does not say KillMode=process: a stop or a restart of it may end every agent';
  return [{ id: 'kill_mode', level: 'error', text, mend: '`colony enable` writes it anew' }];
}

function launcherBroken({ launcher, manager, gone }: LoginState, path: string): readonly Finding[] {
  const mend = `\`colony enable -f ${path}\` writes it anew`;
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
