import { EXIT } from '../control/protocol.ts';
import { VERSION } from '../version.ts';

/** Expected failures are values, so whatever is thrown and reaches this place is a bug; it ends the program. */
export function reportBug(error: unknown): void {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `colony: this is a bug in colony ${VERSION}. What runs keeps running.\n` +
      `Please report it with the command line and these lines:\n${trace}\n`,
  );
  process.exit(EXIT.failed);
}
