// One turn of the fake Codex: what it does with a prompt, what it writes down, whom it calls.
import { spawn } from 'node:child_process';
import { answerTo, directiveOf, limitOf } from './directives.mjs';
import { ApprovalDialog, LimitDialog } from './fake-codex-dialogs.mjs';
import { newId } from './fake-codex-files.mjs';
import { clock } from './fake-codex-screen.mjs';

const WINDOW = 258_400;
const APPROVAL_AFTER = 900;

class Interrupted extends Error {}
/** Another prompt came: what was being said is dropped. */
class Steered extends Error {}
class Refused extends Error {
  constructor(text, info) {
    super(text);
    this.info = info;
  }
}

/** Take a prompt, and carry the turn to its end; what was queued for later follows in turns of its own. */
export async function runTurn(me, prompt) {
  const turn = { id: newId(), began: Date.now(), interrupt: new AbortController(), steer: new AbortController() };
  me.turn = turn;
  const { rollout } = me;
  const first = rollout.file === undefined;
  rollout.event('thread_settings_applied', { thread_id: rollout.id, thread_settings: { model: me.model } });
  rollout.event('task_started', { turn_id: turn.id, started_at: seconds(), model_context_window: WINDOW });
  rollout.add('turn_context', { turn_id: turn.id, cwd: me.cwd, approval_policy: 'on-request', model: me.model });
  if (first) await me.hook('SessionStart', { source: 'startup' });
  await given(me, turn, prompt);
  // The title of the conversation is made by a turn of its own, which is told like any other.
  setTimeout(() => me.notify(newId(), newId(), ['Generate a concise, single-line task title'], 'stub title'), 150);
  await carry(me, turn, prompt);
  me.turn = undefined;
  me.draw();
  const next = me.later.shift();
  if (next !== undefined) await runTurn(me, next);
}

const seconds = () => Math.floor(Date.now() / 1000);

async function given(me, turn, prompt) {
  turn.prompts = [...(turn.prompts ?? []), prompt];
  me.rollout.message('user', prompt, turn.id);
  me.say(['› ', prompt]);
  await me.hook('UserPromptSubmit', { turn_id: turn.id, prompt });
}

async function carry(me, turn, prompt) {
  try {
    await obey(me, turn, prompt);
    if (me.steered.length > 0) throw new Steered();
    await end(me, turn);
  } catch (error) {
    turn.text = undefined;
    turn.retrying = undefined;
    if (error instanceof Steered) await again(me, turn);
    else if (error instanceof Interrupted) interrupted(me, turn);
    else if (error instanceof Refused) failed(me, turn, error);
    else throw error;
  }
}

/** Go on with what was typed meanwhile, in the same turn. */
async function again(me, turn) {
  turn.steer = new AbortController();
  const prompts = me.steered.splice(0);
  for (const prompt of prompts) await given(me, turn, prompt);
  await carry(me, turn, prompts.at(-1));
}

async function end(me, turn) {
  const took = Math.round((Date.now() - turn.began) / 1000);
  usage(me);
  finish(me, turn, { last_agent_message: turn.answer });
  me.say(['  ', `Worked for ${took < 1 ? '<1' : took}s • ${clock(Date.now())}`]);
  await me.hook('Stop', { turn_id: turn.id, stop_hook_active: false, last_assistant_message: turn.answer });
  me.notify(me.rollout.id, turn.id, turn.prompts, turn.answer);
}

function finish({ rollout }, turn, more) {
  const began = Math.floor(turn.began / 1000);
  const about = { turn_id: turn.id, started_at: began, completed_at: seconds(), duration_ms: Date.now() - turn.began };
  rollout.event('task_complete', { ...about, ...more });
}

function failed(me, turn, { message, info }) {
  finish(me, turn, { last_agent_message: null, error: { message, codex_error_info: info } });
  me.say(['■ ', message]);
}

function interrupted(me, turn) {
  me.dialog = undefined;
  me.rollout.event('turn_aborted', { turn_id: turn.id, reason: 'interrupted', completed_at: seconds() });
  me.say(['■ ', 'Conversation interrupted - use /feedback if something went wrong']);
}

/** What of the context and of the limits is used. */
function usage({ rollout, context, used }) {
  const tokens = {
    input_tokens: context,
    cached_input_tokens: 300,
    output_tokens: 42,
    reasoning_output_tokens: 0,
    total_tokens: context + 42,
  };
  const window = (percent, minutes, resets) => ({ used_percent: percent, window_minutes: minutes, resets_at: resets });
  rollout.event('token_count', {
    info: { total_token_usage: tokens, last_token_usage: tokens, model_context_window: WINDOW },
    rate_limits: {
      limit_id: 'codex',
      limit_name: null,
      primary: window(used?.percent ?? 42, 300, used?.resets ?? seconds() + 3600),
      secondary: window(13, 10_080, seconds() + 86_400),
      credits: null,
      plan_type: null,
      rate_limit_reached_type: null,
    },
  });
}

/** Wait, unless the turn is interrupted or, where it may be, steered meanwhile. */
function pause(milliseconds, turn, steerable = true) {
  return new Promise((done, fail) => {
    const ends = [[turn.interrupt.signal, Interrupted], ...(steerable ? [[turn.steer.signal, Steered]] : [])];
    const aborted = ends.find(([signal]) => signal.aborted);
    if (aborted) return fail(new aborted[1]());
    const timer = setTimeout(done, milliseconds);
    for (const [signal, End] of ends) {
      const stop = () => {
        clearTimeout(timer);
        fail(new End());
      };
      signal.addEventListener('abort', stop, { once: true });
    }
  });
}

async function obey(me, turn, prompt) {
  const asked = directiveOf(prompt);
  await pause(40, turn);
  await (HANDLERS[asked.op] ?? speak)(me, turn, asked);
}

async function speak(me, turn, asked) {
  const { gap, words } = answerTo(asked);
  for (const word of words) {
    turn.text = `${turn.text ?? ''}${word}`;
    me.draw();
    await pause(gap, turn);
  }
  answer(me, turn, words.join('').trimEnd());
}

function answer(me, turn, text) {
  turn.text = undefined;
  turn.answer = text;
  me.rollout.message('assistant', text, turn.id);
  me.say(['• ', text]);
}

/** Run a command, in a group of its own that an interruption ends. */
function run(me, command, turn) {
  return new Promise((done, fail) => {
    const child = spawn('bash', ['-lc', command], { cwd: me.cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece) => {
        text += piece;
      });
    turn?.interrupt.signal.addEventListener('abort', () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended by itself.
      }
      fail(new Interrupted());
    });
    child.on('close', (code) => done({ code, text: text.trimEnd() }));
  });
}

/** A command that a person typed after `!`: no model is asked. */
export async function runShell(me, command) {
  const { text } = await run(me, command);
  me.say(['• ', `You ran ${command}`], ['  └ ', text || '(no output)']);
}

/** Whether a person lets the command leave the sandbox. */
async function approved(me, turn, command, about) {
  await me.hook('PermissionRequest', about);
  await pause(APPROVAL_AFTER, turn, false);
  const choice = await new Promise((done) => {
    me.dialog = new ApprovalDialog(command, done);
    me.draw();
  });
  me.dialog = undefined;
  if (choice === 0 || choice === 1) return me.say(['✔ ', `You approved codex to run ${command} this time`]);
  me.say(['✗ ', `You canceled the request to run ${command}`]);
  me.say(['• ', `Exited (status 1) ${command}`], ['  └ ', '(no output)']);
  throw new Interrupted();
}

const HANDLERS = {
  async BASH(me, turn, { rest }) {
    const leaves = rest.startsWith('!');
    const command = leaves ? rest.slice(1) : rest;
    const call = `call_${newId()}`;
    const about = { turn_id: turn.id, tool_name: 'Bash', tool_input: { command }, tool_use_id: call };
    me.rollout.add('response_item', {
      type: 'function_call',
      name: 'exec_command',
      arguments: JSON.stringify({ cmd: command }),
      call_id: call,
    });
    await me.hook('PreToolUse', about);
    me.say(['• ', `Running ${command}`]);
    if (leaves) await approved(me, turn, command, about);
    const { code, text } = await run(me, command, turn);
    me.rollout.add('response_item', { type: 'function_call_output', call_id: call, output: text });
    await me.hook('PostToolUse', { ...about, tool_response: text });
    me.say(['• ', `Ran ${command}`], ['  └ ', text || '(no output)']);
    answer(
      me,
      turn,
      `stub: tool said ${JSON.stringify(`Process exited with code ${code}\nOutput:\n${text}`)}`.slice(0, 220),
    );
  },

  async THINK(me, turn, asked) {
    await pause(1000 * (asked.numbers[0] ?? 1), turn);
    await speak(me, turn, asked);
  },

  async CONTEXT(me, turn, asked) {
    me.context = Math.round((WINDOW * asked.numbers[0]) / 100);
    await speak(me, turn, asked);
  },

  async ERR(me, turn, asked) {
    const [status, times = Number.POSITIVE_INFINITY] = asked.numbers;
    const most = [401, 500].includes(status) ? 5 : 0;
    for (let attempt = 1; attempt <= times; attempt += 1) {
      if (attempt > most) throw refusal(status);
      turn.retrying = `Reconnecting... ${attempt}/${most}`;
      turn.because = `unexpected status ${status}`;
      await pause(Number(process.env.FAKE_CODEX_RETRY ?? (status === 500 ? 4800 : 1200)), turn);
    }
    turn.retrying = undefined;
    await speak(me, turn, asked);
  },

  async RATELIMIT(me, turn, asked) {
    const { times, seconds: after } = limitOf(asked);
    const struck = me.limited.get(asked.rest) ?? 0;
    me.limited.set(asked.rest, struck + 1);
    if (struck >= times) return speak(me, turn, asked);
    const resets = seconds() + after;
    me.used = { percent: 100, resets };
    usage(me);
    setTimeout(() => {
      me.used = undefined;
    }, after * 1000);
    me.warning = `⚠ 5h limit: only <1% left · resets at ${clock(resets * 1000)} · /status`;
    if (!me.config.hides('hide_rate_limit_model_nudge')) setTimeout(() => nudge(me), 50);
    const hour = new Date(resets * 1000).toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit' });
    throw new Refused(limitText(`at ${hour}`), 'usage_limit_exceeded');
  },

  LIMITED() {
    throw new Refused(limitText('later'), 'usage_limit_exceeded');
  },

  HANG: (_me, turn) => pause(2 ** 30, turn),
  HANGMID: async (me, turn) => {
    // Every five minutes the program asks again, and what it is told then stands behind the rest.
    for (turn.text = ''; ; turn.text += 'stub: HANGMID done') {
      me.draw();
      await pause(turn.text === '' ? 20 : 300_000, turn);
    }
  },
};

const limitText = (when) =>
  'You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro), visit ' +
  `https://chatgpt.com/settings/usage to purchase more credits or try again ${when}.`;

/** After a limit the program asks whether to go on with another model, and its first choice is to do so. */
function nudge(me) {
  me.dialog = new LimitDialog((choice) => {
    me.dialog = undefined;
    if (choice === 0) me.model = 'gpt-6-luna';
    me.draw();
  });
  me.draw();
}

function refusal(status) {
  const shape = {
    error: { type: 'invalid_request_error', code: 'invalid_request_error', message: `stub error ${status}` },
  };
  const known = {
    400: [JSON.stringify(shape), 'other'],
    401: [
      `unexpected status 401 Unauthorized: stub error 401, url: http://127.0.0.1/v1/responses`,
      { http_connection_failed: { http_status_code: 401 } },
    ],
    429: [
      'exceeded retry limit, last status: 429 Too Many Requests',
      { response_too_many_failed_attempts: { http_status_code: 429 } },
    ],
    500: ['We’re currently experiencing high demand, which may cause temporary errors.', 'internal_server_error'],
  };
  return new Refused(...(known[status] ?? [`unexpected status ${status}: stub error ${status}`, 'other']));
}
