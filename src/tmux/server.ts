import type { AgentName, PaneId, Result, Session, SessionId } from '../reconciler/types.ts';
import { adoption, birth, type Host, labelCommands, rebirth, rehouse } from './commands.ts';
import type { Connection } from './connection.ts';
import { programText } from './end-notice.ts';
import { execTmux, type Program } from './exec.ts';
import { LISTING, Rows } from './listing.ts';
import { PICTURE, readPicture } from './picture.ts';
import { appendTo } from './pipe.ts';
import { isOwn, placeFlags } from './place.ts';
import type { Command } from './quote.ts';
import { isThere, solved } from './riddle.ts';
import type { Home } from './settle-in.ts';
import { subscription } from './shown.ts';
import { type Belonging, broughtUpToDate, type Reading, readEnds, readListing } from './sighting.ts';
import type {
  Cursor,
  Labels,
  Launch,
  Launched,
  Picture,
  Shutdown,
  Sighting,
  Strange,
  Tmux,
  TmuxFailure,
  TmuxPlace,
  TmuxVersion,
} from './types.ts';

type Answer<T> = Promise<Result<T, TmuxFailure>>;

/** What an open connection consists of. */
export type Parts = {
  readonly place: TmuxPlace;
  readonly program: Program;
  readonly home: Home;
  readonly host: Host;
  readonly whose: Belonging;
  readonly connection: Connection;
  /** The one that waits to be woken. */
  readonly waiting: Connection;
  /** End everything that was opened beside `connection`, and tell nobody. */
  readonly leave: () => Promise<void>;
};

/** How often a process whose end tmux has not understood yet is asked for again. */
const LOOKS = 3;

/** The operations of one open connection, each spelled in tmux commands. */
export class Server implements Tmux {
  readonly version: TmuxVersion;
  readonly serverPid: number;
  readonly place: TmuxPlace;
  readonly #parts: Parts;
  readonly #rows = new Rows();
  #terminals: ReadonlySet<string> = new Set();
  /** Programs that are being started: which terminal one of them has is not known yet. */
  #launching = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.place = parts.place;
    this.version = parts.home.version;
    this.serverPid = parts.home.serverPid;
  }

  async observe(): Answer<Sighting> {
    let gone: ReadonlySet<number> = new Set();
    let reading = await this.#read();
    for (let look = 1; reading.ok && look < LOOKS && reading.value.riddles.some(({ pid }) => !gone.has(pid)); look++) {
      // Only of a process that was gone before tmux was asked is it sure that tmux has nothing more to say.
      gone = new Set(reading.value.riddles.filter((riddle) => !isThere(riddle)).map(({ pid }) => pid));
      this.poke();
      reading = await this.#read();
    }
    return reading.ok ? { ok: true, value: solved(reading.value, gone) } : reading;
  }

  async glance(): Answer<(last: Sighting) => Sighting | undefined> {
    const { connection, whose } = this.#parts;
    const listed = await connection.run([['list-panes', '-a', '-f', '#{pane_dead}', '-F', LISTING]]);
    if (!listed.ok) return listed;
    const ends = readEnds(listed.value[0] ?? [], whose);
    if (!ends.ok) return { ok: false, error: { code: 'unreachable', command: 'list-panes', why: ends.error } };
    return { ok: true, value: (last) => broughtUpToDate(last, ends.value) };
  }

  spawn(launch: Launch): Answer<Launched> {
    return this.#launch(birth(launch, this.#parts.host));
  }

  respawn(session: Session, launch: Launch): Answer<Launched> {
    const { host } = this.#parts;
    if (session.main.state === 'gone') return this.#launch(rehouse(session.id, launch, host));
    return this.#launch(rebirth(session.id, session.main.pane, launch, host));
  }

  adopt({ session, pane }: Strange, agent: AgentName, labels: Labels): Answer<Launched> {
    return this.#launch(adoption(session, pane, agent, labels, this.#parts.host));
  }

  async label(session: SessionId, labels: Partial<Labels>): Answer<void> {
    const commands = labelCommands(session, labels);
    return commands.length === 0 ? { ok: true, value: undefined } : this.#do(commands);
  }

  async remove(session: SessionId): Answer<void> {
    const done = await this.#do([['kill-session', '-t', session]]);
    if (!done.ok && done.error.code === 'refused' && /^can't find session/.test(done.error.why)) {
      return { ok: true, value: undefined };
    }
    return done;
  }

  keys(pane: PaneId, keys: readonly string[]): Answer<void> {
    return this.#do([['send-keys', '-t', pane, '--', ...keys]]);
  }

  paste(pane: PaneId, text: string): Answer<void> {
    // A buffer of its own, gone with the paste: those of the user stay as they are, and nobody else reads this one.
    const buffer = `colony-${pane.slice(1)}`;
    return this.#do([
      ['set-buffer', '-b', buffer, '--', text],
      ['paste-buffer', '-p', '-d', '-b', buffer, '-t', pane],
    ]);
  }

  async look(pane: PaneId): Answer<Picture> {
    const commands: readonly Command[] = [
      ['display-message', '-p', '-t', pane, PICTURE],
      ['capture-pane', '-p', '-e', '-t', pane],
    ];
    const got = await this.#parts.connection.run(commands);
    if (!got.ok) return got;
    const picture = readPicture(got.value[0]?.[0] ?? '', got.value[1] ?? []);
    if (picture.ok) return picture;
    return { ok: false, error: { code: 'unreachable', command: 'display-message', why: picture.error } };
  }

  async enterAt(pane: PaneId, cursor: Cursor): Answer<boolean> {
    const { x, y, shown } = cursor;
    const there = `#{==:#{cursor_x} #{cursor_y} #{cursor_flag},${x} ${y} ${shown ? 1 : 0}}`;
    // What the condition runs is answered too, after the condition itself.
    const press: Command = ['if-shell', '-F', '-t', pane, there, `send-keys -t ${pane} Enter`, 'display-message -p no'];
    const got = await this.#parts.connection.run([press], { answers: 2 });
    return got.ok ? { ok: true, value: got.value[1]?.[0] !== 'no' } : got;
  }

  stopReading(pane: PaneId): Answer<void> {
    return this.#do([['copy-mode', '-q', '-t', pane]]);
  }

  async capture(pane: PaneId, options: { readonly history: number }): Answer<readonly string[]> {
    const above = options.history > 0 ? ['-S', String(-options.history)] : [];
    const got = await this.#parts.connection.run([['capture-pane', '-p', '-t', pane, ...above]]);
    return got.ok ? { ok: true, value: programText(got.value[0] ?? []) } : got;
  }

  async pipe(pane: PaneId, path: string, options: { readonly history: number }): Answer<readonly string[]> {
    const above = options.history > 0 ? ['-S', String(-options.history)] : [];
    const commands: readonly Command[] = [
      ['pipe-pane', '-O', '-t', pane, appendTo(path)],
      ['capture-pane', '-p', '-J', '-t', pane, ...above],
    ];
    const got = await this.#parts.connection.run(commands);
    return got.ok ? { ok: true, value: programText(got.value[1] ?? []) } : got;
  }

  unpipe(pane: PaneId): Answer<void> {
    return this.#do([['pipe-pane', '-t', pane]]);
  }

  async piped(pane: PaneId): Answer<boolean> {
    const got = await this.#parts.connection.run([['display-message', '-p', '-t', pane, '#{pane_pipe}']]);
    return got.ok ? { ok: true, value: got.value[0]?.[0] === '1' } : got;
  }

  tell(panes: readonly PaneId[]): Answer<void> {
    return this.#do([subscription(panes)]);
  }

  async shutdown(): Answer<Shutdown> {
    const { connection, home, place } = this.#parts;
    const seen = await this.#read();
    if (!seen.ok) return seen;
    const alone = seen.value.foreign.size === 0 && seen.value.sessions.size === 0;
    const whole = isOwn(place) && alone;
    await this.#parts.leave();
    const command: Command = whole ? ['kill-server'] : ['kill-session', '-t', home.anchor];
    const done = await connection.run([command]);
    await connection.close();
    // The last words of a server that ends may never arrive: that the connection closed is what was asked for.
    if (!done.ok && done.error.code !== 'closed') return done;
    return whole ? this.#ended() : { ok: true, value: 'anchor_removed' };
  }

  /** Whether one of our programs may have run in this terminal, which is given as a path. */
  mayHave(path: string): boolean {
    return this.#launching > 0 || this.#terminals.has(path);
  }

  poke(): void {
    // The pid is that of the server at the other end of an open connection, so it cannot be anybody else's by now.
    try {
      process.kill(this.serverPid, 'SIGCHLD');
    } catch {
      // It has just ended, which the connection tells.
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#parts.leave(), this.#parts.connection.close()]);
  }

  async #read(): Answer<Reading> {
    const listed = await this.#parts.connection.run([['list-panes', '-a', '-F', LISTING]]);
    if (!listed.ok) return listed;
    const reading = readListing(listed.value[0] ?? [], this.#parts.whose, this.#rows);
    if (!reading.ok) return { ok: false, error: { code: 'unreachable', command: 'list-panes', why: reading.error } };
    this.#terminals = reading.value.terminals;
    return reading;
  }

  async #launch(commands: readonly Command[]): Answer<Launched> {
    this.#launching += 1;
    const done = await this.#parts.connection.run(commands);
    this.#launching -= 1;
    if (!done.ok) return done;
    const reading = readListing(done.value.at(-1) ?? [], this.#parts.whose);
    if (reading.ok) this.#terminals = new Set([...this.#terminals, ...reading.value.terminals]);
    return launchedIn(reading);
  }

  async #do(commands: readonly Command[]): Answer<void> {
    const done = await this.#parts.connection.run(commands);
    return done.ok ? { ok: true, value: undefined } : done;
  }

  /** Wait until the server is really gone, so that whoever starts the next one does not meet the old. */
  async #ended(): Answer<Shutdown> {
    const { program, place } = this.#parts;
    const deadline = performance.now() + program.timeout;
    for (;;) {
      const asked = await execTmux(program, 'list-sessions', [...placeFlags(place), '-N', 'list-sessions']);
      if (!asked.ok && asked.error.code === 'no_server') return { ok: true, value: 'server_ended' };
      if (performance.now() > deadline) {
        const why = `the server still runs ${program.timeout} ms after it was told to end`;
        return { ok: false, error: { code: 'unreachable', command: 'kill-server', why } };
      }
    }
  }
}

function launchedIn(reading: Result<Reading, string>): Result<Launched, TmuxFailure> {
  const [session] = reading.ok ? [...reading.value.sessions.values()].flat() : [];
  if (session?.main.state === 'alive') {
    const { pane, pid } = session.main;
    return { ok: true, value: { session: session.id, pane, pid, seen: session } };
  }
  const why = reading.ok ? 'what was started does not show as ours and running' : reading.error;
  return { ok: false, error: { code: 'unreachable', command: 'display-message', why } };
}
