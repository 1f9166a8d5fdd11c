import { matches } from '../config/glob.ts';
import { EXIT } from '../control/protocol.ts';
import { wallOf } from '../reconciler/offsets.ts';
import type { AgentName, Entry, Millis, Offset } from '../reconciler/types.ts';
import type { Colony } from './colony.ts';
import { noSuchAgent } from './configuration.ts';
import { Refused } from './handlers/context.ts';
import { lastOf, type Row } from './state/rows.ts';
import { onWall } from './wall-time.ts';

/** Which entries somebody wants. */
export type EventsQuery = {
  /** Only those behind this sequence number. */
  readonly since: number | undefined;
  /** Only those since this instant, by the clock of the machine. */
  readonly after: Millis | undefined;
  readonly wanted: (entry: Entry) => boolean;
  readonly follow: boolean;
  /** How the clocks stand to each other, as far as that is known by now. */
  readonly offsets: () => readonly Offset[];
};

/** Read what a request asks for; throws Refused if it makes no sense or names an agent that never was. */
export function eventsQuery(colony: Colony, params: URLSearchParams): EventsQuery {
  const names = params.getAll('agent');
  const labels = params.getAll('label');
  const types = new Set(params.getAll('type'));
  checkNames(colony, names);
  const wantedAgent = (agent: AgentName): boolean =>
    (names.length === 0 || names.some((name) => matches(name, agent))) &&
    labels.every((label) => hasLabel(colony, agent, label));
  const some = names.length + labels.length > 0;
  return {
    since: wholeNumber(params, 'since'),
    after: wholeNumber(params, 'after'),
    follow: params.get('follow') === '1',
    offsets: () => colony.journal.ledger.offsets,
    wanted: (entry) =>
      (types.size === 0 || types.has(entry.type)) && (!some || ('agent' in entry && wantedAgent(entry.agent))),
  };
}

function checkNames(colony: Colony, names: readonly string[]): void {
  const known = knownAgents(colony);
  const missing = names.find((name) => !known.some((agent) => matches(name, agent)));
  if (missing !== undefined) throw new Refused(noSuchAgent(missing, known));
}

/** The agents that the file, the journal or the present moment know. */
export function knownAgents({ desired, journal, observed }: Colony): readonly AgentName[] {
  const sessions = observed.known ? [...observed.sessions.keys()] : [];
  return [...new Set([...(desired?.agents.keys() ?? []), ...journal.ledger.agents.keys(), ...sessions])];
}

export function hasLabel({ desired }: Colony, agent: AgentName, label: string): boolean {
  const [key = ''] = label.split('=', 1);
  const value = desired?.agents.get(agent)?.labels[key];
  return value !== undefined && `${key}=${value}` === label;
}

/** A number of a request; throws Refused if it is none. */
export function wholeNumber(params: URLSearchParams, name: string): number | undefined {
  const text = params.get(name);
  if (text === null) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  const problem = `\`${name}\` must be a whole number, got "${text}"`;
  throw new Refused({ code: 'bad_request', exit: EXIT.usage, text: problem });
}

/**
 * Chooses from rows, which come in the order of their numbers and some of them twice, the lines to be sent.
 *
 * Each row is sent once. The first line says which entries are missing if older ones than are kept were asked for, or
 * that the numbers started anew.
 */
export class Selection {
  readonly #query: EventsQuery;
  #last: number;
  #resuming: boolean;

  /** `newest`: the highest number there is. */
  constructor(query: EventsQuery, newest: number) {
    const { since } = query;
    this.#query = query;
    this.#resuming = since !== undefined && since <= newest;
    this.#last = this.#resuming ? (since ?? 0) : 0;
  }

  /** The lines to send before everything else. */
  first(newest: number): readonly string[] {
    const { since } = this.#query;
    return since !== undefined && since > newest ? [JSON.stringify({ type: 'reset', last: newest })] : [];
  }

  /** The lines to send for a row. */
  take(row: Row): readonly string[] {
    const last = lastOf(row);
    if (last <= this.#last) return [];
    const { value } = row;
    const missed = this.#missedBefore(value.type === 'gap' ? value.from : value.seq);
    this.#resuming = false;
    this.#last = last;
    return this.#wants(row) ? [...missed, shown(row, this.#query.offsets())] : missed;
  }

  #missedBefore(next: number): readonly string[] {
    if (!this.#resuming || next <= this.#last + 1) return [];
    return [JSON.stringify({ type: 'gap', from: this.#last + 1, to: next - 1 })];
  }

  #wants({ value }: Row): boolean {
    const { after = 0, wanted, offsets } = this.#query;
    return value.type === 'gap' || (wallOf(offsets(), value.at) >= after && wanted(value));
  }
}

/**
 * The line as it stands in the journal, but for its instants, which are brought to the clock of the machine, and for the
 * keys of a stop that hold the value of a variable: the journal needs them to stop an agent as it was promised, and nobody
 * else does.
 */
function shown({ value, text }: Row, offsets: readonly Offset[]): string {
  if (value.type === 'gap') return text;
  const entry = withoutSecrets(value);
  return entry === value && offsets.length === 0 ? text : JSON.stringify(onWall(entry, offsets));
}

function withoutSecrets(value: Entry): Entry {
  if (value.type !== 'started' && value.type !== 'updated') return value;
  const { settings, stop } = value.applied;
  const secret = Object.entries(settings).some(
    ([field, setting]) => field.startsWith('stop.sequence') && setting.startsWith('secret:'),
  );
  if (!secret) return value;
  const sequence = stop.sequence.map((step) => ('keys' in step ? { keys: ['(secret)'] } : step));
  return { ...value, applied: { ...value.applied, stop: { ...stop, sequence } } };
}
