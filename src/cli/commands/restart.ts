import { byHand } from '../by-hand.ts';
import type { Define } from '../define.ts';

export const define: Define = (act) =>
  byHand(
    'restart',
    'Restart agents in their panes, with the configuration that is in force. Does not count as a failure.',
    act,
  );
