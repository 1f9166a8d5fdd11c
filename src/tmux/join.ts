import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Result } from '../reconciler/types.ts';
import { confText } from './conf.ts';
import { writeConf } from './conf-file.ts';
import { Connection, type ConnectionEvents } from './connection.ts';
import type { Program } from './exec.ts';
import { isOwn, placeFlags } from './place.ts';
import { asArgv, programWords } from './quote.ts';
import type { OpenOptions, TmuxFailure } from './types.ts';

type Opened = Promise<Result<Connection, TmuxFailure>>;

/** Keeps windows from being resized to this client, and their output from being sent to it. */
const QUIET = ['-f', 'ignore-size,no-output'] as const;

/**
 * Connect as a control client that is attached to the anchor, which is made if it is not there; with `start`, so is
 * the server.
 *
 * Attaching is tried first, although `new-session -A` does both: tmux that is told to end while such a client comes in
 * may still make its session, and then it neither ends nor lets anybody in again.
 */
export async function joinServer(options: OpenOptions, program: Program, events: ConnectionEvents): Opened {
  const failed = configure(options);
  if (failed) return failed;
  const attached = await joinAgain(options, `=${options.anchor.session}`, program, events);
  if (attached.ok) return attached;
  const { code } = attached.error;
  if (code === 'refused' || (code === 'no_server' && options.start)) return makeAnchor(options, program, events);
  return attached;
}

/** Whoever starts no server may also be somebody who only looks at a colony that was never applied: no folder is made. */
function configure({ place, colony, conf, start }: OpenOptions): Result<never, TmuxFailure> | undefined {
  if (!isOwn(place) || (!start && !existsSync(dirname(conf.path)))) return undefined;
  const why = writeConf(conf.path, confText({ colony, ...conf }));
  return why === undefined || !start
    ? undefined
    : { ok: false, error: { code: 'unreachable', command: 'attach-session', why } };
}

/** Whoever comes second joins what the first has made: two supervisors at once cannot make two servers. */
function makeAnchor(options: OpenOptions, program: Program, events: ConnectionEvents): Opened {
  const { place, anchor } = options;
  const args = [
    '-u',
    ...placeFlags(place),
    ...(isOwn(place) ? ['-f', options.conf.path] : []),
    ...(options.start ? [] : ['-N']),
    '-C',
    ...asArgv(['new-session', '-A', '-s', anchor.session, ...QUIET, '--', ...programWords(anchor.argv)]),
  ];
  return options.start
    ? sheltered(options, program, args, events)
    : Connection.open(program, 'new-session', args, events);
}

/** A shelter that fails has made nothing, or what the next attempt joins. */
async function sheltered(
  options: OpenOptions,
  program: Program,
  args: readonly string[],
  events: ConnectionEvents,
): Opened {
  let why: string | undefined;
  for (const { argv, environment } of options.shelters ?? []) {
    const [binary, ...words] = argv;
    const wrapped = { ...program, binary, environment: { ...program.environment, ...environment } };
    const opened = await Connection.open(wrapped, 'new-session', [...words, program.binary, ...args], events);
    if (opened.ok) return opened;
    why = opened.error.why;
  }
  if (why !== undefined) options.onUnsheltered?.(why);
  return Connection.open(program, 'new-session', args, events);
}

/** One more client that is attached to the anchor. Makes nothing. */
export function joinAgain(options: OpenOptions, anchor: string, program: Program, events: ConnectionEvents): Opened {
  const args = ['-u', ...placeFlags(options.place), '-N', '-C', 'attach-session', ...QUIET, '-t', anchor];
  return Connection.open(program, 'attach-session', args, events);
}
