import { byHand } from '../by-hand.ts';
import type { Define } from '../define.ts';

export const define: Define = (act) =>
  byHand('stop', 'Stop agents with all of their processes. It sticks, also over a reboot, until `colony start`.', act);
