import { answerTo, type Directive, directiveOf, limitOf } from '../rig/directives.mjs';
import { type Body, contextOf, type Exchange, refuses, saidLast, sendJson, stream, think, wait } from './stub.ts';

/** The context that Codex takes a model to have that it does not know. */
const WINDOW = 258_400;

/** The Responses API, streaming. */
export async function answerOpenai(exchange: Exchange): Promise<void> {
  const { response, body, number } = exchange;
  const asked = wish(body);
  if (asked.op === 'HANG') return;
  if (refuses(exchange, asked, saidLast(body), (type, message) => ({ error: { type, code: type, message } }))) return;
  if (asked.op === 'RATELIMIT' && limited(exchange, asked)) return;
  if (asked.op === 'LIMITED') return refused(exchange, {}, {});
  let sequence = 0;
  const plain = stream(response, used(42, 3600));
  const send = (type: string, more: object = {}) => plain(type, { sequence_number: sequence++, ...more });
  const base = {
    id: `resp_${number}`,
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    model: body.model,
    status: 'in_progress',
    output: [],
  };
  send('response.created', { response: base });
  if (asked.op === 'THINK') await think(asked, () => send('response.in_progress', { response: base }));
  const item = asked.op === 'BASH' ? sendCall(send, asked, exchange) : await sendText(send, asked, exchange);
  if (item === undefined) return;
  send('response.output_item.done', { output_index: 0, item });
  const input = Math.max(1000, Math.round(((contextOf(body) ?? 0) / 100) * WINDOW));
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 300 },
    output_tokens: 42,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + 42,
  };
  send('response.completed', { response: { ...base, status: 'completed', output: [item], usage } });
  response.end();
}

function wish(body: Body): Directive {
  if ((body.tools?.length ?? 0) === 0) return { op: 'ECHO', rest: 'a side request', numbers: [] };
  const last = body.input?.at(-1);
  if (/_output$/.test(last?.type ?? ''))
    return { op: 'RESULT', rest: JSON.stringify(last?.output).slice(0, 200), numbers: [] };
  return directiveOf(saidLast(body));
}

/** What the answers of a subscription say of its limits. */
function used(percent: number, seconds: number): Record<string, string> {
  const now = Math.floor(Date.now() / 1000);
  const of = (name: string, part: number, minutes: number, after: number) => ({
    [`x-codex-${name}-used-percent`]: part.toFixed(1),
    [`x-codex-${name}-window-minutes`]: String(minutes),
    [`x-codex-${name}-reset-at`]: String(now + after),
    [`x-codex-${name}-reset-after-seconds`]: String(after),
  });
  return {
    ...of('primary', percent, 300, seconds),
    ...of('secondary', 13, 10_080, 86_400),
    'x-codex-plan-type': 'plus',
  };
}

function limited({ response, body, strikes }: Exchange, asked: Directive): boolean {
  const { times, seconds } = limitOf(asked);
  if (!strikes(saidLast(body), times)) return false;
  const resets = { resets_at: Math.floor(Date.now() / 1000) + seconds, resets_in_seconds: seconds };
  refused({ response }, resets, used(100, seconds));
  return true;
}

function refused({ response }: Pick<Exchange, 'response'>, resets: object, headers: Record<string, string>): void {
  const about = { type: 'usage_limit_reached', message: 'The usage limit has been reached', plan_type: 'plus' };
  sendJson(response, 429, { error: { ...about, ...resets } }, headers);
}

type Send = (type: string, more?: object) => boolean;

/** Ask for the shell, under the name that it has in this request; a command after `!` is to leave the sandbox. */
function sendCall(send: Send, { rest }: Directive, { body, number }: Exchange): object {
  const names = (body.tools ?? []).map(({ name, type }) => name ?? type);
  const name = ['exec_command', 'shell_command', 'shell'].find((some) => names.includes(some)) ?? 'exec_command';
  const command = rest.replace(/^!/, '');
  const words = {
    exec_command: { cmd: command },
    shell_command: { command },
    shell: { command: ['bash', '-lc', command] },
  }[name];
  const leaves = rest.startsWith('!')
    ? { sandbox_permissions: 'require_escalated', justification: 'stub wants to leave the sandbox' }
    : {};
  const call = {
    type: 'function_call',
    id: `fc_${number}`,
    call_id: `call_${number}`,
    name,
    arguments: JSON.stringify({ ...words, ...leaves }),
    status: 'completed',
  };
  send('response.output_item.added', { output_index: 0, item: { ...call, arguments: '', status: 'in_progress' } });
  send('response.function_call_arguments.done', { output_index: 0, item_id: call.id, arguments: call.arguments });
  return call;
}

/** Say the answer; undefined where it was not said to its end. */
async function sendText(
  send: Send,
  asked: Directive,
  { response, body, number, strikes }: Exchange,
): Promise<object | undefined> {
  const { gap, words } =
    asked.op === 'RESULT' ? { gap: 20, words: [`stub: tool said ${asked.rest}`] } : answerTo(asked);
  const item = {
    type: 'message',
    id: `msg_${number}`,
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: words.join(''), annotations: [] }],
  };
  send('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } });
  send('response.content_part.added', {
    output_index: 0,
    content_index: 0,
    item_id: item.id,
    part: { type: 'output_text', text: '', annotations: [] },
  });
  for (const delta of words) {
    if (!send('response.output_text.delta', { output_index: 0, content_index: 0, item_id: item.id, delta }))
      return undefined;
    await wait(gap);
  }
  if (asked.op === 'DROP' && strikes(saidLast(body), 1)) response.socket?.destroy();
  return response.destroyed || asked.op === 'HANGMID' ? undefined : item;
}
