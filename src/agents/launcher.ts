import type { ConversationId } from '../reconciler/types.ts';
import type { Launching, Order } from './define.ts';

/** What is kept where: the child's own variables, and folders. */
export type Place = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The child's home folder. */
  readonly home: string;
  /** `Order.folder`. */
  readonly folder: string;
};

/** Words of a user's command that contradict what colony adds to it. */
export type Conflict = {
  readonly words: readonly string[];
  /** They are options, or the name of another command of the program. */
  readonly are: 'options' | 'commands';
  /** Why they do not go together, after "colony". */
  readonly why: string;
  /** `resume: never` lets them stand: then colony adds no words about a conversation. */
  readonly unless: 'resume-never' | undefined;
};

/** What is known of the options of a program that takes a bare word for a prompt. */
export type Grammar = {
  /** Options that take no word. */
  readonly bare: readonly string[];
  /** Options that take one. */
  readonly taking: readonly string[];
};

/** How programs of one kind are started, and how they go on with a conversation. */
export type Launcher = {
  /** Who chooses the id of a new conversation; `none`: there are no conversations. */
  readonly ids: 'assigned' | 'discovered' | 'none';
  readonly launch: (order: Order) => Launching;
  /**
   * Where a conversation is kept: folder and file names, `*` stands for any part of a name. undefined: nobody can tell
   * by looking.
   */
  readonly transcript: ((id: ConversationId, place: Place) => readonly [string, ...string[]]) | undefined;
  /** Whether anything was said, by what the file of a conversation holds, for kinds that write into it before; else what holds anything. */
  readonly said?: (content: string) => boolean;
  /** Variables that say where conversations are kept: with other ones, no earlier conversation is found. */
  readonly homes: readonly string[];
  /** What it prints when it ends at once because it has no conversation of this id, or because it has one already. */
  readonly refuses: readonly string[];
  readonly taken: readonly string[];
  readonly conflicts: readonly Conflict[];
  /** undefined: a bare word is no prompt to it. */
  readonly grammar: Grammar | undefined;
};
