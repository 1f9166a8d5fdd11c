import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Millis, Result } from '../../reconciler/types.ts';
import { type Match, type Question, search } from './search.ts';

/** `too much`: of time or of memory; `no thread`: nothing was tried. */
export type Trouble = 'too much' | 'no thread';

export type Answer = Result<Match | undefined, Trouble>;

/**
 * Time is counted in beats of this length: a machine that slept, or had no time for anybody, has missed them, and what
 * waits for an answer then is not to blame.
 */
const BEAT: Millis = 100;

/** What the thread executes; what a pattern throws, as it does when it needs too much of the stack, is an answer too. */
const SOURCE = `const { parentPort } = require('node:worker_threads');
const search = ${search};
parentPort.on('message', (question) => {
  let answer;
  try { answer = { ok: true, value: search(question) }; } catch { answer = { ok: false, error: 'too much' }; }
  parentPort.postMessage(answer);
});`;

/** Matches patterns in a thread that can be ended: nothing else ends a match that backtracks for ever. */
export class Engine {
  #thread: Worker | undefined;
  #latest: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** One question at a time. `limit`: how long it may take once it is its turn, which is when it is asked for. */
  ask(question: Question, limit: () => Millis): Promise<Answer> {
    const answer = this.#latest.then(() => this.#ask(question, limit()));
    this.#latest = answer;
    return answer;
  }

  /** What is still asked remains without an answer from the thread. */
  close(): void {
    this.#closed = true;
    this.#end();
  }

  async #ask(question: Question, limit: Millis): Promise<Answer> {
    const thread = this.#thread ?? (await this.#start());
    if (!thread) return { ok: false, error: 'no thread' };
    const answer = await answerOf(thread, question, limit);
    if (!answer.ok) this.#end();
    return this.#closed ? { ok: false, error: 'no thread' } : answer;
  }

  /** Begin a thread; it is there as soon as it runs, which is no time of the question. */
  async #start(): Promise<Worker | undefined> {
    if (this.#closed) return undefined;
    const thread = new Worker(SOURCE, { eval: true, execArgv: [], env: {} });
    thread.unref();
    const begun = await once(thread, 'online').then(
      () => true,
      () => false,
    );
    // Its end is seen by whoever waits for its answer.
    thread.on('error', () => undefined);
    if (!begun || this.#closed) {
      void thread.terminate();
      return undefined;
    }
    this.#thread = thread;
    return thread;
  }

  #end(): void {
    void this.#thread?.terminate();
    this.#thread = undefined;
  }
}

function answerOf(thread: Worker, question: Question, limit: Millis): Promise<Answer> {
  return new Promise((resolve) => {
    let beats = 0;
    const tooMuch = () => answer({ ok: false, error: 'too much' });
    const timer = setInterval(() => {
      beats += 1;
      if (beats * BEAT >= limit) tooMuch();
    }, BEAT);
    const answer = (value: Answer): void => {
      clearInterval(timer);
      thread.off('message', answer);
      thread.off('exit', tooMuch);
      resolve(value);
    };
    thread.once('message', answer);
    thread.once('exit', tooMuch);
    thread.postMessage(question);
  });
}
