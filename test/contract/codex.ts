import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { waitFor } from '../rig/wait.ts';
import { type Program, Subject } from './driver.ts';
import { TEXTS } from './texts.ts';

/** What colony relies on in Codex. The same holds for the fake one and for the real one. */
export function codexContract(program: Program): void {
  let subject: Subject;
  afterEach(() => subject.end());

  const begin = (...words: string[]) => subject.start(['--no-daemon', ...subject.notify(), ...words]);

  async function started(...words: string[]): Promise<void> {
    subject = new Subject(program);
    await begin(...words);
  }

  /** Ready for a prompt: the title is the folder, the cursor is in the box. */
  async function ready(...words: string[]): Promise<string> {
    await started(...words);
    await subject.titled(/^work$/);
    return current();
  }

  /** The conversation that it is in: the newest lock that it holds open. */
  function current(): Promise<string> {
    return waitFor('a lock', () => locks().at(-1));
  }

  function locks(): string[] {
    const folder = join(subject.home.home, '.codex', 'thread-writer-locks');
    if (!existsSync(folder)) return [];
    const ids = readdirSync(folder).filter((name) => /^[0-9a-f-]{36}\.lock$/.test(name));
    return ids.map((name) => name.slice(0, 36)).sort();
  }

  /** The events of the conversation's rollout, by their types. */
  const events = (id: string) =>
    subject.home
      .transcript('codex', id)
      .flatMap(({ type, payload }) => (type === 'event_msg' ? [payload as Event] : []));

  const turnEnds = (id: string) => events(id).filter(({ type }) => type === 'task_complete' || type === 'turn_aborted');

  /** Wait for the end of the turn of this number, and give it back. */
  const turnEnded = (id: string, times = 1) =>
    waitFor(`the end of turn ${times}`, () => {
      const ends = turnEnds(id);
      return ends.length >= times ? ends.at(-1) : undefined;
    });

  type Event = {
    readonly type: string;
    readonly error?: { readonly codex_error_info: unknown };
    readonly [field: string]: unknown;
  };

  describe('a conversation', () => {
    test('its id is known by a lock before the first prompt; the rollout comes with it', async () => {
      const id = await ready();
      expect(subject.home.transcripts('codex').size).toBe(0);
      await subject.pane.paste('hello');
      expect(await turnEnded(id)).toMatchObject({ type: 'task_complete', last_agent_message: 'stub: you said hello' });
      expect([...subject.home.transcripts('codex').keys()]).toEqual([id]);
      expect(subject.home.transcript('codex', id)[0]).toMatchObject({
        type: 'session_meta',
        payload: { id, cwd: subject.work },
      });
      expect(subject.home.prompts('codex', id)).toEqual(['hello']);
      expect(events(id).map(({ type }) => type)).toEqual(expect.arrayContaining(['task_started', 'token_count']));
      await subject.pane.shows('› hello', '• stub: you said hello', 'Worked for', '› Ask Codex to do anything');
    });

    test('the end of a turn is told by notify, and so is a thread of its own that makes a title', async () => {
      const id = await ready();
      await subject.pane.paste('hello');
      await waitFor('both calls', () => subject.calls('agent-turn-complete').length >= 2);
      const threads = subject.calls('agent-turn-complete').map((call) => call['thread-id']);
      expect(threads).toContain(id);
      expect(threads.filter((thread) => thread !== id)).not.toEqual([]);
      expect(subject.calls().find((call) => call['thread-id'] === id)).toMatchObject({ 'input-messages': ['hello'] });
    });

    test('a first prompt on the command line is taken, and the title is busy meanwhile', async () => {
      await started('--', '-x SLOW 2');
      await subject.titled(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] work$/);
      const id = await current();
      await turnEnded(id);
      await subject.titled(/^work$/);
      expect(subject.home.prompts('codex', id)).toEqual(['-x SLOW 2']);
    });

    test('killed in mid-answer it is resumed where it was, and goes on with nothing by itself', async () => {
      const id = await ready();
      await subject.pane.paste('hello');
      await turnEnded(id);
      await subject.pane.paste('SLOW 30');
      await waitFor('the prompt on disk', () => subject.home.prompts('codex', id).includes('SLOW 30'));
      expect(await subject.kill()).toEqual({ code: undefined, signal: 9 });
      expect(locks()).toContain(id);
      await begin('resume', id);
      await subject.pane.shows('› hello', 'stub: you said hello', '› SLOW 30', '■ Conversation interrupted');
      await subject.titled(/^work$/);
      await subject.pane.paste('and now');
      await subject.pane.shows('stub: you said and now');
      expect(subject.home.prompts('codex', id)).toEqual(['hello', 'SLOW 30', 'and now']);
    });

    test('an unknown conversation is refused', async () => {
      await started('resume', '01a1ff70-0000-7000-8000-000000000000');
      expect(await subject.pane.ended()).toEqual({ code: 1, signal: undefined });
      expect(await subject.pane.screen(true)).toContain(
        'No saved session found with ID 01a1ff70-0000-7000-8000-000000000000',
      );
    });

    test('/new begins another conversation', async () => {
      const id = await ready();
      await subject.pane.paste('hello');
      await turnEnded(id);
      // A command is refused while it believes that it is busy, which lasts a little longer.
      await subject.pane.shows('Worked for');
      await subject.titled(/^work$/);
      await subject.pane.paste('/new');
      await waitFor('another lock', () => locks().some((lock) => lock > id));
    });
  });

  describe('dialogs', () => {
    test('an approval is asked for in the title and on the screen, with the cursor hidden, and `y` gives it', async () => {
      const id = await ready();
      await subject.pane.paste('BASH !touch made');
      await subject.titled(/^\[ [!.] \] Action Required \| work$/);
      await subject.pane.shows(
        'Would you like to run the following command?',
        '› 1. Yes, proceed (y)',
        'Press enter to confirm or esc to cancel',
      );
      expect(await subject.pane.cursorShown()).toBe(false);
      await subject.pane.paste('2 please stop', { enter: false });
      expect(existsSync(join(subject.work, 'made'))).toBe(false);
      await subject.pane.insist('y', async () => turnEnds(id).length > 0);
      expect(existsSync(join(subject.work, 'made'))).toBe(true);
      await subject.titled(/^work$/);
      expect(await subject.pane.cursorShown()).toBe(true);
    });

    test('a paste with Enter approves, whatever was pasted', async () => {
      await ready();
      await subject.pane.paste('BASH !touch made');
      await subject.pane.shows('Would you like to run the following command?');
      await subject.pane.paste('2 please stop');
      await subject.pane.insist('Enter', async () => existsSync(join(subject.work, 'made')));
    });

    test('Esc refuses it and interrupts', async () => {
      const id = await ready();
      await subject.pane.paste('BASH !touch made');
      await subject.pane.shows('Would you like to run the following command?');
      await subject.pane.insist('Escape', async () => turnEnds(id).length > 0);
      expect(await turnEnded(id)).toMatchObject({ type: 'turn_aborted', reason: 'interrupted' });
      await subject.pane.shows('■ Conversation interrupted');
      expect(existsSync(join(subject.work, 'made'))).toBe(false);
    });

    test('in a repository that is not trusted it asks before anything else', async () => {
      subject = new Subject(program, false);
      execFileSync('git', ['init', '-q', subject.work]);
      await begin('hello');
      await subject.pane.shows('Trust this folder?', '› 1. Trust and continue');
      expect(await subject.pane.cursorShown()).toBe(false);
      expect(locks()).toEqual([]);
      await subject.pane.keys('Enter');
      await subject.pane.shows('stub: you said hello');
    });
  });

  describe('typing', () => {
    test.each(TEXTS)('$name arrives once and whole', async ({ text }) => {
      const id = await ready();
      await subject.pane.paste(text);
      await turnEnded(id);
      expect(subject.home.prompts('codex', id)).toEqual([text]);
    });

    test('an unknown command stays in the box, before which the next paste is put', async () => {
      const id = await ready();
      await subject.pane.paste('/nonesuch');
      await subject.pane.shows("Unrecognized command '/nonesuch'", '› /nonesuch');
      await subject.pane.paste('hello');
      await turnEnded(id);
      expect(subject.home.prompts('codex', id)).toEqual(['hello/nonesuch']);
    });

    test('a blank before ! and behind a last word with @ or $ makes any text a prompt', async () => {
      const id = await ready();
      for (const [index, text] of [' !touch made ', 'see $x ', ' /compact '].entries()) {
        await subject.pane.paste(text);
        await turnEnded(id, index + 1);
      }
      expect(subject.home.prompts('codex', id)).toEqual(['!touch made', 'see $x', '/compact']);
      expect(existsSync(join(subject.work, 'made'))).toBe(false);
    });

    test('Enter is swallowed where it comes in one breath with a text that is not a bracketed paste', async () => {
      const id = await ready();
      await subject.pane.type('typed', { enter: true });
      await subject.pane.shows('› typed');
      expect(turnEnds(id)).toEqual([]);
    });

    test('what is sent while it is busy is taken in the same turn; with Tab, in one of its own', async () => {
      const id = await ready();
      await subject.pane.paste('THINK 20');
      await subject.titled(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] work$/);
      await waitFor('the prompt on disk', () => subject.home.prompts('codex', id).length === 1);
      await subject.pane.paste('instead');
      await turnEnded(id);
      expect(events(id).filter(({ type }) => type === 'task_started')).toHaveLength(1);
      await subject.pane.paste('SLOW 2');
      await waitFor('the prompt on disk', () => subject.home.prompts('codex', id).length === 3);
      await subject.pane.paste('later', { enter: false });
      await subject.pane.keys('Tab');
      await turnEnded(id, 3);
      expect(subject.home.prompts('codex', id)).toEqual(['THINK 20', 'instead', 'SLOW 2', 'later']);
    });
  });

  describe('what ends a turn', () => {
    test('Esc', async () => {
      const id = await ready();
      await subject.pane.paste('SLOW 30');
      await waitFor('the prompt on disk', () => subject.home.prompts('codex', id).length === 1);
      await subject.titled(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] work$/);
      await subject.pane.keys('Escape');
      expect(await turnEnded(id)).toMatchObject({ type: 'turn_aborted', reason: 'interrupted' });
      await subject.titled(/^work$/);
    });

    test.each([
      [400, 'other', '■ {"error"'],
      [401, { http_connection_failed: { http_status_code: 401 } }, '■ unexpected status 401 Unauthorized'],
      [
        429,
        { response_too_many_failed_attempts: { http_status_code: 429 } },
        '■ exceeded retry limit, last status: 429 Too Many Requests',
      ],
    ])('an answer %d of the API', async (status, info, text) => {
      const id = await ready();
      await subject.pane.paste(`ERR ${status}`);
      expect((await turnEnded(id)).error?.codex_error_info).toEqual(info);
      await subject.pane.shows(text);
      await subject.titled(/^work$/);
    });

    test('a usage limit; then a question whose first choice is another model, under a title that says nothing', async () => {
      const id = await ready();
      await subject.pane.paste('hello');
      await turnEnded(id);
      await subject.pane.paste('RATELIMIT 3600');
      expect((await turnEnded(id, 2)).error?.codex_error_info).toBe('usage_limit_exceeded');
      const told = events(id).findLast(({ type }) => type === 'token_count') as unknown as {
        rate_limits: { primary: object };
      };
      expect(told.rate_limits.primary).toMatchObject({ used_percent: 100, window_minutes: 300 });
      await subject.pane.shows('You’ve hit your usage limit', 'Approaching rate limits', '› 1. Switch to gpt-6-luna');
      expect(await subject.pane.title()).toBe('work');
      expect(await subject.pane.cursorShown()).toBe(false);
    });

    test('a usage limit without that question, where the config hides it', async () => {
      const id = await ready('-c', 'notice.hide_rate_limit_model_nudge=true');
      await subject.pane.paste('RATELIMIT 7200');
      await turnEnded(id);
      await subject.pane.shows('You’ve hit your usage limit', '5h limit: only <1% left', '› Ask Codex to do anything');
    });
  });

  describe('leaving', () => {
    test('Ctrl-C on an empty line, without a question', async () => {
      const id = await ready();
      await subject.pane.paste('hello');
      await turnEnded(id);
      await subject.pane.keys('C-c');
      expect(await subject.pane.ended()).toEqual({ code: 0, signal: undefined });
      expect(await subject.pane.screen(true)).toContain(`codex resume ${id}`);
      expect(locks()).toEqual([]);
    });

    test('Ctrl-C with a draft only clears it', async () => {
      await ready();
      await subject.pane.paste('a draft', { enter: false });
      await subject.pane.shows('› a draft');
      await subject.pane.keys('C-c');
      await subject.pane.shows('› Ask Codex to do anything');
    });

    test.each([
      ['SIGTERM', 15],
      ['SIGHUP', 1],
    ] as const)('%s is not heard', async (signal, number) => {
      await ready();
      process.kill(subject.pid, signal);
      expect(await subject.pane.ended()).toEqual({ code: undefined, signal: number });
      expect(locks()).toHaveLength(1);
    });
  });
}
