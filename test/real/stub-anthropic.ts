import { answerTo, type Directive, directiveOf, limitOf } from '../rig/directives.mjs';
import {
  type Body,
  contextOf,
  type Exchange,
  type Part,
  refuses,
  saidLast,
  sendJson,
  stream,
  think,
  wait,
} from './stub.ts';

/** The context of the model that Claude Code takes by itself. */
const WINDOW = 1_000_000;
const LIMIT = 'anthropic-ratelimit-unified-';

type Tool = { readonly name: string; readonly input: object };

/** The Messages API, streaming or not. */
export async function answerAnthropic(exchange: Exchange): Promise<void> {
  const { response, body, number } = exchange;
  const asked = wish(body);
  if (asked.op === 'HANG') return;
  const shape = (type: string, message: string) => ({ type: 'error', error: { type, message } });
  if (refuses(exchange, asked, saidLast(body), shape)) return;
  if (asked.op === 'RATELIMIT' && limited(exchange, asked)) return;
  if (asked.op === 'LIMITED') return refused(exchange, { [`${LIMIT}status`]: 'rejected' });
  const tool = toolOf(asked, body);
  const said = asked.op === 'RESULT' ? { gap: 20, words: [`stub: tool said ${asked.rest}`] } : answerTo(asked);
  const cache = { cache_creation_input_tokens: 200, cache_read_input_tokens: cached(body) };
  const usage = { input_tokens: 1000, ...cache, output_tokens: 42 };
  const about = {
    id: `msg_${number}`,
    type: 'message',
    role: 'assistant',
    model: body.model,
    stop_sequence: null,
    usage,
  };
  const stop = { stop_reason: tool ? 'tool_use' : 'end_turn', stop_sequence: null };
  if (body.stream)
    return streamed(exchange, {
      asked,
      tool,
      said,
      usage,
      stop,
      message: { ...about, content: [], stop_reason: null },
    });
  const text = { type: 'text', text: said.words.join('') };
  sendJson(response, 200, {
    ...about,
    ...stop,
    content: [tool ? { type: 'tool_use', id: `toolu_${number}`, ...tool } : text],
  });
}

type Answer = {
  readonly asked: Directive;
  readonly tool: Tool | undefined;
  readonly said: ReturnType<typeof answerTo>;
  readonly usage: object;
  readonly stop: object;
  readonly message: object;
};

async function streamed(exchange: Exchange, { asked, tool, said, usage, stop, message }: Answer): Promise<void> {
  const send = stream(exchange.response, allowed());
  send('message_start', { message });
  if (asked.op === 'THINK') await think(asked, () => send('ping'));
  if (tool) sendTool(send, tool, exchange.number);
  else if (!(await sendText(send, said, asked, exchange))) return;
  send('content_block_stop', { index: 0 });
  send('message_delta', { delta: stop, usage });
  send('message_stop');
  exchange.response.end();
}

/** What is wanted: of a request without tools, which only names or summarises things, nothing but an answer. */
function wish(body: Body): Directive {
  if ((body.tools?.length ?? 0) === 0) return { op: 'ECHO', rest: 'a side request', numbers: [] };
  const last = body.messages?.findLast(({ role }) => role === 'user')?.content ?? [];
  const parts: readonly Part[] = typeof last === 'string' ? [{ type: 'text', text: last }] : last;
  const results = parts.filter(({ type }) => type === 'tool_result');
  const own = parts.filter(
    ({ type, text = '' }) => type === 'text' && !text.trimStart().startsWith('<system-reminder>'),
  );
  if (results.length > 0 && own.length === 0)
    return { op: 'RESULT', rest: JSON.stringify(results.map(({ content }) => content)).slice(0, 200), numbers: [] };
  return directiveOf(saidLast(body));
}

const cached = (body: Body) => Math.max(300, Math.round(((contextOf(body) ?? 0) / 100) * WINDOW) - 1200);

/** What a subscription's answers say of its limits. */
function allowed(): Record<string, string> {
  const now = Math.floor(Date.now() / 1000);
  const of = (name: string, used: string, seconds: number) => ({
    [`${LIMIT}${name}-status`]: 'allowed',
    [`${LIMIT}${name}-utilization`]: used,
    [`${LIMIT}${name}-reset`]: String(now + seconds),
  });
  const head = {
    [`${LIMIT}status`]: 'allowed',
    [`${LIMIT}reset`]: String(now + 3600),
    [`${LIMIT}representative-claim`]: 'five_hour',
  };
  return { ...head, ...of('5h', '0.42', 3600), ...of('7d', '0.13', 86_400) };
}

const resets = new Map<string, number>();

/** The usage limit, until it is reset; whether it struck. */
function limited({ response, body, strikes }: Exchange, asked: Directive): boolean {
  const { times, seconds } = limitOf(asked);
  const text = saidLast(body);
  const now = Math.floor(Date.now() / 1000);
  const reset = resets.get(text) ?? now + seconds;
  resets.set(text, reset);
  // Claude Code asks again at once: all that it asks before the reset is one strike.
  if (now >= reset || !strikes(`${text}@${reset}@${now}`, Math.max(1, times) * 1000)) return false;
  const headers = {
    'retry-after': String(reset - now),
    [`${LIMIT}status`]: 'rejected',
    [`${LIMIT}reset`]: String(reset),
    [`${LIMIT}representative-claim`]: 'five_hour',
    [`${LIMIT}5h-status`]: 'rejected',
    [`${LIMIT}5h-utilization`]: '1.0',
    [`${LIMIT}5h-reset`]: String(reset),
    [`${LIMIT}overage-status`]: 'rejected',
  };
  refused({ response }, headers);
  return true;
}

function refused({ response }: Pick<Exchange, 'response'>, headers: Record<string, string>): void {
  const error = { type: 'rate_limit_error', message: 'stub: rate limited' };
  sendJson(response, 429, { type: 'error', error }, headers);
}

/** The tool that is wanted, under the name that it has in this request: opencode writes the names small. */
function toolOf(asked: Directive, { tools = [] }: Body): Tool | undefined {
  const tool = toolIn(asked);
  const name = tools.find((each) => each.name?.toLowerCase() === tool?.name.toLowerCase())?.name;
  return tool && { ...tool, name: name ?? tool.name };
}

function toolIn({ op, rest }: Directive): Tool | undefined {
  const [path = '', ...words] = rest.split(/\s+/);
  const options = ['Red', 'Blue'].map((label) => ({ label, description: label.slice(0, 1).toLowerCase() }));
  const tools: Readonly<Record<string, Tool>> = {
    BASH: { name: 'Bash', input: { command: rest, description: 'stub command' } },
    BGBASH: { name: 'Bash', input: { command: rest, description: 'stub command', run_in_background: true } },
    WRITE: { name: 'Write', input: { file_path: path, content: `${words.join(' ')}\n` } },
    AGENT: { name: 'Agent', input: { description: 'stub sub-agent', prompt: rest, subagent_type: 'general-purpose' } },
    ASKUSER: {
      name: 'AskUserQuestion',
      input: { questions: [{ question: 'Which colour?', header: 'Colour', multiSelect: false, options }] },
    },
  };
  return tools[op];
}

type Send = ReturnType<typeof stream>;

function sendTool(send: Send, { name, input }: Tool, number: number): void {
  send('content_block_start', {
    index: 0,
    content_block: { type: 'tool_use', id: `toolu_${number}`, name, input: {} },
  });
  send('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) } });
}

/** Whether the answer was said to its end. */
async function sendText(
  send: Send,
  said: ReturnType<typeof answerTo>,
  asked: Directive,
  { response, body, strikes }: Exchange,
): Promise<boolean> {
  send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  for (const text of said.words) {
    if (!send('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })) return false;
    await wait(said.gap);
  }
  if (asked.op === 'DROP' && strikes(saidLast(body), 1)) response.socket?.destroy();
  return !response.destroyed && asked.op !== 'HANGMID';
}
