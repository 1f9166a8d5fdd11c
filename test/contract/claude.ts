import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { waitFor } from '../rig/wait.ts';
import { type Program, Subject } from './driver.ts';
import { TEXTS } from './texts.ts';

/** What colony relies on in Claude Code. The same holds for the fake one and for the real one. */
export function claudeContract(program: Program): void {
  let subject: Subject;
  afterEach(() => subject.end());

  /** Started with hooks and status line, in the mode that asks before tools run. */
  async function started(...words: string[]): Promise<string> {
    subject = new Subject(program);
    const id = randomUUID();
    await begin('--session-id', id, ...words);
    return id;
  }

  const begin = (...words: string[]) =>
    subject.start(['--settings', subject.settings(), '--permission-mode', 'manual', ...words]);

  /** Ready for a prompt. */
  async function ready(): Promise<string> {
    const id = await started();
    await subject.called('SessionStart');
    await subject.says('idle');
    // From here on Enter is heard.
    await subject.called('status');
    return id;
  }

  const turns = (event: string) => subject.calls(event).length;

  describe('a conversation', () => {
    test('a first prompt on the command line is taken, and the turn is seen busy and idle', async () => {
      const id = await started('--', 'SLOW 1');
      await subject.says('busy');
      expect((await subject.called('SessionStart')).source).toBe('startup');
      expect((await subject.called('UserPromptSubmit')).prompt).toBe('SLOW 1');
      expect(await subject.called('Stop')).toMatchObject({
        session_id: id,
        last_assistant_message: 'word0 word1',
        background_tasks: [],
      });
      await subject.says('idle');
      await subject.pane.shows('❯ SLOW 1', '● word0 word1', '✻ ', ' done ', 'the status line', '⏸ manual mode on');
      expect(subject.home.prompts('claude', id)).toEqual(['SLOW 1']);
      expect(await subject.pane.title()).toBe('✳ Claude Code');
      expect(await subject.called('status')).toMatchObject({ session_id: id, context_window: {}, cost: {}, model: {} });
    });

    test('killed before the first prompt it has left a record and no conversation', async () => {
      const id = await ready();
      await subject.kill();
      expect(subject.home.claudeRecord(subject.pid)).toMatchObject({ sessionId: id, status: 'idle' });
      expect(subject.home.transcripts('claude').has(id)).toBe(false);
      await begin('--session-id', id, 'hello');
      await subject.pane.shows('stub: you said hello');
    });

    test('killed in mid-answer it is resumed where it was, and goes on with nothing by itself', async () => {
      const id = await started('hello');
      await subject.called('Stop');
      await subject.says('idle');
      await subject.pane.paste('SLOW 30');
      await subject.called('UserPromptSubmit', 2);
      await subject.says('busy');
      await waitFor('the prompt on disk', () => subject.home.prompts('claude', id).includes('SLOW 30'));
      expect(await subject.kill()).toEqual({ code: undefined, signal: 9 });
      expect(subject.home.claudeRecord(subject.pid)).toMatchObject({ status: 'busy' });
      await begin('--resume', id);
      expect(await subject.called('SessionStart', 2)).toMatchObject({ session_id: id, source: 'resume' });
      await subject.says('idle');
      await subject.pane.shows('❯ hello', '● stub: you said hello', '❯ SLOW 30');
      await subject.called('status', 2);
      await subject.pane.paste('and now');
      await subject.pane.shows('stub: you said and now');
      // It writes a little later than it speaks.
      await waitFor('the prompt on disk', () => subject.home.prompts('claude', id).length === 3);
      expect(subject.home.prompts('claude', id)).toEqual(['hello', 'SLOW 30', 'and now']);
    });

    test('an unknown conversation is refused', async () => {
      subject = new Subject(program);
      const id = randomUUID();
      await begin('--resume', id);
      expect(await subject.pane.ended()).toEqual({ code: 1, signal: undefined });
      expect(await subject.pane.screen(true)).toContain(`No conversation found with session ID: ${id}`);
    });

    test('an id that has a conversation is not given again', async () => {
      const id = await started('hello');
      await subject.called('Stop');
      await subject.kill();
      await begin('--session-id', id);
      expect(await subject.pane.ended()).toEqual({ code: 1, signal: undefined });
      expect(await subject.pane.screen(true)).toContain(`Error: Session ID ${id} is already in use.`);
    });

    test('/clear begins another conversation', async () => {
      const id = await started('hello');
      await subject.called('Stop');
      await subject.says('idle');
      await subject.pane.paste('/clear');
      expect(await subject.called('SessionEnd')).toMatchObject({ session_id: id, reason: 'clear' });
      const start = await subject.called('SessionStart', 2);
      expect(start.source).toBe('clear');
      expect(start.session_id).not.toBe(id);
      await waitFor('the new id', () => subject.home.claudeRecord(subject.pid)?.sessionId === start.session_id);
    });

    test('/compact keeps the conversation, and is no turn', async () => {
      const id = await started('hello');
      await subject.called('Stop');
      await subject.says('idle');
      await subject.pane.paste('/compact');
      expect(await subject.called('PostCompact')).toMatchObject({ session_id: id, trigger: 'manual' });
      expect(subject.calls('SessionStart').map(({ source }) => source)).toEqual(['startup', 'compact']);
      await subject.pane.shows('Compacted');
      await subject.says('idle');
      expect([turns('UserPromptSubmit'), turns('Stop')]).toEqual([1, 1]);
    });
  });

  describe('dialogs', () => {
    test('a permission is asked for in the record, by a hook and on the screen, and one digit gives it', async () => {
      await ready();
      await subject.pane.paste('BASH touch made');
      await subject.says('waiting', 'permission prompt');
      expect(await subject.called('PermissionRequest')).toMatchObject({
        tool_name: 'Bash',
        tool_input: { command: 'touch made' },
      });
      const screen = await subject.pane.shows('Do you want to proceed?', '❯ 1. Yes', 'Esc to cancel · Tab to amend');
      expect(screen).not.toContain('esc to interrupt');
      await subject.pane.insist('1', async () => turns('Stop') > 0);
      expect(existsSync(join(subject.work, 'made'))).toBe(true);
    });

    test('a paste alone is ignored in it; with Enter it approves, whatever was pasted', async () => {
      await ready();
      await subject.pane.paste('BASH touch made');
      await subject.pane.shows('Do you want to proceed?');
      await subject.pane.paste('2 please stop', { enter: false });
      await subject.pane.shows('Do you want to proceed?');
      expect(existsSync(join(subject.work, 'made'))).toBe(false);
      await subject.pane.insist('Enter', async () => existsSync(join(subject.work, 'made')));
    });

    test('Esc refuses it without any hook', async () => {
      await ready();
      await subject.pane.paste('BASH touch made');
      await subject.pane.shows('Do you want to proceed?');
      await subject.pane.insist('Escape', async () => subject.home.claudeRecord(subject.pid)?.status === 'idle');
      await subject.pane.shows('Interrupted · What should Claude do instead?');
      expect([turns('Stop'), turns('StopFailure'), existsSync(join(subject.work, 'made'))]).toEqual([0, 0, false]);
    });

    test('a question is something that it waits for as well', async () => {
      await ready();
      await subject.pane.paste('ASKUSER');
      await subject.says('waiting', 'input needed');
      await subject.pane.shows('Which colour?', '❯ 1. Red', 'Enter to select');
      await subject.pane.insist('2', async () => turns('Stop') > 0);
      await subject.says('idle');
    });

    test('in a folder that is not trusted there is neither a record nor a hook, and Enter ends it', async () => {
      subject = new Subject(program, false);
      await begin();
      await subject.pane.shows('Quick safety check', '❯ No, exit', 'Yes, I trust this folder');
      expect(subject.home.claudeRecord(subject.pid)).toBeUndefined();
      expect(subject.calls()).toEqual([]);
      await subject.pane.insist('Enter', () => subject.pane.isDead());
      expect((await subject.pane.ended()).code).toBe(1);
    });
  });

  describe('typing', () => {
    test.each(TEXTS)('$name arrives once and whole', async ({ text }) => {
      await ready();
      await subject.pane.paste(text);
      const { prompt } = await subject.called('UserPromptSubmit');
      const wrapped = /^\s*<pasted_content id="\w+">\n([\s\S]*)\n<\/pasted_content id="\w+">\s*$/.exec(String(prompt));
      expect((wrapped?.[1] ?? String(prompt)).trim()).toBe(text.trim());
      await subject.called('Stop');
      expect(turns('UserPromptSubmit')).toBe(1);
    });

    test('a text that begins with ! is run, an unknown command is lost, a backslash at the end breaks the line', async () => {
      await ready();
      await subject.pane.paste('!touch by-shell');
      await waitFor('the command to run', () => existsSync(join(subject.work, 'by-shell')));
      await subject.pane.paste('/nonesuch and more');
      await subject.pane.shows('Unknown command: /nonesuch');
      await subject.pane.paste('ends in \\');
      await subject.pane.shows('❯\u00a0ends in');
      expect(turns('UserPromptSubmit')).toBe(0);
    });

    test('a blank hides a text that begins with ! or with no command of its own, and no command', async () => {
      await ready();
      for (const [index, text] of [' !ls', ' /nonesuch'].entries()) {
        await subject.pane.paste(text);
        expect(String((await subject.called('UserPromptSubmit', index + 1)).prompt).trim()).toBe(text.trim());
        await subject.called('Stop', index + 1);
        await subject.says('idle');
        await subject.pane.shows(`stub: you said ${text.trim()}`);
      }
      await subject.pane.paste(' /compact');
      await subject.called('PreCompact');
      expect(turns('UserPromptSubmit')).toBe(2);
    });

    test('a command in four lines is wrapped as a paste, and is none', async () => {
      await ready();
      await subject.pane.paste('/compact\n\n\n');
      expect((await subject.called('UserPromptSubmit')).prompt).toMatch(
        /^\s*<pasted_content id="\w+">\n\/compact\s*<\/pasted/,
      );
      await subject.called('Stop');
      expect(turns('PreCompact')).toBe(0);
    });

    test('Enter is swallowed where it comes in one breath with a long text that is not a bracketed paste', async () => {
      await ready();
      await subject.pane.type('x'.repeat(1500), { enter: true });
      await subject.pane.shows('[Pasted text #1');
      expect(turns('UserPromptSubmit')).toBe(0);
      await subject.pane.keys('Enter');
      await subject.called('UserPromptSubmit');
    });

    test('what is typed while it is busy is queued, and taken after the turn', async () => {
      const id = await started('SLOW 3');
      await subject.says('busy');
      await waitFor('the first prompt', () => turns('UserPromptSubmit') === 1);
      await subject.pane.shows('esc to interrupt');
      await subject.pane.paste('queued one');
      await subject.called('UserPromptSubmit', 2);
      await subject.pane.paste('queued two');
      await subject.called('UserPromptSubmit', 3);
      await subject.called('Stop', 2);
      await subject.says('idle');
      expect(turns('Stop')).toBe(2);
      expect(subject.home.transcript('claude', id).length).toBeGreaterThan(0);
    });
  });

  describe('what ends a turn', () => {
    test('Esc, and no hook tells', async () => {
      await ready();
      await subject.pane.paste('SLOW 30');
      await subject.says('busy');
      await subject.pane.shows('esc to interrupt');
      await subject.pane.shows(/\([1-9]\d*s · ↓ \d+ tokens\)/);
      await subject.pane.keys('Escape');
      await subject.says('idle');
      await subject.pane.shows('Interrupted · What should Claude do instead?');
      expect([turns('Stop'), turns('StopFailure')]).toEqual([0, 0]);
    });

    test('Esc before anything was said puts the prompt back into the box', async () => {
      await ready();
      await subject.pane.paste('HANG');
      await subject.says('busy');
      await subject.pane.shows('esc to interrupt');
      await subject.pane.keys('Escape');
      await subject.says('idle');
      await subject.pane.shows('❯\u00a0HANG');
    });

    test.each([
      [400, 'unknown', 'API Error: 400'],
      [401, 'authentication_failed', 'Please run /login · API Error: 401'],
      [429, 'rate_limit', 'API Error: Request rejected (429)'],
      [529, 'server_error', 'API Error: '],
    ])('an answer %d of the API fails it as %s', async (status, error, text) => {
      await ready();
      await subject.pane.paste(`ERR ${status}`);
      expect(await subject.called('StopFailure')).toMatchObject({ error });
      await subject.says('idle');
      await subject.pane.shows(`● ${text}`);
      expect(turns('Stop')).toBe(0);
    });

    test('a usage limit, and the reset is told', async () => {
      subject = new Subject(program);
      await subject.start(
        ['--settings', subject.settings(), '--session-id', randomUUID(), 'hello'],
        subject.subscription,
      );
      await subject.called('Stop');
      await subject.says('idle');
      await subject.pane.paste('RATELIMIT 3600');
      const before = Math.floor(Date.now() / 1000);
      expect(await subject.called('StopFailure')).toMatchObject({ error: 'rate_limit' });
      await subject.says('idle');
      await subject.pane.shows(
        "You've hit your limit · resets ",
        'Usage limit reached · continuing automatically at',
        'esc to cancel',
      );
      const limits = await waitFor('the limit in the status line', () => {
        const { rate_limits: all } = subject.calls('status').at(-1) as {
          rate_limits?: { five_hour?: { used_percentage: number; resets_at: number } };
        };
        return all?.five_hour?.used_percentage === 100 ? all.five_hour : undefined;
      });
      expect(limits.resets_at).toBeGreaterThan(before + 3500);
      expect(limits.resets_at).toBeLessThan(before + 3700);
    });

    test('a sub-agent in the background keeps it busy after Stop', async () => {
      await ready();
      await subject.pane.paste('AGENT SLOW 4');
      const first = await subject.called('Stop');
      expect(first.background_tasks).toHaveLength(1);
      // It may be just being written.
      await waitFor('its record', () => subject.home.claudeRecord(subject.pid)?.status === 'busy');
      await subject.called('SubagentStop');
      await subject.called('Stop', 2);
      await subject.says('idle');
      // It gives itself a prompt about the end of the sub-agent.
      expect(turns('UserPromptSubmit')).toBeGreaterThan(1);
    });

    test('a command in the background has a status of its own', async () => {
      await ready();
      await subject.pane.paste('BGBASH sleep 60');
      await waitFor('a way on', async () => {
        if (subject.home.claudeRecord(subject.pid)?.status === 'waiting') await subject.pane.keys('1');
        return subject.calls('Stop').length > 0;
      });
      await subject.says('shell');
    });
  });

  describe('leaving', () => {
    test('/exit', async () => {
      const id = await started('hello');
      await subject.called('Stop');
      await subject.says('idle');
      await subject.pane.paste('/exit');
      expect(await subject.pane.ended()).toEqual({ code: 0, signal: undefined });
      expect(await subject.pane.screen(true)).toContain(`claude --resume ${id}`);
      expect(subject.calls('SessionEnd').at(-1)).toMatchObject({ reason: 'prompt_input_exit' });
      expect(subject.home.claudeRecord(subject.pid)).toBeUndefined();
    });

    test('Ctrl-C twice', async () => {
      await ready();
      await subject.pane.keys('C-c');
      await subject.pane.shows('Press Ctrl-C again to exit');
      await subject.pane.keys('C-c');
      expect(await subject.pane.ended()).toEqual({ code: 0, signal: undefined });
    });

    test.each([
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const)('%s', async (signal, code) => {
      await ready();
      process.kill(subject.pid, signal);
      expect(await subject.pane.ended()).toEqual({ code, signal: undefined });
      expect(subject.calls('SessionEnd').at(-1)).toMatchObject({ reason: 'other' });
      expect(subject.home.claudeRecord(subject.pid)).toBeUndefined();
    });
  });
}
