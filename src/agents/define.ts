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
  /** A word that no other life is started with: a UUID. */
  readonly life: string;
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
