import { EXIT } from '../control/protocol.ts';
import { VERSION } from '../version.ts';

/** Output that is sent to a file is written where nobody can catch what fails. */
function isFull(error: unknown): error is NodeJS.ErrnoException {
  const { syscall, code = '' } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return syscall === 'write' && ['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG'].includes(code);
}

/** Expected failures are values, so whatever is thrown and reaches this place is a bug; it ends the program. */
export function reportBug(error: unknown): void {
  if (isFull(error)) {
    process.stderr.write(`colony: what it has to say cannot be written: ${error.message}\n`);
    process.exit(EXIT.failed);
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `colony: this is a bug in colony ${VERSION}. What runs keeps running.\n` +
      `Please report it with the command line and these lines:\n${trace}\n`,
  );
  process.exit(EXIT.failed);
}
