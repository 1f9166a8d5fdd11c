import type { FieldChange, PlanReport, PlanRow, Sign } from '../../control/protocol.ts';
import { type Paint, plain, type Style } from './colour.ts';
import { oneLine, widthOf } from './width.ts';

const STYLES: { readonly [S in Sign]: Style } = { '+': 'good', '-': 'bad', '-/+': 'changing', '~': 'changing' };

const CONVERSATIONS: { readonly [C in NonNullable<PlanRow['conversation']>]: string } = {
  kept: 'restart, the conversation continues',
  new: 'restart, a new conversation begins',
};

/** A digest that stands for a value nobody may see. */
const DIGEST = /^secret:[0-9a-f]+$/;

/** A plan for people: one line per change, what changes below it, a summary at the end. */
export function planText(plan: PlanReport, paint: Paint = plain): string {
  const sections = [rowsText(plan.rows, paint), blockedText(plan, paint), driftText(plan), `${summaryText(plan)}\n`];
  return sections.filter((section) => section !== '').join('\n');
}

/** The changes alone. */
function rowsText(rows: readonly PlanRow[], paint: Paint = plain): string {
  const width = Math.max(0, ...rows.map(({ agent }) => widthOf(agent)));
  return rows.map((row) => rowText(row, width, paint)).join('');
}

/** `Plan: 2 to add, …`, or that there is nothing to do. */
function summaryText({ rows, summary }: PlanReport): string {
  if (rows.length === 0) return 'Nothing to do.';
  const { add, replace, change, remove } = summary;
  return `Plan: ${add} to add, ${replace} to replace, ${change} to change in place, ${remove} to remove.`;
}

/** Agents that cannot get what is wanted for them; empty where there are none. */
function blockedText({ blocked }: PlanReport, paint: Paint = plain): string {
  if (blocked.length === 0) return '';
  const width = Math.max(...blocked.map(({ agent }) => widthOf(agent)));
  const lines = blocked.map(({ agent, text }) => `  ${paint('bad', agent)}${gap(agent, width)}${oneLine(text)}\n`);
  return `Blocked:\n${lines.join('')}`;
}

/** Variables of the asking shell that the agents do not see; empty where there are none. */
function driftText({ drifted_variables: names }: PlanReport): string {
  if (names.length === 0) return '';
  const listed = names.map((name) => `  ${oneLine(name)}\n`).join('');
  return `This shell has other values than the agents for (colony apply --refresh-env takes them over):\n${listed}`;
}

const SIGN_WIDTH = 3;

function rowText(row: PlanRow, width: number, paint: Paint): string {
  const sign = paint(STYLES[row.sign], row.sign.padStart(SIGN_WIDTH));
  const head = `${sign} ${paint('strong', row.agent)}${gap(row.agent, width)}${oneLine(row.text)}\n`;
  const details = row.changes.map(changeText);
  if (row.conversation) details.push(CONVERSATIONS[row.conversation]);
  return head + details.map((detail) => `      ${detail}\n`).join('');
}

function changeText({ field, from, to }: FieldChange): string {
  return `${oneLine(field)}: ${valueText(from)} -> ${valueText(to)}`;
}

function valueText(value: string | undefined): string {
  if (value === undefined) return '(not set)';
  if (DIGEST.test(value)) return '(secret)';
  // A value over several lines would look like several changes.
  return /[\u0000-\u001f\u007f-\u009f]/.test(value) ? JSON.stringify(value) : value;
}

function gap(text: string, width: number): string {
  return ' '.repeat(width - widthOf(text) + 2);
}
