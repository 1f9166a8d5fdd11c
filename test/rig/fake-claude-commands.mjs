// The commands of the fake Claude Code that begin with a slash.
import { answerTo, directiveOf } from './directives.mjs';
import { findTranscript, Transcript } from './fake-claude-files.mjs';

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** A dialog that only Esc ends. */
class Overlay {
  constructor(name, close) {
    Object.assign(this, { name, close });
  }

  lines(columns) {
    return ['─'.repeat(columns), ` ${this.name}`, '', ' Esc to cancel'];
  }

  key(name) {
    if (name === 'escape') this.close();
  }

  text() {}
}

/** Only hooks about the compaction: no prompt, no Stop. */
async function compact(me, words = '') {
  me.say(['❯ ', `/compact ${words}`.trim()]);
  me.turn = { began: Date.now(), compacting: true, controller: new AbortController() };
  me.setStatus('busy');
  await me.hooks.fire('PreCompact', { trigger: 'manual', custom_instructions: words }, 'manual');
  const asked = directiveOf(words);
  await wait(asked.op === 'THINK' ? 1000 * (asked.numbers[0] ?? 1) : 200 + 10 * answerTo(asked).words.length);
  for (const type of ['general-purpose', 'general-purpose']) await me.hooks.fire('SubagentStop', { agent_type: type });
  me.transcript.add('system', { subtype: 'compact_boundary', content: 'Conversation compacted', level: 'info' });
  me.usage.percent = 0;
  await me.hooks.fire('SessionStart', { source: 'compact', model: me.model }, 'compact');
  await me.hooks.fire('PostCompact', { trigger: 'manual', compact_summary: 'stub: summary' }, 'manual');
  me.turn = undefined;
  me.extend(['  ⎿  ', 'Compacted (ctrl+o to see full summary)']);
  me.setStatus('idle');
  me.draw();
  await me.hooks.status();
}

/** Another conversation begins, with another id. */
async function clear(me) {
  await me.hooks.fire('SessionEnd', { reason: 'clear' }, 'clear');
  me.id = crypto.randomUUID();
  me.transcript = new Transcript(me.id, me.cwd);
  me.blocks = [];
  me.usage.percent = undefined;
  me.record.set({ sessionId: me.id, status: 'idle' });
  me.say(['❯ ', '/clear']);
  await me.hooks.fire('SessionStart', { source: 'clear', model: me.model }, 'clear');
  await me.hooks.status();
}

/** An earlier conversation, by its id. */
async function resume(me, id) {
  await me.hooks.fire('SessionEnd', { reason: 'resume' }, 'resume');
  me.id = id;
  me.transcript = new Transcript(id, me.cwd, findTranscript(id));
  me.recall();
  me.record.set({ sessionId: id, status: 'idle' });
  await me.hooks.fire('SessionStart', { source: 'resume', model: me.model }, 'resume');
  await me.hooks.status();
}

function overlay(name) {
  return (me) => {
    me.setStatus('waiting', 'dialog open');
    me.dialog = new Overlay(name, () => {
      me.dialog = undefined;
      me.setStatus('idle');
    });
    me.draw();
  };
}

export const COMMANDS = {
  compact,
  clear,
  resume,
  exit: (me) => me.quit(0, 'prompt_input_exit'),
  quit: (me) => me.quit(0, 'prompt_input_exit'),
  model: overlay('Select model'),
  config: overlay('Configure Claude Code'),
  help: overlay('Help'),
};
