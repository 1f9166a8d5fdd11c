/** A release of tmux. */
export type TmuxVersion = {
  /** As tmux writes it, such as `3.3a`. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  /** `a` in `3.3a`; empty for the first release of a series. */
  readonly patch: string;
};

/** The oldest release with everything that colony uses. */
export const OLDEST = '3.2a';

/**
 * Read what `tmux -V` or `#{version}` says; undefined if that is no version.
 *
 * `next-3.6` is what becomes 3.6. A build without a number (`master`, `openbsd-7.4`) is newer than every release.
 */
export function parseVersion(said: string): TmuxVersion | undefined {
  const text = said.trim().replace(/^tmux /, '');
  const release = /^(?:next-)?(\d+)\.(\d+)([a-z]?)(?:-.*)?$/.exec(text);
  if (release) return { text, major: Number(release[1]), minor: Number(release[2]), patch: release[3] ?? '' };
  if (/^(master|openbsd-[\d.]+)$/.test(text)) return { text, major: Number.POSITIVE_INFINITY, minor: 0, patch: '' };
  return undefined;
}

/** Whether this release lacks something that colony needs. */
export function isTooOld(version: TmuxVersion): boolean {
  return isBefore(version, 3, 2, 'a');
}

/**
 * Whether this release can miss that a child ended, so that neither exit status nor hook ever comes.
 *
 * Up to 3.5, a build with utempter resets SIGCHLD while its helper runs, and a signal of that moment is lost.
 */
export function losesExits(version: TmuxVersion): boolean {
  return isBefore(version, 3, 6, '');
}

function isBefore(version: TmuxVersion, major: number, minor: number, patch: string): boolean {
  if (version.major !== major) return version.major < major;
  if (version.minor !== minor) return version.minor < minor;
  return version.patch < patch;
}
