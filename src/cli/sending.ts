import { createReadStream } from 'node:fs';
import { LONGEST_TEXT, tooLong } from '../agents/prompting.ts';
import { addressed, stream } from '../control/client.ts';
import { EXIT, type Message, type SendOutcome, type SendRequest } from '../control/protocol.ts';
import type { Result } from '../reconciler/types.ts';
import { whyNot } from './ask.ts';
import type { Colony } from './colony.ts';
import { type Failure, failureOf } from './failure.ts';

export type Sent = Extract<Message, { type: 'sent' }>;

/** The exit code that stands for an outcome. */
export const EXIT_OF: Readonly<Record<SendOutcome, number>> = {
  delivered: EXIT.done,
  typed: EXIT.done,
  refused: EXIT.failed,
  failed: EXIT.failed,
  timed_out: EXIT.timedOut,
};

/** Where the text is to be taken from. */
export type Origin =
  | { readonly from: 'words'; readonly words: readonly string[] }
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'stdin' };

/** The text, without the line break that files and commands end with. Of one that is too long no more is read than tells so. */
export async function textFrom(origin: Origin): Promise<Result<string, Failure>> {
  if (origin.from === 'words') return { ok: true, value: origin.words.join(' ') };
  const what = origin.from === 'file' ? origin.path : 'the text on the standard input';
  try {
    const bytes = await bytesIn(origin.from === 'file' ? createReadStream(origin.path) : process.stdin);
    if (bytes.length > LONGEST_TEXT + LINE_BREAK) return unsent(`${what} cannot be typed: ${tooLong(undefined)}`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { ok: true, value: text.replace(/\r?\n$/, '') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      error instanceof TypeError ? 'it is not text in UTF-8' : code === 'ENOENT' ? 'it does not exist' : message;
    return unsent(`${what} cannot be read: ${why}`);
  }
}

/** The bytes of the line break that is left out. */
const LINE_BREAK = 2;

/** A command may write without end, and whoever has started this one may have made its standard input one that does not block. */
async function bytesIn(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > LONGEST_TEXT + LINE_BREAK) break;
  }
  return Buffer.concat(chunks);
}

function unsent(text: string): Result<never, Failure> {
  return { ok: false, error: { exit: EXIT.failed, text } };
}

/** Ask the supervisor to type, and wait until it has; without one nobody can. `onQueued` is told why it waits. */
export async function sendTo(
  colony: Colony,
  request: SendRequest,
  onQueued: (text: string) => void,
): Promise<Result<Sent, Failure>> {
  let last: Result<Sent, Failure> | undefined;
  const hear = (message: Message) => {
    if (message.type === 'queued') onQueued(message.text);
    else if (message.type === 'sent') last = { ok: true, value: message };
    else if (message.type === 'problem') last = { ok: false, error: failureOf(message.problem) };
  };
  const ended = await stream(colony.socket, addressed('/v1/send', colony.path), request, hear);
  if (last) return last;
  if (!ended.ok) return { ok: false, error: await whyNot(colony, ended.error) };
  const text = `the supervisor of ${colony.name} went away before it said whether ${request.agent} got it`;
  return { ok: false, error: { exit: EXIT.unavailable, text } };
}
