import type { AgentStatus, WhyReport } from '../../control/protocol.ts';
import type { Millis } from '../../reconciler/types.ts';
import { age, ageOf } from './age.ts';
import { type Paint, plain } from './colour.ts';
import { table } from './table.ts';
import { oneLine, widthOf } from './width.ts';
import { wrap } from './wrap.ts';

export type WhyView = {
  readonly now: Millis;
  readonly paint?: Paint;
  /** Columns to write in. */
  readonly width: number;
};

/** Everything that is known of one agent, for people: how it is, who says so, what is to be done, what has happened. */
export function whyText(report: WhyReport, view: WhyView): string {
  const { agent } = report;
  const parts = [
    [headOf(agent, view), ...indented([detailsOf(agent, view.now)], 2, view.width)],
    titled('What it does', [...doingOf(agent), ...evidenceOf(report, view)], view),
    titled('Its conversation', conversationOf(report, view), view),
    titled('What follows', decisionsOf(report, view), view),
    titled('What has happened', eventsOf(report, view), view),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line.trimEnd()}\n`).join(''))
    .join('\n');
}

/** What a rule says of a screen. */
export function judgementText(kind: string, { rule, says, until }: Judgement): string {
  const state = says === 'nothing' ? 'nothing: what else is known counts' : stateText(says);
  return `rule ${rule} of the kind ${kind} says: ${state}${until === undefined ? '' : ` until ${oneLine(until)}`}`;
}

type Judgement = {
  readonly rule: string;
  readonly says: 'nothing' | { readonly state: string; readonly for?: string };
  readonly until?: string;
};

function titled(title: string, lines: readonly string[], { paint = plain }: WhyView): readonly string[] {
  return lines.length === 0 ? [] : [paint('strong', title), ...lines.map((line) => `  ${line}`)];
}

/** `db: held for 3m, because …`; of one that is well the reason is why it was started. */
function headOf({ name, phase, since, reason }: AgentStatus, { now, paint = plain, width }: WhyView): string {
  const lasts = since === null ? '' : ` for ${ageOf(since, now)}`;
  const leads = phase === 'ready' && reason?.code !== 'adopted' ? '; started: ' : ', because ';
  const why = reason === null || reason.code === 'not_running' ? '' : `${leads}${oneLine(reason.text)}`;
  const [first = '', ...rest] = wrap(`${name}: ${phase}${lasts}${why}`, width);
  return [first.replace(name, paint('strong', name)), ...rest.map((line) => `  ${line}`)].join('\n');
}

function detailsOf({ kind, workdir, pid, generation, alerts }: AgentStatus, now: Millis): string {
  const facts = [
    `kind ${kind}`,
    ...(workdir === null ? [] : [`in ${oneLine(workdir)}`]),
    ...(pid === null ? ['no process'] : [`pid ${pid}`]),
    ...(generation === 0 ? [] : [`life number ${generation}`]),
  ].join(', ');
  const told = alerts.map(({ level, text, since }) => {
    const word = level === 'warn' ? 'warning' : 'attention';
    return `; ${word} since ${ageOf(since, now)}: ${oneLine(text)}`;
  });
  return `${facts}${told.join('')}`;
}

function doingOf({ activity, pid, said }: AgentStatus): readonly string[] {
  if (pid === null) return [];
  const state = activity.state === 'unknown' ? 'nobody knows' : stateText(activity);
  return [state, ...(said === null ? [] : [`says of itself: ${oneLine(said)}`])];
}

type Saying = { readonly state: string; readonly for?: string; readonly until?: string };

function stateText({ state, for: what, until }: Saying): string {
  return `${state}${what === undefined ? '' : ` for ${what}`}${until === undefined ? '' : ` until ${clock(until)}`}`;
}

function evidenceOf({ evidence }: WhyReport, { width, paint = plain }: WhyView): readonly string[] {
  if (evidence.length === 0) return [];
  const rows = evidence.map(({ source, counts, age_ms, text, ...saying }) => [
    counts ? { text: `${source} *`, style: 'strong' as const } : source,
    stateText(saying),
    `${age(age_ms)} ago`,
    text,
  ]);
  const header = ['WHO (* COUNTS)', 'WHAT', 'WHEN', 'FROM'];
  return table(header, rows, { paint, width: width - 2 })
    .trimEnd()
    .split('\n');
}

function conversationOf({ agent, conversation, ...report }: WhyReport, view: WhyView): readonly string[] {
  if (agent.kind === 'shell' && conversation === null) return [];
  const present = conversation
    ? `${oneLine(conversation.id)}, ${HOW[conversation.how]}, for ${ageOf(conversation.since, view.now)}`
    : 'none is known';
  const [latest, ...older] = report.earlier_conversations;
  const more = older.length === 0 ? '' : ` and ${older.length} more`;
  const earlier = latest === undefined ? [] : [`Before that: ${oneLine(latest)}${more}.`];
  return indented([present, ...telemetryOf(agent), ...earlier, oneLine(report.after_restart)], 0, view.width - 2);
}

const HOW = { assigned: 'with an id that colony chose', discovered: 'by its own word' } as const;

function telemetryOf({ context_percent: full, telemetry }: AgentStatus): readonly string[] {
  if (!telemetry && full === null) return [];
  const { model, cost_usd: cost, limits, age_ms } = telemetry ?? { model: null, cost_usd: null, limits: [], age_ms: 0 };
  const facts = [
    ...(full === null ? [] : [`context ${full}% full`]),
    ...(model === null ? [] : [oneLine(model)]),
    ...(cost === null ? [] : [`$${cost.toFixed(2)}`]),
    ...limits.map(({ name, used_percent: used }) => `limit ${oneLine(name)} ${used}% used`),
  ];
  return facts.length === 0 ? [] : [`${facts.join(', ')}; told ${age(age_ms)} ago`];
}

function decisionsOf({ decisions }: WhyReport, { width }: WhyView): readonly string[] {
  if (decisions.length === 0) return ['nothing is to be done'];
  const column = Math.max(...decisions.map(({ what }) => widthOf(what))) + 2;
  return decisions.flatMap(({ what, text, outcome }) => {
    const sentence = outcome === 'nothing to do' ? oneLine(text) : `${oneLine(text)}; ${oneLine(outcome)}`;
    const lines = wrap(sentence, Math.max(20, width - 2 - column));
    return lines.map((line, index) => `${index === 0 ? what.padEnd(column) : ' '.repeat(column)}${line}`);
  });
}

function eventsOf({ events }: WhyReport, { width }: WhyView): readonly string[] {
  return events.flatMap(({ at, text }) => {
    const [first = '', ...rest] = wrap(oneLine(text), width - 2 - TIME);
    return [`${clock(at).padEnd(TIME)}${first}`, ...rest.map((line) => `${' '.repeat(TIME)}${line}`)];
  });
}

function indented(texts: readonly string[], by: number, width: number): readonly string[] {
  return texts.flatMap((text) => wrap(text, width - by).map((line) => ' '.repeat(by) + line));
}

/** The width of a time with what separates it from the rest. */
const TIME = 17;

/** `Nov 21 18:04:59`, in the time zone of whoever reads it. */
function clock(instant: string): string {
  const date = new Date(instant);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${MONTHS[date.getMonth()]} ${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
