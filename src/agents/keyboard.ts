/** What of a screen has to be known for typing. Rows are counted from the top. */
export type View = {
  readonly lines: readonly string[];
  /** The same with blanks in the place of what is dim, as suggestions are that nobody has typed. */
  readonly bright: readonly string[];
  readonly cursor: { readonly x: number; readonly y: number; readonly shown: boolean };
};

/** How text is typed to programs of one kind. */
export type Keyboard = {
  /**
   * What stands in its box for input, and '' if nothing does; undefined: it shows none, so that something else gets what
   * is typed.
   */
  readonly box: (view: View) => string | undefined;
  /** What the box shows in the place of a long text. */
  readonly standIn: RegExp;
  /** What has to be typed so that the program takes the text as it is; it has more than blanks and no line break at its end. */
  readonly spell: (text: string) => string;
  /** What it takes for a command of its own however it is spelled. */
  readonly seized?: RegExp;
  /** What it says of a command that it does not know. */
  readonly unknown: RegExp | undefined;
  /** Empty one line of the box, and do nothing else, also if it is empty. */
  readonly wipe: readonly string[];
  /** Whether it tells by itself that it has taken a prompt; else nobody can know more than that the box is empty again. */
  readonly confirms: boolean;
  /**
   * The key that puts a draft aside, to come back by itself behind the next prompt; `taken`: what the screen shows while
   * one is put aside already, which another one would replace.
   */
  readonly aside?: { readonly key: string; readonly taken: RegExp };
};
