import { asFormat } from './quote.ts';

/** The most that one file takes, in the blocks that `ulimit -f` counts: 512 bytes by POSIX, 1 KiB in some shells. */
const MOST_BLOCKS = 131_072;

/**
 * The command of a pipe that adds to a file.
 *
 * tmux hands it to a shell, and before that expands it as a format and as a time, so that `#` and `%` have to be doubled.
 */
export function appendTo(path: string): string {
  const file = `'${path.replaceAll("'", "'\\''")}'`;
  return asFormat(`umask 077; ulimit -c 0; ulimit -f ${MOST_BLOCKS}; exec cat >> ${file}`).replaceAll('%', '%%');
}
