/**
 * A blank in front: the first character then has no meaning of its own, and programs take no notice of the blank.
 *
 * `/etc/hosts` is no command, and is left alone.
 */
export function plainStart(text: string, special: RegExp): string {
  return special.test(text) && !/^\/[^\s/]*\//.test(text) ? ` ${text}` : text;
}

/** A blank behind: what the text ends with is over then, be it a name to complete or a line to go on with. */
export function plainEnd(text: string, special: RegExp): string {
  return special.test(text) ? `${text} ` : text;
}

/** The name of a file, or of anything else that a list of suggestions opens for: Enter would choose from the list. */
export const COMPLETES = /(?:^|\s)[@$][^\s]*$/;

/** Enter behind it begins another line. */
export const CONTINUES = /\\$/;
