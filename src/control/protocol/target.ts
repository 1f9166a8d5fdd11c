/** Which configuration a request is about, and the shell it was asked from. */
export type Target = {
  /** Absolute path of colony.yaml. */
  readonly path: string;
  readonly profiles: readonly string[];
  /** The asking shell's environment: the captured one if this is the first, else compared with it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names or globs; empty for all. */
  readonly targets: readonly string[];
  /** Whether texts for people may hold colour codes. */
  readonly colour: boolean;
};
