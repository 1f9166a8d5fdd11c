import { readFileSync } from 'node:fs';
import { type Judgement, judgeScreen } from '../agents/screen.ts';
import { EXIT } from '../control/protocol.ts';
import type { Kind, Result } from '../reconciler/types.ts';
import type { Failure } from './failure.ts';

/** Colours and other attributes, as `capture-pane -e` writes them. */
const ATTRIBUTES = /\u001b\[[0-9;:]*m/g;

/** What the rules for a kind say of the screen in a file; `-`: of what comes on standard input. */
export function judgeFile(file: string, kind: Kind): Result<Judgement, Failure> {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, error: { exit: EXIT.failed, text: `the screen cannot be read: ${why}` } };
  }
  const judgement = judgeScreen(kind, text.replace(ATTRIBUTES, '').split(/\r?\n/));
  if (judgement) return { ok: true, value: judgement };
  const hint = 'then a screen says nothing, and what else is known of the program counts';
  return { ok: false, error: { exit: EXIT.failed, text: `no rule for the kind ${kind} fits this screen`, hint } };
}
