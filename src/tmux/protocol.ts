/** What a control client says, one event for each reply or notification. */
export type ControlEvent =
  /** The answer to one command. `own`: to one that this client sent, not to a hook or to the client's argv. */
  | { readonly kind: 'reply'; readonly own: boolean; readonly ok: boolean; readonly lines: readonly string[] }
  /** Something happened on the server: `%sessions-changed` has the name `sessions-changed`. */
  | { readonly kind: 'notice'; readonly name: string; readonly rest: string }
  /** The client is about to end; the reason is empty if it was asked to. */
  | { readonly kind: 'exit'; readonly reason: string }
  /** A line that is not of the protocol. */
  | { readonly kind: 'stray'; readonly line: string };

const NEWLINE = 10;

/**
 * An incremental parser of tmux's control protocol: feed bytes as they come, get events.
 *
 * Bytes become text line by line, so a character that is split over two chunks is never broken. A reply ends only with
 * the numbers it began with: the text of a screen may well contain `%end`.
 */
export class ControlParser {
  #rest: Buffer[] = [];
  #block: { readonly id: string; readonly lines: string[] } | undefined;

  feed(chunk: Buffer): readonly ControlEvent[] {
    const events: ControlEvent[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      const event = this.#line(this.#text(chunk.subarray(from, end)));
      if (event) events.push(event);
      from = end + 1;
    }
    if (from < chunk.length) this.#rest.push(chunk.subarray(from));
    return events;
  }

  #text(last: Buffer): string {
    if (this.#rest.length === 0) return last.toString('utf8');
    const whole = Buffer.concat([...this.#rest, last]);
    this.#rest = [];
    return whole.toString('utf8');
  }

  #line(line: string): ControlEvent | undefined {
    const block = this.#block;
    if (!block) return this.#outside(line);
    if (line !== `%end ${block.id}` && line !== `%error ${block.id}`) {
      block.lines.push(line);
      return undefined;
    }
    this.#block = undefined;
    return { kind: 'reply', own: block.id.endsWith(' 1'), ok: line.startsWith('%end'), lines: block.lines };
  }

  #outside(line: string): ControlEvent | undefined {
    const id = /^%begin (\d+ \d+ \d+)$/.exec(line)?.[1];
    if (id !== undefined) {
      this.#block = { id, lines: [] };
      return undefined;
    }
    const [, name, rest = ''] = /^%([a-z-]+)(?: (.*))?$/.exec(line) ?? [];
    if (name === undefined) return { kind: 'stray', line };
    return name === 'exit' ? { kind: 'exit', reason: rest } : { kind: 'notice', name, rest };
  }
}
