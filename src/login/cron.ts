import { launcherText } from './launcher.ts';
import { cronCommand, shellWord } from './quote.ts';
import { isThere } from './steps.ts';
import type { Amiss, Cron, Facts, Step, Target, Verdict } from './types.ts';

/** A text of ours as the table holds it: a character for each byte. */
function inTable(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** The lines that mark what is ours in the table of this user; nothing between them is anybody else's. */
function marks({ colony, launcher }: Target): { readonly first: string; readonly last: string } {
  return {
    first: inTable(`# colony ${colony} (${launcher}): written by \`colony enable\`, removed by \`colony disable\``),
    last: inTable(`# colony ${colony} (${launcher}): end`),
  };
}

/** The table without what belongs to this colony. */
export function withoutColony(table: string, target: Target): string {
  const { first, last } = marks(target);
  const lines = table.split('\n');
  const from = lines.indexOf(first);
  const to = lines.indexOf(last, from);
  if (from < 0 || to < 0) return table;
  return [...lines.slice(0, from), ...lines.slice(to + 1)].join('\n');
}

/** The table with the line that starts this colony at boot. */
export function withColony(table: string, target: Target): string {
  const { launcher, log } = target;
  const { first, last } = marks(target);
  const before = withoutColony(table, target);
  const line = inTable(`@reboot ${cronCommand(`/bin/sh ${shellWord(launcher)} cron >>${shellWord(log)} 2>&1`)}`);
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${first}\n${line}\n${last}\n`;
}

export function cronSteps(target: Target, { files, cron }: Facts & { readonly cron: Cron }): readonly Step[] {
  const launcher: Step = { kind: 'write', path: target.launcher, text: launcherText(target), mode: 0o700 };
  const table = withColony(cron.table, target);
  return [...(isThere(launcher, files) ? [] : [launcher]), ...(table === cron.table ? [] : [crontab(table)])];
}

/** A table with nothing in it is none. */
export function crontab(table: string): Step {
  return table.trim() === ''
    ? { kind: 'run', argv: ['crontab', '-r'] }
    : { kind: 'run', argv: ['crontab', '-'], input: table, coding: 'latin1' };
}

export function cronVerdict(target: Target, { cron }: Facts & { readonly cron: Cron }): Verdict {
  const amiss: Amiss[] = [];
  if (withColony(cron.table, target) !== cron.table) {
    amiss.push({ text: 'the crontab of this user has not taken the line', mend: '`crontab -e` says why', again: true });
  }
  if (!cron.runs) {
    const text = 'no cron daemon was seen here: the line stands in the crontab, and nobody reads it';
    amiss.push({ text, mend: 'start one at boot, such as cron or crond' });
  }
  return {
    good: 'cron starts its supervisor at boot; it starts it once, and not again if it is killed',
    amiss,
  };
}
