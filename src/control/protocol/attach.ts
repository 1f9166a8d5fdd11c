/** How to show an agent's session in the asking terminal. */
export type AttachReport = {
  readonly argv: readonly string[];
  /** Environment variables that must not reach the command. */
  readonly drop_env: readonly string[];
  readonly how: 'attach' | 'switch' | 'nested';
};
