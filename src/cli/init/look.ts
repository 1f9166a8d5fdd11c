import { liveCommand } from '../../config/live.ts';
import { agentName, agentNames, stanza } from '../../config/stanza.ts';
import { foregroundOf } from '../../processes/foreground.ts';
import type { Result } from '../../reconciler/types.ts';
import { survey } from '../../tmux/survey.ts';
import type { TmuxPlace } from '../../tmux/types.ts';

/** How long a tmux server may take to say what runs there. */
const PATIENCE = 5_000;

/** Sessions of a person, as the lines that stand below `agents:`. */
export type Sessions = {
  readonly stanzas: readonly string[];
  /** Of those in which nothing but a shell runs. */
  readonly shells: readonly string[];
};

/** What runs in the sessions of a tmux server that belong to no colony. Nothing of their environments is read. */
export async function sessionsOn(
  socket: string | undefined,
  environment: Readonly<Record<string, string>>,
): Promise<Result<Sessions, string>> {
  const seen = await survey(placeOf(socket), { binary: 'tmux', environment, timeout: PATIENCE });
  if (!seen.ok) return { ok: false, error: `tmux ${seen.error.command}: ${seen.error.why}` };
  const theirs = seen.value.filter(({ agent, anchor, dead }) => agent === '' && !anchor && !dead);
  const names = agentNames(theirs.map(({ name }) => name));
  const found = theirs.map(({ name, pid, folder }, at) => {
    const live = liveCommand(foregroundOf(pid)?.words ?? []);
    return { lines: stanza({ name: names[at] ?? name, folder, live }).trimEnd(), live };
  });
  const isShell = ({ live }: (typeof found)[number]) => SHELL.test(live.words.join(' '));
  return {
    ok: true,
    value: {
      stanzas: found.filter((each) => !isShell(each)).map(({ lines }) => lines),
      shells: found.filter(isShell).map(({ lines }) => lines),
    },
  };
}

/** A shell that nobody has told to run anything. */
const SHELL = /^(\S*\/)?(ba|z|fi|k|da|c|tc)?sh( --?[a-z-]+)*$|^$/;

function placeOf(socket: string | undefined): TmuxPlace {
  if (socket === undefined || socket === 'default') return { kind: 'default' };
  return socket.includes('/') ? { kind: 'path', path: socket } : { kind: 'name', name: socket };
}

export { agentName };
