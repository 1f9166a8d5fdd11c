import { EXIT } from '../control/protocol.ts';
import type { RebootReport } from '../doctor/reboot.ts';
import type { Finding } from '../doctor/types.ts';
import { type Colony, findColony, findFile } from './colony.ts';
import { targetOf } from './enabling.ts';
import { printAs } from './print-as.ts';
import { findingsText, rebootText } from './render/doctor.ts';
import { answerPaint, columns, complain, print } from './terminal.ts';

export type DoctorOptions = {
  readonly file: string | undefined;
  /** Say what would come back after a reboot. */
  readonly reboot: boolean;
  /** Also what is well. */
  readonly all: boolean;
  readonly output: 'text' | 'json';
};

/** Where nobody says how wide the terminal is. */
const WIDTH = 100;

/** Look, print what was found, and give the exit code. */
export async function examineHere(options: DoctorOptions): Promise<number> {
  const { file, reboot } = options;
  const path = findFile(file);
  // Without a file the machine alone is looked at, unless the question was about a colony.
  if (!path.ok) return file === undefined && !reboot ? findings(undefined, options) : complain(path.error);
  const found = await findColony({ file, profiles: [] });
  if (!found.ok) return invalid(found.error.text, options, () => complain(found.error));
  return reboot ? outlook(found.value, options) : findings(found.value, options);
}

/** A file that was never applied and cannot be read has no name, and so no colony to look at. */
async function invalid(text: string, options: DoctorOptions, refuse: () => number): Promise<number> {
  if (options.reboot) return refuse();
  const { doctor } = await import('../doctor/doctor.ts');
  const [first = ''] = text.split('\n');
  const mistake: Finding = {
    id: 'config',
    level: 'error',
    text: `The file is not valid: ${first}`,
    mend: '`colony validate` shows every mistake in its place',
  };
  return show([mistake, ...(await doctor(undefined))], null, options);
}

async function findings(colony: Colony | undefined, options: DoctorOptions): Promise<number> {
  const { doctor } = await import('../doctor/doctor.ts');
  return show(await doctor(colony && requestFor(colony)), colony?.name ?? null, options);
}

async function show(found: readonly Finding[], colony: string | null, { all, output }: DoctorOptions): Promise<number> {
  const well = found.every(({ level }) => level === 'ok' || level === 'note');
  if (output === 'json') await printAs('json', { version: 1, colony, well, findings: found });
  else print(findingsText(found, { all, colony, paint: answerPaint(), width: columns() ?? WIDTH }));
  return well ? EXIT.done : EXIT.unwell;
}

async function outlook(colony: Colony, { output }: DoctorOptions): Promise<number> {
  const { reboot } = await import('../doctor/doctor.ts');
  const report: RebootReport = await reboot(requestFor(colony));
  if (output === 'json') {
    const { by = null, why = null, mend = null, agents } = report;
    await printAs('json', { version: 1, colony: colony.name, by, why, mend, agents });
  } else print(rebootText(report, colony.name, answerPaint()));
  return report.agents.some(({ lost }) => lost) ? EXIT.unwell : EXIT.done;
}

function requestFor(colony: Colony) {
  const { home, name, path } = colony;
  return { home, name, path, target: targetOf(colony) };
}
