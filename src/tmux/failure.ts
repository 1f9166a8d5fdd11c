import type { TmuxFailure } from './types.ts';

/** How to get tmux, for the one failure that a person can only mend by installing it. */
export const HOW_TO_INSTALL =
  'install it with `apt install tmux`, `dnf install tmux` or `brew install tmux`, or put it into PATH';

/**
 * What it means that tmux ended with an error and these words.
 *
 * Two sentences alone mean that no server runs. Everything else, permission denied and silence included, means that
 * nothing is known.
 */
export function failureFrom(command: string, said: string, code: number | null): TmuxFailure {
  const why = said.trim();
  if (why === '') return { code: 'unreachable', command, why: `tmux ended with exit code ${code} and said nothing` };
  return { code: meansNoServer(why) ? 'no_server' : 'unreachable', command, why: shortened(why) };
}

function meansNoServer(why: string): boolean {
  return /^no server running on /m.test(why) || /^error connecting to .* \(No such file or directory\)$/m.test(why);
}

/**
 * Whether an opening may have met a server that was just ending: a moment later it is gone, or a new one can start.
 *
 * Such a server turns clients away, or lets one in and closes the connection before anything was said.
 */
export function isDying(failure: TmuxFailure): boolean {
  if (failure.code === 'closed') return true;
  return failure.code === 'unreachable' && /server exited|lost server|exit code 0 and said nothing/.test(failure.why);
}

/** tmux's first words are enough, and a program that is not tmux may say a lot. */
function shortened(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}…`;
}
