// One turn of the fake Claude Code: what it does with a prompt, what it writes down, and which hooks it calls.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { answerTo, directiveOf, limitOf } from './directives.mjs';
import { HIDDEN, PermissionDialog, QuestionDialog } from './fake-claude-dialogs.mjs';
import { clock, resetClock } from './fake-claude-screen.mjs';

/** What makes a turn end before its time. */
class Interrupted extends Error {}
/** The API said no, for good; `kind` is the word of the StopFailure hook. */
class Refused extends Error {
  constructor(kind, text, ghost) {
    super(text);
    Object.assign(this, { kind, ghost });
  }
}

const REJECTED = "The user doesn't want to proceed with this tool use. The tool use was rejected.";
const VERBS = ['Brewed', 'Cooked', 'Churned', 'Worked', 'Crunched', 'Sautéed', 'Cogitated'];
/** After a permission dialog has been open for so long, a notification follows. */
const NOTIFY_AFTER = 6000;

/**
 * Take the prompts that were given, and carry the turn to its end: done, failed or interrupted.
 *
 * The hook of a prompt was called when it was typed. What was queued in the meantime is taken afterwards, in one turn.
 */
export async function runTurn(me, prompts, { shown = true, written = true } = {}) {
  const turn = { began: Date.now(), controller: new AbortController(), spoke: false, prompt: prompts.at(-1) };
  me.turn = turn;
  me.ghost = undefined;
  me.limit = undefined;
  me.promptId = crypto.randomUUID();
  me.setStatus('busy');
  for (const prompt of prompts) {
    if (written) me.transcript.user(prompt, me.mode, me.promptId);
    if (shown) me.say(['❯ ', prompt.trim()]);
  }
  try {
    await obey(me, turn, prompts.at(-1));
    await end(me, turn);
  } catch (error) {
    if (error instanceof Interrupted) interrupted(me, turn);
    else if (error instanceof Refused) await failed(me, turn, error);
    else throw error;
  }
  const queued = me.queue.splice(0);
  if (queued.length > 0) return runTurn(me, queued);
  void settle(me);
}

/** When the turn is over for good: the record says so, and a moment later the status line is asked. */
async function settle(me) {
  me.turn = undefined;
  me.setStatus(me.background > 0 ? 'busy' : me.shells > 0 ? 'shell' : 'idle');
  me.draw();
  await pause(300);
  await me.hooks.status();
}

async function end(me, turn) {
  const seconds = Math.round((Date.now() - turn.began) / 1000);
  const text = turn.answer ?? '';
  const tasks = [
    ...Array(me.background).fill({
      type: 'subagent',
      status: 'running',
      description: 'stub sub-agent',
      agent_type: 'general-purpose',
    }),
    ...Array(me.shells).fill({ type: 'shell', status: 'running', description: 'stub command' }),
  ];
  const said = { turn_id: me.promptId, message_id: me.promptId, index: 0, final: true, delta: text };
  void me.hooks.fire('MessageDisplay', common(me, said));
  await me.hooks.fire('Stop', {
    ...common(me),
    stop_hook_active: false,
    last_assistant_message: text,
    background_tasks: tasks,
    session_crons: [],
  });
  me.transcript.add('system', { subtype: 'turn_duration', durationMs: Date.now() - turn.began, isMeta: false });
  if (me.background === 0)
    me.say([`✻ `, `${VERBS[me.blocks.length % VERBS.length]} for ${seconds}s · done ${clock(Date.now())}`]);
}

/** Without any hook. What was given goes back into the box if nothing was said to it yet. */
function interrupted(me, turn) {
  me.dialog = undefined;
  if (turn.spoke) {
    me.extend(['  ⎿  ', 'Interrupted · What should Claude do instead?']);
    const text = `[Request interrupted by user${turn.tool ? ' for tool use' : ''}]`;
    me.transcript.user([{ type: 'text', text }], me.mode, me.promptId);
  } else if (me.box.text === '' && me.queue.length === 0) {
    me.box.text = turn.prompt;
    me.blocks.pop();
  }
}

async function failed(me, turn, { message, kind, ghost }) {
  const synthetic = { isApiErrorMessage: true, error: kind };
  me.transcript.assistant([{ type: 'text', text: message }], '<synthetic>', {}, synthetic);
  if (!me.limit) me.say(['● ', message]);
  me.ghost = ghost;
  await me.hooks.fire('StopFailure', { ...common(me), error: kind, last_assistant_message: message });
  me.transcript.add('system', { subtype: 'turn_duration', durationMs: Date.now() - turn.began, isMeta: false });
}

const common = (me, more = {}) => ({
  prompt_id: me.promptId,
  permission_mode: me.mode,
  effort: { level: 'medium' },
  ...more,
});

/** Wait, unless the turn is interrupted meanwhile. */
function pause(milliseconds, turn) {
  return new Promise((done, fail) => {
    const signal = turn?.controller.signal;
    if (signal?.aborted) return fail(new Interrupted());
    const stop = () => {
      clearTimeout(timer);
      fail(new Interrupted());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      done();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

const forever = (turn) => pause(2 ** 30, turn);

/** So long the program waits for the rest of an answer. */
const STREAM_TIMEOUT = 300_000;

async function obey(me, turn, prompt) {
  const asked = directiveOf(prompt.trim());
  const handler = HANDLERS[asked.op] ?? speak;
  await pause(60, turn);
  await handler(me, turn, asked);
}

/** Say the words of an answer: they are on the screen when all of them are there. */
async function speak(me, turn, asked) {
  const { gap, words } = answerTo(asked);
  for (const [index] of words.entries()) {
    await pause(gap, turn);
    turn.spoke = true;
    turn.tokens = 6 + 4 * index;
  }
  answer(me, turn, words.join('').trimEnd());
}

function answer(me, turn, text) {
  turn.spoke = true;
  turn.answer = text;
  me.usage.cost += 0.003;
  me.usage.percent ??= 1;
  me.transcript.assistant([{ type: 'text', text }], me.model, { input_tokens: 1500, output_tokens: 42 });
  me.say(['● ', text]);
}

/** Ask for a tool: hooks, a dialog where one is needed, the tool itself, hooks. Its result, or undefined if refused. */
async function useTool(me, turn, { name, input, dialog, run }) {
  const id = `toolu_${crypto.randomUUID()}`;
  turn.tool = true;
  turn.spoke = true;
  const about = common(me, { tool_name: name, tool_input: input, tool_use_id: id });
  me.transcript.assistant([{ type: 'tool_use', id, name, input }], me.model, { input_tokens: 1500, output_tokens: 42 });
  await me.hooks.fire('PreToolUse', about, name);
  const allowed = dialog ? await permitted(me, turn, dialog, about) : true;
  const began = Date.now();
  const output = allowed ? await run() : REJECTED;
  const result = { tool_use_id: id, type: 'tool_result', content: output, is_error: !allowed };
  me.transcript.user([result], me.mode, me.promptId);
  if (!allowed) throw new Interrupted();
  const response = { stdout: output, stderr: '', interrupted: false, isImage: false };
  await me.hooks.fire('PostToolUse', { ...about, tool_response: response, duration_ms: Date.now() - began }, name);
  await me.hooks.fire('PostToolBatch', { ...common(me), tool_calls: [{ tool_name: name, tool_use_id: id }] });
  return output;
}

/** Whether a person allows it; the question is announced before it can be seen and answered. */
async function permitted(me, turn, { make, waitingFor }, about) {
  await me.hooks.fire('PermissionRequest', about, about.tool_name);
  me.setStatus('waiting', waitingFor);
  void me.hooks.status();
  await pause(HIDDEN, turn);
  const message = waitingFor === 'input needed' ? 'Claude is waiting for your input' : 'Claude needs your permission';
  const notice = { ...common(me), message, notification_type: 'permission_prompt' };
  const timer = setTimeout(() => void me.hooks.fire('Notification', notice, 'permission_prompt'), NOTIFY_AFTER);
  const choice = await new Promise((done) => {
    me.dialog = make(done);
    me.draw();
  });
  clearTimeout(timer);
  me.dialog = undefined;
  const yes = choice !== undefined && choice !== 3;
  if (yes && choice === 2 && waitingFor === 'permission prompt') me.mode = 'auto';
  turn.choice = choice;
  if (yes) me.setStatus('busy');
  void me.hooks.status();
  me.draw();
  return yes;
}

/** Run a command as the Bash tool does, in a group of its own that an interruption ends. */
export function shell(me, command, turn) {
  return new Promise((done, fail) => {
    const child = spawn('bash', ['-c', command], { cwd: me.cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece) => {
        text += piece;
      });
    turn?.controller.signal.addEventListener('abort', () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended by itself.
      }
      fail(new Interrupted());
    });
    child.on('close', () => done(text.trimEnd()));
  });
}

/** What a person is asked before a command is run; undefined where nobody is asked. */
function aboutBash(me, command) {
  if (!asks(me) && me.mode !== 'acceptEdits') return undefined;
  const second = `Yes, and always allow access to ${me.cwd} from this project`;
  const about = { heading: 'Bash command', detail: command, question: 'Do you want to proceed?', second };
  return { make: (done) => new PermissionDialog(about, done), waitingFor: 'permission prompt' };
}

const asks = (me) => me.mode === 'default' || me.mode === 'plan';

const HANDLERS = {
  async BASH(me, turn, { rest }) {
    me.say(['  ', 'Stub command'], ['  ⎿  ', `$ ${rest}`]);
    const input = { command: rest, description: 'stub command' };
    const run = () => shell(me, rest, turn);
    const output = await useTool(me, turn, { name: 'Bash', input, dialog: aboutBash(me, rest), run });
    answer(me, turn, `stub: tool said ${JSON.stringify([output || '(Bash completed with no output)'])}`.slice(0, 220));
  },

  async BGBASH(me, turn, { rest }) {
    me.say(['  ', 'Stub command'], ['  ⎿  ', `$ ${rest}`]);
    const input = { command: rest, description: 'stub command', run_in_background: true };
    const run = () => {
      me.shells += 1;
      void shell(me, rest).then(() => {
        me.shells -= 1;
        if (!me.turn) void settle(me);
      });
      return 'Command running in background';
    };
    await useTool(me, turn, { name: 'Bash', input, dialog: aboutBash(me, rest), run });
    answer(me, turn, 'stub: tool said ["Command running in background"]');
  },

  async WRITE(me, turn, { rest }) {
    const [path, ...words] = rest.split(/\s+/);
    const file = resolve(me.cwd, path);
    const second = 'Yes, and allow all edits during this session';
    const about = {
      heading: 'Create file',
      detail: words.join(' '),
      question: `Do you want to create ${path}?`,
      second,
    };
    const make = (done) => new PermissionDialog(about, done);
    await useTool(me, turn, {
      name: 'Write',
      input: { file_path: file, content: `${words.join(' ')}\n` },
      dialog: asks(me) ? { make, waitingFor: 'permission prompt' } : undefined,
      run() {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, `${words.join(' ')}\n`);
        return `File created successfully at: ${file}`;
      },
    });
    answer(me, turn, `stub: tool said ["File created successfully at: ${file}"]`);
  },

  async ASKUSER(me, turn) {
    const question = { question: 'Which colour?', header: 'Colour', multiSelect: false };
    const options = ['Red', 'Blue'].map((label) => ({ label, description: label[0].toLowerCase() }));
    const output = await useTool(me, turn, {
      name: 'AskUserQuestion',
      input: { questions: [{ ...question, options }] },
      dialog: { make: (done) => new QuestionDialog(done), waitingFor: 'input needed' },
      run: () => `"Which colour?"="${['Red', 'Blue'][turn.choice] ?? 'Other'}"`,
    });
    answer(me, turn, `stub: tool said ${JSON.stringify([output])}`);
  },

  async AGENT(me, turn, { rest }) {
    const agent = { agent_id: `a${crypto.randomUUID().slice(0, 8)}`, agent_type: 'general-purpose' };
    me.say(['● ', 'Agent(stub sub-agent)'], ['  ⎿  ', 'Backgrounded agent (↓ to manage · ctrl+o to expand)']);
    const run = async () => {
      me.background += 1;
      await me.hooks.fire('SubagentStart', { ...common(me), ...agent });
      void subagent(me, agent, rest);
      return 'Async agent launched successfully.';
    };
    const input = { description: 'stub sub-agent', prompt: rest, subagent_type: 'general-purpose' };
    await useTool(me, turn, { name: 'Agent', input, dialog: undefined, run });
    answer(me, turn, 'stub: tool said ["Async agent launched successfully."]');
  },

  async CONTEXT(me, turn, { numbers, op }) {
    me.usage.percent = numbers[0];
    answer(me, turn, `stub: ${op} done`);
  },

  async ERR(me, turn, asked) {
    const [status, times = Number.POSITIVE_INFINITY] = asked.numbers;
    const most = [400, 403].includes(status) ? 0 : Number(process.env.CLAUDE_CODE_MAX_RETRIES ?? 10);
    for (let attempt = 1; attempt <= times; attempt += 1) {
      if (attempt > most) throw refusal(status);
      const wait = Math.min(35_000, 500 * 2 ** (attempt - 1));
      const seconds = Math.max(1, Math.round(wait / 1000));
      turn.retrying = `${status} stub error ${status} · retrying in ${seconds}s · attempt ${attempt}/${most}`;
      await pause(wait, turn);
    }
    turn.retrying = undefined;
    answer(me, turn, `stub: ${asked.op} done`);
  },

  async RATELIMIT(me, turn, asked) {
    const { times, seconds } = limitOf(asked);
    const struck = me.limited.get(asked.rest) ?? 0;
    me.limited.set(asked.rest, struck + 1);
    if (struck >= times) return answer(me, turn, `stub: ${asked.op} done`);
    // As the headers say it: in whole seconds.
    const resets = (Math.floor(Date.now() / 1000) + seconds) * 1000;
    const text = `You've hit your limit · resets ${resetClock(resets)} (UTC)`;
    me.rateLimits = { ...me.rateLimits, five_hour: { used_percentage: 100, resets_at: resets / 1000 } };
    me.extend(['  ⎿  ', text]);
    me.say(['● ', `Usage limit reached · continuing automatically at ${resetClock(resets)} · esc to cancel`]);
    me.limit = { resets };
    void goOn(me, me.limit);
    throw new Refused('rate_limit', text);
  },

  /** Without a word of a reset it is no limit to the program. */
  LIMITED() {
    const text = 'API Error: Server is temporarily limiting requests (not your usage limit) · stub: rate limited';
    throw new Refused('rate_limit', text, 'Resend your message to try again');
  },

  HANG: (_me, turn) => forever(turn),
  /** After five minutes the program asks once more, without a stream, and that is answered. */
  async HANGMID(me, turn) {
    turn.spoke = true;
    turn.hungUntil = Date.now() + STREAM_TIMEOUT;
    await pause(STREAM_TIMEOUT, turn);
    turn.hungUntil = undefined;
    answer(me, turn, 'stub: HANGMID done');
  },
};

function refusal(status) {
  const login = [401, 403].includes(status);
  const kinds = {
    401: 'authentication_failed',
    403: 'authentication_failed',
    429: 'rate_limit',
    500: 'server_error',
    529: 'server_error',
  };
  const texts = {
    400: 'API Error: 400 stub error 400',
    429: 'API Error: Request rejected (429) · stub error 429',
    529: 'API Error: 529 stub error 529. This is a server-side issue, usually temporary — try again in a moment.',
  };
  const text = login ? `Please run /login · API Error: ${status} stub error ${status}` : texts[status];
  const ghost = login ? 'Once fixed, resend your message' : 'Resend your message to try again';
  return new Refused(kinds[status] ?? 'unknown', text ?? `API Error: ${status} stub error ${status}`, ghost);
}

/** A minute after the reset the program goes on by itself, unless somebody has cancelled that. */
async function goOn(me, limit) {
  const wait = Number(process.env.FAKE_CLAUDE_CONTINUE_AFTER ?? 60_000);
  await pause(Math.max(0, limit.resets - Date.now()));
  me.rateLimits = { ...me.rateLimits, five_hour: undefined };
  void me.hooks.status();
  await pause(wait);
  if (me.limit !== limit || me.turn) return;
  const message = 'Usage limit reset — Claude is continuing your task';
  await me.hooks.fire(
    'Notification',
    { message, notification_type: 'quota_auto_resume_fired' },
    'quota_auto_resume_fired',
  );
  await me.submit('Your claude.ai usage limit has reset. Continue the task from where you left off.');
}

/** A sub-agent in the background; when it ends, the program gives itself a prompt about that. */
async function subagent(me, agent, prompt) {
  const asked = directiveOf(prompt.trim());
  const { gap, words } = answerTo(asked);
  await pause(asked.op === 'THINK' ? 1000 * (asked.numbers[0] ?? 1) : gap * words.length);
  me.background -= 1;
  const stop = {
    stop_hook_active: false,
    last_assistant_message: words.join(''),
    background_tasks: [],
    session_crons: [],
  };
  await me.hooks.fire('SubagentStop', { ...common(me), ...agent, ...stop });
  const notice = `<task-notification>\n<task-id>${agent.agent_id}</task-id>\n</task-notification>`;
  await me.hooks.fire('UserPromptSubmit', { ...common(me), prompt: notice });
  if (me.turn) me.queue.push(notice);
  else await runTurn(me, [notice], { shown: false });
}
