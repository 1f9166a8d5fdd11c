import { isTooOld, losesExits, OLDEST, parseVersion } from '../../tmux/version.ts';
import type { Finding, MachineFacts } from '../types.ts';

/** What a supervisor, its tmux server and a hundred agents need at once. */
const FILES = 1024;

/** As in the `engines` of package.json. */
const NODE = [20, 19] as const;

const INSTALL =
  'install it: `sudo apt install tmux`, `sudo dnf install tmux`, `brew install tmux`, or from https://github.com/tmux/tmux';

function tmuxThere({ tmux, tmuxHere, platform }: MachineFacts): Finding {
  const id = 'tmux';
  if (tmux === undefined && tmuxHere !== undefined) {
    const text =
      'There is no tmux in the PATH that was captured for agents, which the supervisor goes by, and there is in this shell';
    return { id, level: 'error', text, mend: '`colony apply --refresh-env`' };
  }
  if (tmux === undefined) return { id, level: 'error', text: 'There is no tmux', mend: INSTALL };
  const version = parseVersion(tmux);
  if (!version) return { id, level: 'warning', text: `\`tmux -V\` says "${tmux}", which is no version`, mend: INSTALL };
  if (isTooOld(version)) {
    const text = `tmux ${version.text} is too old: ${OLDEST} is the oldest that will do`;
    return { id, level: 'error', text, mend: INSTALL };
  }
  if (platform === 'linux' && losesExits(version)) {
    const text = `tmux ${version.text} can miss the end of a program (before 3.6, where it was built with utempter); colony works around it`;
    return { id, level: 'note', text };
  }
  return { id, level: 'ok', text: `tmux is ${version.text}` };
}

function nodeNew({ node }: MachineFacts): Finding {
  const [major = 0, minor = 0] = node.replace(/^v/, '').split('.').map(Number);
  const [wantedMajor, wantedMinor] = NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor))
    return { id: 'node', level: 'ok', text: `Node.js is ${node}` };
  const text = `Node.js ${node} is too old: ${NODE.join('.')} is the oldest that will do`;
  return { id: 'node', level: 'error', text, mend: 'install a newer one, and then run `colony apply`' };
}

export function openFiles({ openFiles: limit }: MachineFacts): Finding {
  const id = 'open_files';
  if (limit === undefined || limit >= FILES) return { id, level: 'ok', text: 'Enough files can be open at once' };
  const text = `A process may have only ${limit} files open at once, and a colony of many agents needs ${FILES}`;
  const mend = 'raise it before the first apply: `ulimit -n 4096`, for good in /etc/security/limits.conf';
  return { id, level: 'warning', text, mend };
}

export function watches({ watch }: MachineFacts): Finding {
  const id = 'watches';
  if (watch === undefined) return { id, level: 'ok', text: 'Changes of files can be watched' };
  const text = `The kernel has no more watches for files (${watch}): a saved colony.yaml is noticed late, and what agents tell as well`;
  return {
    id,
    level: 'warning',
    text,
    mend: '`sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=1024`',
  };
}

export function cleaners({ cleaners: found }: MachineFacts): Finding {
  const id = 'cleaners';
  if (found.length === 0) return { id, level: 'ok', text: 'Nothing was found that takes sockets out of /tmp' };
  const text = `${found.join(' and ')} may take old sockets out of /tmp; colony has tmux make its own again`;
  return { id, level: 'note', text };
}

export const MACHINE_CHECKS = [tmuxThere, nodeNew, openFiles, watches, cleaners] as const;
