/** What a piece of text means; the renderers never name a colour. */
export type Style = 'good' | 'changing' | 'bad' | 'quiet' | 'strong';

/** Lay a style over a text. */
export type Paint = (style: Style, text: string) => string;

/** The SGR codes that switch each style on and off. */
const CODES: { readonly [S in Style]: readonly [on: number, off: number] } = {
  good: [32, 39],
  changing: [33, 39],
  bad: [31, 39],
  quiet: [2, 22],
  strong: [1, 22],
};

export const plain: Paint = (_style, text) => text;

export const ansi: Paint = (style, text) => {
  const [on, off] = CODES[style];
  return text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`;
};

type ColourEnvironment = {
  readonly NO_COLOR?: string | undefined;
  readonly FORCE_COLOR?: string | undefined;
  readonly TERM?: string | undefined;
};

/**
 * Whether text for people is coloured.
 *
 * FORCE_COLOR stands above NO_COLOR, as in Node itself; an empty variable counts as not set (no-color.org).
 */
export function wantsColour(isTerminal: boolean, env: ColourEnvironment): boolean {
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return isTerminal && env.TERM !== 'dumb';
}
