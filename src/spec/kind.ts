import { oneOf } from './define.ts';
import { KINDS } from './kinds.ts';

/** Which of the known programs an agent runs. */
export const Kind = oneOf(KINDS, {
  description: "What colony knows about the program; read from the command's program name.",
});
