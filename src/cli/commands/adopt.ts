import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { addressed, call } from '../../control/client.ts';
import { type AdoptReport, type AdoptRequest, EXIT } from '../../control/protocol.ts';
import type { Millis, Result } from '../../reconciler/types.ts';
import { whyNot } from '../ask.ts';
import { type Colony, findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import type { Failure } from '../failure.ts';
import { examples, exitCodes, section } from '../help.ts';
import { fileOption } from '../options.ts';
import { complain, print, remark } from '../terminal.ts';

type Flags = { readonly file?: string; readonly as?: string; readonly write?: true };
export type AdoptOptions = {
  readonly file: string | undefined;
  readonly session: string;
  readonly as: string | undefined;
  /** Put the stanza into the file instead of printing it. */
  readonly write: boolean;
};

export const define: Define = (act) =>
  new Command('adopt')
    .description(
      'Make a tmux session that runs already an agent, without restarting what runs in it. Its stanza must stand in ' +
        'colony.yaml; if it does not, the stanza is printed, and nothing is adopted until it is there.',
    )
    .argument('<session>', 'its name on the tmux server of the colony, or its id, such as $3')
    .addOption(fileOption())
    .option('--as <name>', 'the agent that it becomes (default: named like the session)')
    .option(
      '--write',
      'put the stanza into colony.yaml, which is checked first, and adopt the session as soon as that is in force',
    )
    .addHelpText('after', PAGE)
    .action((session: string, { file, as, write }: Flags) => act(run({ file, session, as, write: write ?? false })));

/** Adopt one session. */
export async function run({ file, session, as, write }: AdoptOptions): Promise<number> {
  const found = await findColony({ file, profiles: [] });
  if (!found.ok) return complain(found.error);
  const colony = found.value;
  const request: AdoptRequest = { session, as: as ?? null };
  const asked = await ask(colony, request);
  if (!asked.ok) return complain(asked.error);
  if (asked.value.outcome === 'adopted') return adopted(asked.value);
  return write ? writes(colony, asked.value, request) : needsStanza(asked.value, as);
}

async function ask(colony: Colony, request: AdoptRequest): Promise<Result<AdoptReport, Failure>> {
  const asked = await call<AdoptReport>(colony.socket, 'POST', addressed('/v1/adopt', colony.path), request);
  return asked.ok ? asked : { ok: false, error: await whyNot(colony, asked.error) };
}

function adopted({ agent, session, panes }: AdoptReport): number {
  print(`The session "${session}" is the agent "${agent}" from now on; what runs in it was not touched.`);
  if (panes > 1) print(`It has ${panes} panes: the one that was in front is the agent's, and the others stay.`);
  print(
    'Until its first restart it has the environment and the command it was begun with, and cannot report by `colony notify`.',
  );
  return EXIT.done;
}

function needsStanza(report: AdoptReport, as: string | undefined): number {
  print(report.stanza ?? '');
  remark(
    `colony: the file has no agent "${report.agent}" yet, so nothing was adopted. Put the lines above below its \`agents:\`,\n` +
      `run \`colony apply\`, and then \`${again(report, as)}\`. Until then colony starts nothing of that name.`,
  );
  return EXIT.changesPending;
}

async function writes(colony: Colony, report: AdoptReport, request: AdoptRequest): Promise<number> {
  const { agent, stanza } = report;
  const { writeAgent } = await import('../write-agent.ts');
  const written = writeAgent(colony.path, agent, stanza ?? '');
  if (!written.ok) {
    print(stanza ?? '');
    return complain(written.error);
  }
  print(`The agent "${agent}" stands in ${colony.path} now.`);
  const asked = written.value.reload === 'auto' ? await onceInForce(colony, request) : undefined;
  if (asked && !asked.ok) return complain(asked.error);
  if (asked?.value.outcome === 'adopted') return adopted(asked.value);
  remark(
    `colony: nothing was adopted yet. Run \`colony apply\`, and then \`${again(report, request.as ?? undefined)}\`.\n` +
      'Until then colony starts nothing of that name.',
  );
  return EXIT.changesPending;
}

/** A saved file is put in force within this time, unless other changes in it have to be confirmed. */
const RELOAD: Millis = 5_000;

/** Ask again until the supervisor has read the file. */
async function onceInForce(colony: Colony, request: AdoptRequest): Promise<Result<AdoptReport, Failure>> {
  const until = performance.now() + RELOAD;
  for (;;) {
    const asked = await ask(colony, request);
    if (!asked.ok || asked.value.outcome === 'adopted' || performance.now() > until) return asked;
    await pause(100);
  }
}

function again({ session }: AdoptReport, as: string | undefined): string {
  return `colony adopt ${/^[\w-]+$/.test(session) ? session : `'${session}'`}${as === undefined ? '' : ` --as ${as}`}`;
}

const PAGE = [
  examples([
    ['colony adopt scratch', 'the stanza for it, and once that stands in the file, adopt it'],
    ['colony adopt scratch --write', 'have the stanza put into the file, and adopt it'],
    ['colony adopt 3 --as reviewer', 'under another name'],
  ]),
  section('What can be adopted', [
    ['own server', 'sessions that somebody made on it: `tmux -L colony-NAME new -s scratch`'],
    ['socket: default', 'any session of your own tmux server'],
    ['another server', 'none: a session cannot be moved while it lives. The stanza is printed nevertheless'],
  ]),
  exitCodes(['done', 'failed', 'changesPending', 'noSuchAgent', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
