import type { Result, SessionId } from '../reconciler/types.ts';
import { confMark, globbed } from './conf.ts';
import type { Connection } from './connection.ts';
import { environmentChanges } from './global-environment.ts';
import { isOwn } from './place.ts';
import { type Command, programWords } from './quote.ts';
import type { OpenOptions, TmuxFailure } from './types.ts';
import { isTooOld, OLDEST, parseVersion, type TmuxVersion } from './version.ts';

/** Who the server is, and which session keeps us connected. */
export type Home = { readonly serverPid: number; readonly version: TmuxVersion; readonly anchor: SessionId };

/**
 * Make a server that was joined what this colony needs: its configuration as of now on a server of our own, nothing
 * but our own anchor on the user's.
 */
export async function settleIn(connection: Connection, options: OpenOptions): Promise<Result<Home, TmuxFailure>> {
  const target = `=${options.anchor.session}:`;
  const asked = await connection.run([
    ['set-option', '-t', target, '@colony_anchor', options.colony],
    ['set-option', '-t', target, 'destroy-unattached', 'off'],
    ['set-option', '-w', '-t', target, 'remain-on-exit', 'on'],
    ['display-message', '-p', '-t', target, '#{pid} #{session_id} #{pane_dead} #{version}'],
    ['display-message', '-p', '-t', target, '#{@colony_conf}'],
  ]);
  if (!asked.ok) return asked;
  const home = readHome(asked.value[3]?.[0] ?? '');
  if (!home.ok) return home;
  const { anchor, anchorDead } = home.value;
  const chores: Command[] = [
    ...(isOwn(options.place) ? ownChores(options, asked.value[4]?.[0] ?? '') : []),
    ...(anchorDead ? [revive(anchor, options)] : []),
  ];
  // One after the other and each by itself: that one is refused, such as a mistake in the user's file, stops no other.
  if (isOwn(options.place)) chores.push(...(await environmentChores(connection, options.environment)));
  for (const chore of chores) {
    const done = await connection.run([chore]);
    if (!done.ok && done.error.code !== 'refused') return done;
  }
  return home;
}

/** A server that was started earlier, with another environment, is brought up to this one. */
async function environmentChores(
  connection: Connection,
  wanted: Readonly<Record<string, string>>,
): Promise<readonly Command[]> {
  const shown = await connection.run([['show-environment', '-g']]);
  return shown.ok ? environmentChanges(shown.value[0] ?? [], wanted) : [];
}

function readHome(line: string): Result<Home & { readonly anchorDead: boolean }, TmuxFailure> {
  const command = 'display-message';
  const [, pid, anchor, dead, text] = /^(\d+) (\$\d+) ([01]) (.+)$/.exec(line) ?? [];
  const version = text === undefined ? undefined : parseVersion(text);
  if (pid === undefined || anchor === undefined || !version) {
    return { ok: false, error: { code: 'unreachable', command, why: `tmux says of itself \`${line.slice(0, 120)}\`` } };
  }
  if (isTooOld(version)) {
    const why = `the server that runs is tmux ${version.text}, and ${OLDEST} is the oldest that will do: restart it`;
    return { ok: false, error: { code: 'too_old', command, why } };
  }
  return { ok: true, value: { serverPid: Number(pid), anchor, version, anchorDead: dead === '1' } };
}

function ownChores(options: OpenOptions, mark: string): readonly Command[] {
  const conf = { colony: options.colony, ...options.conf };
  return [
    ...(mark === confMark(conf) ? [] : [['source-file', globbed(options.conf.path)] as const]),
    ...options.unset.map((key): Command => ['set-environment', '-g', '-r', key]),
  ];
}

function revive(anchor: SessionId, options: OpenOptions): Command {
  return ['respawn-pane', '-t', `${anchor}:`, '--', ...programWords(options.anchor.argv)];
}
