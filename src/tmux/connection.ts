import type { Millis, Result } from '../reconciler/types.ts';
import { type ClientEnd, ControlClient } from './control-client.ts';
import { missing, type Program, silent } from './exec.ts';
import { failureFrom } from './failure.ts';
import type { ControlEvent } from './protocol.ts';
import { type Command, commandLine } from './quote.ts';
import type { TmuxFailure } from './types.ts';

/** The printed lines of each command of a line, in order. */
export type Replies = readonly (readonly string[])[];

type Answer = Result<Replies, TmuxFailure>;

/** A line whose answer is awaited. */
type Pending = {
  readonly commands: readonly Command[];
  /** So many replies are due. */
  readonly due: number;
  readonly replies: (readonly string[])[];
  readonly settle: (answer: Answer) => void;
  /** It may take for ever, as `wait-for` does. */
  readonly patient: boolean;
  /** Nobody waits any more; the late answer is only counted. */
  abandoned: boolean;
};

export type ConnectionEvents = {
  /** The client has this pid. Called at once, also for a client that is never opened. */
  readonly onClient: (pid: number) => void;
  /** A notification of the server, by name. */
  readonly onNotice: (name: string) => void;
  /** The client ended without being closed from here. Called at most once, and only if it had been opened. */
  readonly onClosed: (why: TmuxFailure) => void;
};

/**
 * A control client with its queue: each line gets its own answer, first in, first out.
 *
 * tmux answers in order, so a line without an answer blocks all behind it. When the time of the first is up, all are
 * given up; what comes late is counted and thrown away, so later answers never reach the wrong question. Until the
 * late ones have come nothing more is sent: a server that hangs must not find a pile of work when it wakes.
 */
export class Connection {
  readonly #client: ControlClient;
  readonly #timeout: Millis;
  readonly #events: ConnectionEvents;
  #sent: Pending[] = [];
  #held: Pending[] = [];
  #timer: NodeJS.Timeout | undefined;
  #greet: ((greeting: Result<void, string>) => void) | undefined;
  #ended: TmuxFailure | undefined;
  #closing = false;

  private constructor(program: Program, args: readonly string[], events: ConnectionEvents) {
    this.#timeout = program.timeout;
    this.#events = events;
    this.#client = new ControlClient(program, args, (event) => this.#take(event));
  }

  get pid(): number | undefined {
    return this.#client.pid;
  }

  /** Start a client with `args`, of which `command` is the subcommand, and wait until tmux has done it. */
  static async open(
    program: Program,
    command: string,
    args: readonly string[],
    events: ConnectionEvents,
  ): Promise<Result<Connection, TmuxFailure>> {
    const connection = new Connection(program, args, events);
    if (connection.pid !== undefined) events.onClient(connection.pid);
    const failure = await connection.#opened(command, program);
    if (!failure) {
      void connection.#client.ended.then((end) => connection.#lost(end, command));
      return { ok: true, value: connection };
    }
    connection.#closing = true;
    await connection.#client.end();
    return { ok: false, error: failure };
  }

  /**
   * Send the commands as one line, which stops at the first that fails.
   *
   * `answers`: how many replies come, where that is not one for each command: a command that runs another one makes two.
   */
  run(
    commands: readonly Command[],
    options: { readonly patient?: boolean; readonly answers?: number } = {},
  ): Promise<Answer> {
    const ended = this.#ended;
    if (ended) return Promise.resolve({ ok: false, error: { ...ended, command: nameOf(commands) } });
    return new Promise((settle) => {
      const { patient = false, answers: due = commands.length } = options;
      const pending = { commands, due, replies: [], settle, patient, abandoned: false };
      if (this.#sent[0]?.abandoned) this.#held.push(pending);
      else this.#send(pending);
      if (!this.#timer) this.#arm();
    });
  }

  /** End the client. Whatever waits for an answer gets none. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#end({ code: 'closed', command: '', why: 'the connection was closed' });
    await this.#client.end();
  }

  async #opened(command: string, program: Program): Promise<TmuxFailure | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const failure = await Promise.race([
      new Promise<TmuxFailure | undefined>((resolve) => {
        this.#greet = (said) => resolve(said.ok ? undefined : { code: 'refused', command, why: said.error });
      }),
      this.#client.ended.then((end) =>
        end.missing ? missing(program.binary, command) : failureFrom(command, end.said, end.code),
      ),
      new Promise<TmuxFailure>((resolve) => {
        timer = setTimeout(() => resolve(silent(command, this.#timeout)), this.#timeout);
      }),
    ]);
    clearTimeout(timer);
    this.#greet = undefined;
    return failure;
  }

  #take(event: ControlEvent): void {
    if (event.kind === 'notice') this.#events.onNotice(event.name);
    if (event.kind !== 'reply') return;
    // The client's own argv is answered first, and not as a command that was sent over the connection.
    if (this.#greet) this.#greet(event.ok ? { ok: true, value: undefined } : { ok: false, error: words(event.lines) });
    else if (event.own) this.#answer(event.ok, event.lines);
  }

  #answer(ok: boolean, lines: readonly string[]): void {
    const first = this.#sent[0];
    if (!first) return;
    const failed = first.commands[first.replies.length]?.[0] ?? nameOf(first.commands);
    first.replies.push(lines);
    if (!ok) this.#finish({ ok: false, error: { code: 'refused', command: failed, why: words(lines) } });
    else if (first.replies.length === first.due) this.#finish({ ok: true, value: first.replies });
  }

  #finish(answer: Answer): void {
    this.#sent.shift()?.settle(answer);
    if (!this.#sent[0]?.abandoned) for (const pending of this.#held.splice(0)) this.#send(pending);
    this.#arm();
  }

  #send(pending: Pending): void {
    this.#sent.push(pending);
    this.#client.write(commandLine(pending.commands));
  }

  /** Give the first in the queue its time, counted from now: that the server answers at all is progress. */
  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const first = this.#held[0] ?? this.#sent[0];
    if (!first || first.patient || first.abandoned) return;
    this.#timer = setTimeout(() => this.#giveUp(), this.#timeout);
  }

  #giveUp(): void {
    this.#timer = undefined;
    for (const pending of [...this.#sent, ...this.#held.splice(0)]) {
      pending.abandoned = true;
      pending.settle({ ok: false, error: silent(nameOf(pending.commands), this.#timeout) });
    }
  }

  #lost(end: ClientEnd, command: string): void {
    const why: TmuxFailure = { code: 'closed', command, why: end.said.trim() || `the tmux client ended (${end.code})` };
    this.#end(why);
    if (!this.#closing) this.#events.onClosed(why);
  }

  #end(why: TmuxFailure): void {
    this.#ended ??= why;
    clearTimeout(this.#timer);
    for (const pending of [...this.#sent.splice(0), ...this.#held.splice(0)]) {
      pending.settle({ ok: false, error: { ...why, command: nameOf(pending.commands) } });
    }
  }
}

function nameOf(commands: readonly Command[]): string {
  return commands[0]?.[0] ?? '';
}

function words(lines: readonly string[]): string {
  return lines.join(' ').trim() || 'no reason given';
}
