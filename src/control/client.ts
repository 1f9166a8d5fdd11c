import { connect } from 'node:net';
import type { Millis, Result } from '../reconciler/types.ts';
import { VERSION } from '../version.ts';
import { PROTOCOL, PROTOCOL_HEADER, type Problem, VERSION_HEADER } from './protocol.ts';

/**
 * Why no answer came. `absent`: nobody listens there, so no supervisor runs. `silent`: somebody listens, and has not
 * answered within the time.
 */
export type CallFailure =
  | { readonly kind: 'absent' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** `unanswered`: not even the head of an answer came, as from a supervisor that is just leaving. */
  | { readonly kind: 'broken'; readonly why: string; readonly unanswered: boolean };

type Method = 'GET' | 'POST';

/**
 * A request for the colony of this very colony.yaml: two folders may use the same name, and so the same socket.
 */
export function addressed(request: string, configPath: string): string {
  return `${request}${request.includes('?') ? '&' : '?'}path=${encodeURIComponent(configPath)}`;
}

/** Ask the supervisor behind `socket` and read one JSON value. */
export async function call<T>(
  socket: string,
  method: Method,
  path: string,
  body?: unknown,
): Promise<Result<T, CallFailure>> {
  return guarded(async () => {
    let text = '';
    const code = await exchange({ socket, method, path, body }, (chunk) => {
      text += chunk;
    });
    const value: unknown = JSON.parse(text);
    if (code === 200) return { ok: true, value: value as T };
    return { ok: false, error: { kind: 'problem', problem: value as Problem } };
  }, `${method} ${path}`);
}

/** Ask the supervisor behind `socket` and hand over each line of its answer as it comes, at most `until` then. */
export async function stream<T>(
  socket: string,
  path: string,
  body: unknown,
  onValue: (value: T) => void,
  options: { readonly method?: Method; readonly until?: AbortSignal | undefined } = {},
): Promise<Result<void, CallFailure>> {
  const { method = 'POST', until } = options;
  return guarded(async () => {
    let refusal = '';
    const read = lineReader((line) => onValue(JSON.parse(line) as T));
    const code = await exchange({ socket, method, path, body, until }, (chunk, granted) => {
      if (granted === 200) read(chunk);
      else refusal += chunk;
    });
    if (code === 200) return { ok: true, value: undefined };
    return { ok: false, error: { kind: 'problem', problem: JSON.parse(refusal) as Problem } };
  }, `${method} ${path}`);
}

/** Takes text in pieces and hands over each line that holds anything, as soon as it is whole. */
function lineReader(onLine: (line: string) => void): (chunk: string) => void {
  let tail = '';
  return (chunk) => {
    const lines = (tail + chunk).split('\n');
    tail = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  };
}

/** Who asks: the supervisor compares it with itself, so that no command needs a question of its own for that. */
const SENDER = [`${VERSION_HEADER}: ${VERSION}`, `${PROTOCOL_HEADER}: ${PROTOCOL}`];

/** The head of an answer is due by then. A supervisor waits at most some seconds for tmux, and for nothing else. */
const ANSWER_DEADLINE: Millis = 30_000;

class Silence extends Error {}

class Unanswered extends Error {}

async function guarded<T>(ask: () => Promise<Result<T, CallFailure>>, what: string): Promise<Result<T, CallFailure>> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Silence) return { ok: false, error: { kind: 'silent' } };
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return { ok: false, error: { kind: 'absent' } };
    const why = error instanceof SyntaxError ? `its answer to ${what} is not JSON` : message;
    return { ok: false, error: { kind: 'broken', why, unanswered: error instanceof Unanswered } };
  }
}

type Request = {
  readonly socket: string;
  readonly method: Method;
  readonly path: string;
  readonly body: unknown;
  readonly until?: AbortSignal | undefined;
};

/**
 * Send one request, hand over the answer piece by piece, and give its code when it has ended.
 *
 * HTTP/1.0, whose answers end with the connection and come without chunks, so that a few lines do: loading node's own
 * HTTP client takes a third of the time of a whole `colony status`, and its streams as iterators a tenth.
 */
function exchange(request: Request, onBody: (chunk: string, code: number) => void): Promise<number> {
  const connection = connect(request.socket);
  const giveUp = () => connection.destroy(new Silence());
  const patience = setTimeout(giveUp, ANSWER_DEADLINE);
  request.until?.addEventListener('abort', giveUp);
  connection.setEncoding('utf8');
  connection.write(requestText(request));
  return new Promise<number>((resolve, reject) => {
    let head = '';
    let code: number | undefined;
    connection.on('data', (chunk: string) => {
      try {
        if (code !== undefined) return onBody(chunk, code);
        head += chunk;
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        clearTimeout(patience);
        code = Number(head.split(' ', 2)[1]);
        onBody(head.slice(end + 4), code);
      } catch (error) {
        connection.destroy(error as Error);
      }
    });
    connection.on('error', (error) => reject(code === undefined ? unanswered(error) : error));
    connection.on('close', () => {
      if (code === undefined) reject(new Unanswered('the supervisor ended the connection without an answer'));
      else resolve(code);
    });
  }).finally(() => clearTimeout(patience));
}

function requestText({ method, path, body }: Request): string {
  const payload = body === undefined ? '' : JSON.stringify(body);
  const head = [`${method} ${path} HTTP/1.0`, 'host: colony', 'content-type: application/json', ...SENDER];
  return `${[...head, `content-length: ${Buffer.byteLength(payload)}`].join('\r\n')}\r\n\r\n${payload}`;
}

/** A connection that is cut before the answer: both ends may notice first. */
function unanswered(error: NodeJS.ErrnoException): Error {
  return error.code === 'EPIPE' || error.code === 'ECONNRESET' ? new Unanswered(error.message) : error;
}
