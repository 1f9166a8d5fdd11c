import type { Millis } from '../../spec/define.ts';

/**
 * From the instant `since` of the colony's clock on that clock is `ahead` of the machine's; below 0: behind.
 *
 * The colony's clock stands still while the machine sleeps, and does not follow when the machine's is set.
 */
export type Offset = { readonly since: Millis; readonly ahead: Millis };
