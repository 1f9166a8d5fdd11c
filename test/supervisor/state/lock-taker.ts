// Takes a lock when it is told to, says whether it got it, and lives on.
import { takeLock } from '../../../src/supervisor/state/lock.ts';

process.on('message', () => process.send?.(takeLock(process.argv[2] ?? '').ok));
process.send?.('ready');
