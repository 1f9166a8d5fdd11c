import type { Millis, Result } from '../reconciler/types.ts';
import { wakeChannel } from './commands.ts';
import type { Connection } from './connection.ts';
import { execTmux, type Program } from './exec.ts';
import { isDying } from './failure.ts';
import { joinAgain, joinServer } from './join.ts';
import { watchMissedExits } from './missed-exits.ts';
import { isOwn } from './place.ts';
import { Server } from './server.ts';
import { settleIn } from './settle-in.ts';
import type { News, OpenOptions, Tmux, TmuxFailure, TmuxVersion } from './types.ts';
import { isTooOld, losesExits, OLDEST, parseVersion } from './version.ts';

type Answer<T> = Promise<Result<T, TmuxFailure>>;

/** An old server may take this long to be gone before a new one can start. */
const DYING: Millis = 2_000;
const RETRY: Millis = 20;

/** Notifications after which the list of sessions or panes, what they show, or who looks at them, is another. */
const CHANGES = new Set([
  ...['sessions-changed', 'session-renamed', 'window-close', 'unlinked-window-close'],
  // Who is attached: the control clients of ours are never meant, they stay where they are.
  ...['client-session-changed', 'client-detached'],
  // What was asked for by `tell`.
  'subscription-changed',
]);

/**
 * Connect to the tmux server of one colony; with `start`, make one if none runs.
 *
 * A server that is just ending is waited for. Whatever was begun is ended again if the connection cannot be made.
 */
export async function openTmux(options: OpenOptions): Answer<Tmux> {
  const program = {
    binary: options.binary ?? 'tmux',
    environment: options.environment,
    timeout: options.timeout ?? 5_000,
  };
  const deadline = performance.now() + DYING;
  let usable: Result<TmuxVersion, TmuxFailure> | undefined;
  for (;;) {
    const opened = await new Opening(options, program).open();
    if (opened.ok || opened.error.code === 'no_server') return opened;
    // A program that is missing, too old, or no tmux at all is a better answer than what came of using it. It is
    // asked only now: a server tells its own version when it is joined, and an old program refuses the flags of
    // `new-session` before it has done anything.
    usable ??= await checkProgram(program);
    if (!usable.ok) return usable;
    if (!isDying(opened.error) || performance.now() > deadline) return opened;
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
}

/** See that there is a tmux, and that it is new enough. */
async function checkProgram(program: Program): Answer<TmuxVersion> {
  const said = await execTmux(program, '-V', ['-V']);
  if (!said.ok) return said;
  const version = parseVersion(said.value);
  if (!version) {
    const why = `\`${program.binary} -V\` says \`${said.value.slice(0, 120)}\`, which is no version of tmux`;
    return { ok: false, error: { code: 'unreachable', command: '-V', why } };
  }
  if (isTooOld(version)) {
    const why = `this is tmux ${version.text}, and ${OLDEST} is the oldest that will do`;
    return { ok: false, error: { code: 'too_old', command: '-V', why } };
  }
  return { ok: true, value: version };
}

/** A server that the first client had joined and the second finds gone has ended between the two. */
function endedMeanwhile(failure: TmuxFailure): TmuxFailure {
  return failure.code === 'no_server' || failure.code === 'refused' ? { ...failure, code: 'closed' } : failure;
}

/** What has been opened so far, and how to end all of it. */
class Opening {
  readonly #options: OpenOptions;
  readonly #program: Program;
  readonly #open: Connection[] = [];
  #unwatch = () => {};
  /** Nobody is to be told anything any more. */
  #over = false;
  /** The caller has its answer: from now on a failure is told by `onClosed`. */
  #ready = false;
  #lost: TmuxFailure | undefined;

  constructor(options: OpenOptions, program: Program) {
    this.#options = options;
    this.#program = program;
  }

  async open(): Answer<Tmux> {
    const made = await this.#steps();
    const opened = this.#lost && made.ok ? { ok: false as const, error: this.#lost } : made;
    if (!opened.ok) await this.#leave();
    this.#ready = opened.ok;
    return opened;
  }

  async #steps(): Answer<Tmux> {
    const options = this.#options;
    const events = {
      onClient: options.onClient ?? (() => {}),
      onNotice: (name: string) => {
        if (CHANGES.has(name)) this.#wake('anything');
      },
      onClosed: (why: TmuxFailure) => this.#broken(why),
    };
    const joined = await joinServer(options, this.#program, events);
    if (!joined.ok) return joined;
    this.#open.push(joined.value);
    const home = await settleIn(joined.value, options);
    if (!home.ok) return home;
    const waiting = await joinAgain(options, home.value.anchor, this.#program, { ...events, onNotice: () => {} });
    if (!waiting.ok) return { ok: false, error: endedMeanwhile(waiting.error) };
    this.#open.push(waiting.value);
    this.#listen(waiting.value);
    const server = new Server({
      place: options.place,
      program: this.#program,
      home: home.value,
      host: {
        colony: options.colony,
        own: isOwn(options.place),
        historyLimit: options.conf.historyLimit,
        unset: options.unset,
        inherited: isOwn(options.place) ? options.environment : {},
      },
      whose: { colony: options.colony, anchor: options.anchor.session },
      connection: joined.value,
      waiting: waiting.value,
      leave: () => this.#leave(waiting.value),
    });
    if (process.platform === 'linux' && losesExits(server.version))
      this.#unwatch = watchMissedExits((terminal) => {
        server.poke();
        // tmux handles the signal before it reads any command, so whoever looks now sees the end. The hook says so as
        // well, a millisecond later. Terminals of others come and go all the time: those of tools that agents use, too.
        if (terminal !== undefined && server.mayHave(terminal)) this.#wake('ended');
      });
    return { ok: true, value: server };
  }

  /** Wait on the channel that the hooks signal. tmux remembers a signal that comes while nobody waits. */
  #listen(connection: Connection): void {
    void connection.run([['wait-for', wakeChannel(this.#options.colony)]], { patient: true }).then((woken) => {
      if (!woken.ok) return this.#broken(woken.error);
      this.#listen(connection);
      this.#wake('ended');
    });
  }

  /** Whoever is woken wants to look, and would open a second connection before this one is there. */
  #wake(news: News): void {
    if (this.#ready && !this.#over) this.#options.onWake(news);
  }

  /** One of the clients is gone: the other is of no use alone. */
  #broken(why: TmuxFailure): void {
    this.#lost ??= why;
    if (this.#over || !this.#ready) return;
    void this.#leave().then(() => this.#options.onClosed(why));
  }

  /** End `only` one client, or all. */
  async #leave(only?: Connection): Promise<void> {
    this.#over = true;
    this.#unwatch();
    await Promise.all((only ? [only] : this.#open).map((connection) => connection.close()));
  }
}
