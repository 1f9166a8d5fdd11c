/** The exit codes of the command line; scripts rely on them, so a number is never used for something else. */
export const EXIT = {
  done: 0,
  failed: 1,
  changesPending: 2,
  unwell: 3,
  noSuchAgent: 4,
  timedOut: 5,
  usage: 64,
  invalidConfig: 65,
  unavailable: 69,
  heldElsewhere: 75,
} as const;
