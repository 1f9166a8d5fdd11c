import type { ServerResponse } from 'node:http';
import type { Message, Problem } from '../../control/protocol.ts';
import type { Colony } from '../colony.ts';
import type { Loop } from '../loop.ts';

/** What every handler gets. Handlers check, record what is wanted, and answer; only the loop acts. */
export type Context = {
  readonly colony: Colony;
  readonly loop: Loop;
  /** Called after each pass when no other is due at once; the answer ends it. */
  readonly onRest: (listener: () => void) => () => void;
  /** End the supervisor and leave the agents. */
  readonly quit: (reason: string) => void;
};

/** A request that is not granted. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.text);
    this.problem = problem;
  }
}

/** Begin an answer of one JSON value a line. */
export function messages(response: ServerResponse): (message: Message) => void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  // The first line may be a long time in coming; that there is somebody who answers is said at once.
  response.flushHeaders();
  return (message) => {
    if (!response.writableEnded) response.write(`${JSON.stringify(message)}\n`);
  };
}
