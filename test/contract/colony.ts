import { awkwardTexts } from './colony/awkward.ts';
import { conversations } from './colony/conversations.ts';
import { dialogs } from './colony/dialogs.ts';
import { outside } from './colony/outside.ts';
import type { Kind } from './colony/words.ts';
import type { Program } from './driver.ts';
import { labTest } from './lab.ts';

/** What colony promises of agents that keep their conversation. The same holds with the fake programs and the real ones. */
export function colonyContract(kind: Kind, program: Program): void {
  const test = labTest(kind, program);
  conversations(test, kind);
  dialogs(test, kind);
  awkwardTexts(test);
  outside(test, kind);
}
