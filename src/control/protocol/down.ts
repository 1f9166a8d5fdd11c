export type DownRequest = {
  /** Leave the agents running and end the supervisor alone. */
  readonly supervisor_only: boolean;
  /** Only this very supervisor is meant: one that has taken its place stays. */
  readonly pid?: number;
  /** Kill what has to end, also where it is being asked to end already; no hook is asked. */
  readonly now?: boolean;
};
