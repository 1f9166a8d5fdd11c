import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type {
  AdoptRequest,
  AgentsRequest,
  ApplyRequest,
  DownRequest,
  PlanRequest,
  Problem,
  SendRequest,
  WaitRequest,
} from '../control/protocol.ts';
import { EXIT, PROTOCOL, PROTOCOL_HEADER, VERSION_HEADER } from '../control/protocol.ts';
import { VERSION } from '../version.ts';
import { adopt } from './handlers/adopt.ts';
import { agents } from './handlers/agents.ts';
import { apply } from './handlers/apply.ts';
import { type Context, Refused } from './handlers/context.ts';
import { down } from './handlers/down.ts';
import { events } from './handlers/events.ts';
import { history } from './handlers/history.ts';
import { attach, logs } from './handlers/logs.ts';
import { checkPartner } from './handlers/partner.ts';
import { plan } from './handlers/plan.ts';
import { send as sendTo } from './handlers/send.ts';
import { nothingDesired, status } from './handlers/status.ts';
import { wait } from './handlers/wait.ts';
import { why } from './handlers/why.ts';
import { keepHistory } from './history/historian.ts';
import { otherFolder } from './owner.ts';
import { freshVitals } from './vitals/sync.ts';

/** The environment of a shell fits many times; more than this is not a request of ours. */
const BODY_LIMIT = 4 * 1024 * 1024;

type Route = (context: Context, url: URL, request: IncomingMessage, response: ServerResponse) => Promise<unknown>;

/** Answers that are one JSON value return it; those that stream write to the response themselves. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /v1/version': async () => ({ protocol: PROTOCOL, version: VERSION, pid: process.pid }),
  'GET /v1/status': async ({ colony, loop }) => {
    await freshVitals(colony);
    // Of everything else that changes, tmux tells by itself. Nothing may come between this look and the answer: what is
    // known of the world is old as soon as an operation ends.
    await loop.look('ended');
    return status(colony);
  },
  'GET /v1/why': async ({ colony, loop }, { searchParams }) => {
    await freshVitals(colony);
    await loop.look();
    return why(colony, colony.desired ?? nothingDesired(colony), status(colony), searchParams.get('agent') ?? '');
  },
  'POST /v1/plan': async ({ colony }, _url, request) => plan(colony, await body<PlanRequest>(request)),
  'POST /v1/apply': async (context, _url, request, response) =>
    apply(context, await body<ApplyRequest>(request), response),
  'POST /v1/down': async (context, _url, request, response) =>
    down(context, await body<DownRequest>(request), response),
  'POST /v1/start': async (context, _url, request, response) =>
    agents(context, 'start', await body<AgentsRequest>(request), response),
  'POST /v1/stop': async (context, _url, request, response) =>
    agents(context, 'stop', await body<AgentsRequest>(request), response),
  'POST /v1/restart': async (context, _url, request, response) =>
    agents(context, 'restart', await body<AgentsRequest>(request), response),
  'POST /v1/wait': async (context, _url, request, response) =>
    wait(context, await body<WaitRequest>(request), response),
  'POST /v1/adopt': async (context, _url, request) => adopt(context, await body<AdoptRequest>(request)),
  'POST /v1/send': async (context, _url, request, response) =>
    sendTo(context, await body<SendRequest>(request), response),
  'GET /v1/events': async ({ colony }, { searchParams }, _request, response) => events(colony, searchParams, response),
  'GET /v1/history': async ({ colony }, { searchParams }) => {
    keepHistory(colony);
    return history(colony, searchParams);
  },
  'GET /v1/logs': async ({ colony }, { searchParams }) =>
    logs(
      colony,
      searchParams.get('agent') ?? '',
      lines(searchParams.get('lines')),
      searchParams.get('previous') === '1',
    ),
  'GET /v1/attach': async ({ colony }, { searchParams }) =>
    attach(
      colony,
      searchParams.get('agent') ?? '',
      searchParams.get('read_only') === '1',
      searchParams.get('tmux') || undefined,
    ),
};

/** Listen on the control socket. The caller holds the lock, so a socket file that is there already is a dead one's. */
export function listen(socket: string, context: Context): Promise<Server> {
  rmSync(socket, { force: true });
  const server = createServer((request, response) => void answer(context, request, response));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => {
      chmodSync(socket, 0o600);
      resolve(server);
    });
  });
}

async function answer(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader(VERSION_HEADER, VERSION).setHeader(PROTOCOL_HEADER, PROTOCOL);
  try {
    const value = await granted(context, request, response);
    if (!response.headersSent) send(response, 200, value);
  } catch (error) {
    const problem = error instanceof Refused ? error.problem : bug(error);
    if (!response.headersSent) send(response, problem.code === 'internal' ? 500 : 409, problem);
    else response.end(`${JSON.stringify({ type: 'problem', problem })}\n`);
  }
}

/** The answer of the route; throws Refused if there is none, or if the request is meant for another colony. */
async function granted(context: Context, request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://colony');
  const asked = `${request.method} ${url.pathname}`;
  checkPartner(context.colony.name, asked, request.headers);
  const route = ROUTES[asked];
  if (!route) throw new Refused(badRequest(`there is no ${asked}`));
  const { name, path } = context.colony;
  if ((url.searchParams.get('path') ?? path) !== path) throw new Refused(otherFolder(name, path));
  context.colony.journal.look();
  return route(context, url, request, response);
}

function send(response: ServerResponse, code: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

async function body<T>(request: IncomingMessage): Promise<T> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT) throw new Refused(badRequest(`the request is longer than ${BODY_LIMIT} bytes`));
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as T;
  } catch {
    throw new Refused(badRequest('the request is not JSON'));
  }
}

function lines(text: string | null): number {
  const number = Number(text ?? 200);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Refused(badRequest(`\`lines\` must be a whole number above 0, got "${text}"`));
}

function badRequest(text: string): Problem {
  return { code: 'bad_request', exit: EXIT.usage, text };
}

function bug(error: unknown): Problem {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'internal', exit: EXIT.failed, text: `this is a bug in colony: ${text}` };
}
