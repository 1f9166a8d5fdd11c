import { byHand } from '../by-hand.ts';
import type { Define } from '../define.ts';

export const define: Define = (act) =>
  byHand('start', 'Start agents that were stopped by hand or are held, and forget their failures.', act);
