import { connect } from 'node:net';
import type { Result } from '../reconciler/types.ts';
import type { Problem } from './protocol.ts';

/** Why no answer came. `absent`: nobody listens there, so no supervisor runs. */
export type CallFailure =
  | { readonly kind: 'absent' }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'broken'; readonly why: string };

type Method = 'GET' | 'POST';
type Answer = { readonly code: number; readonly body: AsyncGenerator<string> };

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
    const answer = await exchange(socket, method, path, body);
    const value: unknown = JSON.parse(await readAll(answer.body));
    if (answer.code === 200) return { ok: true, value: value as T };
    return { ok: false, error: { kind: 'problem', problem: value as Problem } };
  }, `${method} ${path}`);
}

/** Ask the supervisor behind `socket` and hand over each line of its answer as it comes. */
export async function stream<T>(
  socket: string,
  path: string,
  body: unknown,
  onValue: (value: T) => void,
  method: Method = 'POST',
): Promise<Result<void, CallFailure>> {
  return guarded(async () => {
    const answer = await exchange(socket, method, path, body);
    if (answer.code !== 200) {
      return { ok: false, error: { kind: 'problem', problem: JSON.parse(await readAll(answer.body)) as Problem } };
    }
    for await (const line of linesOf(answer.body)) onValue(JSON.parse(line) as T);
    return { ok: true, value: undefined };
  }, `${method} ${path}`);
}

async function guarded<T>(ask: () => Promise<Result<T, CallFailure>>, what: string): Promise<Result<T, CallFailure>> {
  try {
    return await ask();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return { ok: false, error: { kind: 'absent' } };
    const why = error instanceof SyntaxError ? `its answer to ${what} is not JSON` : message;
    return { ok: false, error: { kind: 'broken', why } };
  }
}

/**
 * Send one request and read the head of the answer.
 *
 * HTTP/1.0, whose answers end with the connection and come without chunks, so that a few lines do: loading node's own
 * HTTP client takes a third of the time of a whole `colony status`.
 */
async function exchange(socket: string, method: Method, path: string, body: unknown): Promise<Answer> {
  const connection = connect(socket);
  connection.setEncoding('utf8');
  const payload = body === undefined ? '' : JSON.stringify(body);
  const head = [`${method} ${path} HTTP/1.0`, 'host: colony', 'content-type: application/json'];
  connection.write(`${[...head, `content-length: ${Buffer.byteLength(payload)}`].join('\r\n')}\r\n\r\n${payload}`);
  const chunks = (connection as AsyncIterable<string>)[Symbol.asyncIterator]();
  let received = '';
  for (;;) {
    const end = received.indexOf('\r\n\r\n');
    if (end >= 0) return { code: Number(received.split(' ', 2)[1]), body: rest(received.slice(end + 4), chunks) };
    const next = await chunks.next();
    if (next.done) throw new Error('the supervisor ended the connection without an answer');
    received += next.value;
  }
}

async function* rest(first: string, chunks: AsyncIterator<string>): AsyncGenerator<string> {
  yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

async function readAll(body: AsyncGenerator<string>): Promise<string> {
  let text = '';
  for await (const chunk of body) text += chunk;
  return text;
}

async function* linesOf(body: AsyncGenerator<string>): AsyncGenerator<string> {
  let tail = '';
  for await (const chunk of body) {
    const lines = (tail + chunk).split('\n');
    tail = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
}
