import type { Told } from './types.ts';

/** What is known of a program that nothing is known of. */
export const nothingTold: Told = {
  evidence: [],
  telemetry: undefined,
  conversation: undefined,
  answer: undefined,
  marker: undefined,
  prompted: undefined,
  account: undefined,
};
