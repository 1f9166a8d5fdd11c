import type { RebootReport } from '../../doctor/reboot.ts';
import type { Finding, Level } from '../../doctor/types.ts';
import type { Paint, Style } from './colour.ts';
import { table } from './table.ts';
import { wrap } from './wrap.ts';

export type FindingsOptions = {
  /** Also what is well. */
  readonly all: boolean;
  /** null: the machine alone was looked at, because there is no file, or none that is valid. */
  readonly colony: string | null;
  readonly paint: Paint;
  readonly width: number;
};

const STYLES: Readonly<Record<Level, Style>> = { error: 'bad', warning: 'changing', note: 'strong', ok: 'good' };

/** The column of the levels. */
const INDENT = 9;

/** What was found, in the order in which it came. */
export function findingsText(findings: readonly Finding[], options: FindingsOptions): string {
  const shown = findings.filter(({ level }) => options.all || level !== 'ok');
  const well = findings.length - shown.length;
  const lines = shown.flatMap((finding) => findingLines(finding, options));
  return [...lines, summary(findings, well, options.colony)].filter((line) => line !== '').join('\n');
}

function findingLines({ level, text, mend }: Finding, { paint, width }: FindingsOptions): readonly string[] {
  const room = Math.max(40, width - INDENT);
  const [first = '', ...rest] = wrap(text, room);
  const more = mend === undefined ? [] : wrap(`to mend it: ${mend}`, room).map((line) => paint('quiet', line));
  const head = `${paint(STYLES[level], level)}${' '.repeat(INDENT - level.length)}${first}`;
  return [head, ...[...rest, ...more].map((line) => `${' '.repeat(INDENT)}${line}`)];
}

function summary(findings: readonly Finding[], well: number, colony: string | null): string {
  const bad = findings.filter(({ level }) => level === 'error' || level === 'warning').length;
  const invalid = findings.some(({ id, level }) => id === 'config' && level === 'error');
  const alone = `this machine (${invalid ? 'the file names no colony yet' : 'there is no colony.yaml here'})`;
  const whose = colony ?? alone;
  if (bad === 0) return `All is well with ${whose}: ${findings.length} checks.`;
  return `${bad} of ${findings.length} checks found something amiss with ${whose}${well > 0 ? `; \`--all\` shows the others too` : ''}.`;
}

/** What would come back. */
export function rebootText({ by, why, mend, agents }: RebootReport, colony: string, paint: Paint): string {
  const head =
    by === undefined
      ? `After a reboot nothing of ${colony} comes back by itself: ${why}.\nTo mend it: ${mend}`
      : `After a reboot ${by}.`;
  const rows = agents.map(({ agent, back, lost, text }) => [
    agent,
    { text, style: back ? ('good' as const) : lost ? ('bad' as const) : ('quiet' as const) },
  ]);
  return rows.length === 0 ? head : `${head}\n\n${table(['AGENT', 'AFTER A REBOOT'], rows, { paint })}`;
}
