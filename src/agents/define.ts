import type { AgentName, ConversationId, Kind, Saying } from '../reconciler/types.ts';

/** How a new life takes up a conversation. `id` undefined: the program chooses the id of a new one. */
export type Start =
  | { readonly do: 'new'; readonly id: ConversationId | undefined }
  | { readonly do: 'resume'; readonly id: ConversationId };

/** What a program is to be started with, beside what the user has written. */
export type Order = {
  readonly agent: AgentName;
  readonly start: Start;
  /** The first task of a new conversation. */
  readonly prompt: string | undefined;
  /** A file with settings that colony has written for this life, for kinds that take one. */
  readonly settings: string | undefined;
  /** The words of the user's command, as far as they can be read without a shell. */
  readonly words: readonly string[];
  /** A folder of colony's own, for conversations that no program has a place of its own for. */
  readonly folder: string;
};

/** How a program is started so. */
export type Launching = {
  /** They follow the words of the user's command. */
  readonly words: readonly string[];
  /** Below what the user sets. */
  readonly env: Readonly<Record<string, string>>;
  /** The prompt is not among the words: it has to be typed once the program can take it. */
  readonly promptIsTyped: boolean;
};

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
  /** Variables that say where conversations are kept: with other ones, no earlier conversation is found. */
  readonly homes: readonly string[];
  /** What it prints when it ends at once because it has no conversation of this id, or because it has one already. */
  readonly refuses: readonly string[];
  readonly taken: readonly string[];
  readonly conflicts: readonly Conflict[];
};

/** Where a rule looks: on all lines of the screen that hold anything, or on the last of them. */
export type Region = 'screen' | { readonly bottom: number };

/** What it means if a screen of a kind looks like this. The first rule that fits decides. */
export type ScreenRule = {
  /** Names the rule in `colony why` and in tests. */
  readonly id: string;
  readonly says: Saying | 'nothing';
  readonly region: Region;
  /** All of them must match. */
  readonly all: readonly RegExp[];
  /** None of them may. */
  readonly none?: readonly RegExp[];
  /** Takes the reset time of a limit, as the screen tells it, out of a match. */
  readonly until?: (screen: string) => string | undefined;
};

export type { Kind };
