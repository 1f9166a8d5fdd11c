import { answerTo, type Directive, directiveOf } from '../rig/directives.mjs';
import { type Body, type Exchange, refuses, said, saidLast, sendJson, stream, think, wait } from './stub.ts';

/** What the routing of Gemini CLI asks for: how hard a task is, in JSON. */
const SIDE = JSON.stringify({ complexity_reasoning: 'a stub', complexity_score: 1 });

/** The API of Gemini, streaming or not. */
export async function answerGemini(exchange: Exchange, streaming: boolean): Promise<void> {
  const { response, body } = exchange;
  const asked = wish(body);
  if (asked.op === 'HANG') return;
  if (refuses(exchange, asked, saidLast(body), failure)) return;
  if (asked.op === 'RATELIMIT') return sendJson(response, 429, EXHAUSTED);
  const about = { usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 42, totalTokenCount: 1042 } };
  const chunk = (part: object, end = false) => ({
    ...about,
    modelVersion: 'stub',
    candidates: [{ index: 0, content: { role: 'model', parts: [part] }, ...(end ? { finishReason: 'STOP' } : {}) }],
  });
  if (!streaming) return sendJson(response, 200, chunk({ text: SIDE }, true));
  const send = stream(response);
  if (asked.op === 'THINK') await think(asked, () => !response.destroyed);
  const part = asked.op === 'BASH' ? callOf(asked) : await sayAll((text) => send('', chunk({ text })), exchange, asked);
  if (part === undefined) return;
  send('', chunk(part, true));
  response.end();
}

function wish(body: Body): Directive {
  if ((body.tools?.length ?? 0) === 0) return { op: 'ECHO', rest: 'a side request', numbers: [] };
  const results = body.contents?.at(-1)?.parts?.flatMap(({ functionResponse }) => functionResponse ?? []) ?? [];
  if (results.length > 0) return { op: 'RESULT', rest: JSON.stringify(results).slice(0, 200), numbers: [] };
  return directiveOf(said(body).at(-1) ?? '');
}

const STATUS: Readonly<Record<string, string>> = {
  invalid_request_error: 'INVALID_ARGUMENT',
  authentication_error: 'UNAUTHENTICATED',
  permission_error: 'PERMISSION_DENIED',
  rate_limit_error: 'RESOURCE_EXHAUSTED',
};

function failure(type: string, message: string): object {
  return { error: { code: Number(message.split(' ').at(-1)), status: STATUS[type] ?? 'UNAVAILABLE', message } };
}

/** What stands in an answer when a day's quota is used up. */
const EXHAUSTED = {
  error: {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: 'You exceeded your current quota.',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier', quotaValue: '250' }],
      },
    ],
  },
};

const callOf = ({ rest }: Directive) => ({
  functionCall: { name: 'run_shell_command', args: { command: rest, description: 'stub command' } },
});

/** Say all words but the last, which is given back; undefined where it was not said to its end. */
async function sayAll(
  send: (text: string) => boolean,
  { response, body, strikes }: Exchange,
  asked: Directive,
): Promise<object | undefined> {
  const { gap, words } =
    asked.op === 'RESULT' ? { gap: 20, words: [`stub: tool said ${asked.rest}`] } : answerTo(asked);
  for (const text of words.slice(0, -1)) {
    if (!send(text)) return undefined;
    await wait(gap);
  }
  if (asked.op === 'DROP' && strikes(saidLast(body), 1)) response.socket?.destroy();
  return response.destroyed || asked.op === 'HANGMID' ? undefined : { text: words.at(-1) };
}
