/** What one agent can be; derived in every pass and never stored. */
export type Phase =
  | 'disabled'
  | 'pending'
  | 'starting'
  | 'ready'
  | 'degraded'
  | 'stopping'
  | 'stopped'
  | 'completed'
  | 'backoff'
  | 'held'
  | 'unknown';
