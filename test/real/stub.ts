import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Directive, directiveOf } from '../rig/directives.mjs';
import { answerAnthropic } from './stub-anthropic.ts';
import { answerGemini } from './stub-gemini.ts';
import { answerOpenai } from './stub-openai.ts';

/** What was asked of the stub. */
export type Request = { readonly path: string; readonly body: Body; readonly at: number };

/** As much of a request as the stub looks at. */
export type Body = {
  readonly model?: string;
  readonly stream?: boolean;
  readonly tools?: readonly { readonly name?: string; readonly type?: string }[];
  readonly messages?: readonly Message[];
  readonly input?: readonly Item[];
  readonly contents?: readonly Content[];
};
export type Message = { readonly role: string; readonly content: string | readonly Part[] };
export type Item = {
  readonly type?: string;
  readonly role?: string;
  readonly content?: readonly Part[];
  readonly output?: unknown;
};
export type Content = { readonly role?: string; readonly parts?: readonly Part[] };
export type Part = {
  readonly type?: string;
  readonly text?: string;
  readonly content?: unknown;
  readonly functionResponse?: unknown;
};

/** One answer in the making: where it goes, and what all that came before has left. */
export type Exchange = {
  readonly response: ServerResponse;
  readonly body: Body;
  /** Numbers the requests; ids in answers are made of it. */
  readonly number: number;
  /** Whether this directive still strikes: it does so the first `times` times that its text is seen. */
  strikes(text: string, times: number): boolean;
};

/** A model API on loopback that does what the prompts say: of Anthropic, OpenAI and Google, as far as the programs use them. */
export class Stub {
  readonly requests: Request[] = [];
  readonly #server = createServer((request, response) => this.#serve(request, response));
  readonly #struck = new Map<string, number>();

  static async start(): Promise<Stub> {
    const stub = new Stub();
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const body = parse(Buffer.concat(pieces).toString());
      this.requests.push({ path, body, at: Date.now() });
      const exchange = { response, body, number: this.requests.length, strikes: this.#strikes };
      void answer(request.method ?? 'GET', path, exchange);
    });
  }

  readonly #strikes = (text: string, times: number): boolean => {
    const before = this.#struck.get(text) ?? 0;
    this.#struck.set(text, before + 1);
    return before < times;
  };

  /** How often this very text was the last that a person said, in requests for an answer. */
  asked(text: string): number {
    return this.requests.filter(({ body }) => (body.tools?.length ?? 0) > 0 && saidLast(body) === text).length;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}

async function answer(method: string, path: string, exchange: Exchange): Promise<void> {
  if (path.endsWith('/messages') && method === 'POST') return answerAnthropic(exchange);
  if (path.endsWith('/responses') && method === 'POST') return answerOpenai(exchange);
  const google = /:(streamG|g)enerateContent$/.exec(path);
  if (google) return answerGemini(exchange, google[1] === 'streamG');
  if (path.endsWith('/count_tokens')) return sendJson(exchange.response, 200, { input_tokens: 1500 });
  if (method === 'HEAD') return void exchange.response.writeHead(200).end();
  if (/\/models(\/|$)/.test(path))
    return sendJson(exchange.response, 200, { object: 'list', data: [], has_more: false });
  sendJson(exchange.response, 404, {
    type: 'error',
    error: { type: 'not_found_error', message: `no ${method} ${path}` },
  });
}

/** What a person said last, without what the program has added to it. */
export function saidLast(body: Body): string {
  return said(body).at(-1) ?? '';
}

/** All that a person has said, the last one last. */
export function said(body: Body): string[] {
  const anthropic = (body.messages ?? []).filter(({ role }) => role === 'user').map(({ content }) => textOf(content));
  const openai = (body.input ?? []).filter(({ role }) => role === 'user').map(({ content }) => textOf(content ?? []));
  const google = (body.contents ?? []).filter(({ role }) => role === 'user').map(({ parts }) => textOf(parts ?? []));
  return [...anthropic, ...openai, ...google].filter((text) => text !== '');
}

function textOf(content: string | readonly Part[]): string {
  const parts = typeof content === 'string' ? [{ text: content }] : content;
  return (
    parts
      .map(({ text = '' }) => text.replaceAll(/<system-reminder>[\s\S]*?<\/system-reminder>/g, '').trim())
      .filter((text) => text !== '')
      .at(-1) ?? ''
  );
}

/** How full the context is, in per cent: as the last directive about it says. */
export function contextOf(body: Body): number | undefined {
  const asked = said(body)
    .map(directiveOf)
    .findLast(({ op }) => op === 'CONTEXT');
  return asked?.numbers[0];
}

export const sendJson = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
};

/** Begin a stream of server-sent events; the answer sends one, unless the other side has gone. Type '': it has no name. */
export function stream(
  response: ServerResponse,
  headers: Record<string, string> = {},
): (type: string, more?: object) => boolean {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...headers });
  return (type, more = {}) => {
    if (response.destroyed) return false;
    const named = type === '' ? more : { type, ...more };
    response.write(`${type === '' ? '' : `event: ${type}\n`}data: ${JSON.stringify(named)}\n\n`);
    return true;
  };
}

export const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Say nothing for as long as the directive says, but that it is still there; until the other side has gone. */
export async function think({ numbers }: Directive, sign: () => boolean): Promise<void> {
  const [seconds = 1] = numbers;
  for (let second = 0; second < seconds && sign(); second += 1) await wait(1000);
}

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** An answer with an error, where the directive says so; whether there was one. */
export function refuses(
  { response, strikes }: Exchange,
  asked: Directive,
  text: string,
  shape: (type: string, message: string) => object,
): boolean {
  const [status = 500, times = Number.POSITIVE_INFINITY] = asked.numbers;
  if (asked.op !== 'ERR' || !strikes(text, times)) return false;
  sendJson(response, status, shape(TYPES[status] ?? 'api_error', `stub error ${status}`));
  return true;
}
