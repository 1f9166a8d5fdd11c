import { createHash, randomBytes } from 'node:crypto';

/**
 * The variable that marks every process of one command, wherever it has moved to in the process tree:
 * `<owner>.<command>`, where the owner is the colony, so that nobody touches the commands of another one.
 */
export const COMMAND_VARIABLE = 'COLONY_COMMAND_ID';

/** A command that has not ended, and the way to end it. */
export type Running = { readonly mark: string; readonly abort: () => void };

/** The commands that this process runs. A process serves one colony, so there is one register. */
const running = new Map<string, Running>();
let owner = digest(`process ${process.pid} ${randomBytes(8).toString('hex')}`);
let closed = false;

/**
 * Whose commands this process runs from now on: the folder of a colony, which no other colony has. What an earlier
 * process has left of this colony's commands can be told by it.
 */
export function serve(folder: string): void {
  owner = digest(folder);
}

/** A mark for a new command; undefined: no command is begun any more. */
export function newMark(): string | undefined {
  return closed ? undefined : `${owner}.${randomBytes(8).toString('hex')}`;
}

/** Note a command that was begun; the answer notes its end. */
export function register(command: Running): () => void {
  running.set(command.mark, command);
  return () => running.delete(command.mark);
}

/** Whether a process with this mark is left over from a command of this colony that has ended. */
export function isLeftOver(mark: string): boolean {
  return mark.startsWith(`${owner}.`) && !running.has(mark);
}

/** Begin no further command, and end those that run. */
export function close(): void {
  closed = true;
  for (const { abort } of running.values()) abort();
}

/** How many commands run. */
export function runningCommands(): number {
  return running.size;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
