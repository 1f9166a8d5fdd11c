import type { Millis } from '../../spec/define.ts';

/** Something that a person, or a program for one, wants to be typed into an agent. Kept in memory alone. */
export type Letter = {
  /** Unique in the life of this supervisor. */
  readonly id: string;
  readonly what: /** `submit`: press Enter behind it. `literal`: a beginning that means something to the program does not. */
    | { readonly text: string; readonly submit: boolean; readonly literal: boolean }
    /** tmux key names, or texts, pressed one after another. */
    | { readonly keys: readonly string[] };
  readonly when: 'now' | 'idle';
  /** Type it whatever is known of the program, also into a dialog. */
  readonly force: boolean;
  readonly since: Millis;
};
