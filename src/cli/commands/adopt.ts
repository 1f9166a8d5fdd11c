import { Command } from 'commander';
import { addressed, call } from '../../control/client.ts';
import { type AdoptReport, type AdoptRequest, EXIT } from '../../control/protocol.ts';
import { whyNot } from '../ask.ts';
import { findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes, section } from '../help.ts';
import { fileOption } from '../options.ts';
import { complain, print, remark } from '../terminal.ts';

type Flags = { readonly file?: string; readonly as?: string };
export type AdoptOptions = {
  readonly file: string | undefined;
  readonly session: string;
  readonly as: string | undefined;
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
    .addHelpText('after', PAGE)
    .action((session: string, { file, as }: Flags) => act(run({ file, session, as })));

/** Adopt one session. */
export async function run({ file, session, as }: AdoptOptions): Promise<number> {
  const found = await findColony({ file, profiles: [] });
  if (!found.ok) return complain(found.error);
  const colony = found.value;
  const request: AdoptRequest = { session, as: as ?? null };
  const asked = await call<AdoptReport>(colony.socket, 'POST', addressed('/v1/adopt', colony.path), request);
  if (!asked.ok) return complain(await whyNot(colony, asked.error));
  return asked.value.outcome === 'adopted' ? adopted(asked.value) : needsStanza(asked.value, as);
}

function adopted({ agent, session, panes }: AdoptReport): number {
  print(`The session "${session}" is the agent "${agent}" from now on; what runs in it was not touched.`);
  if (panes > 1) print(`It has ${panes} panes: the one that was in front is the agent's, and the others stay.`);
  print(
    'Until its first restart it has the environment and the command it was begun with, and cannot report by `colony notify`.',
  );
  return EXIT.done;
}

function needsStanza({ agent, session, stanza }: AdoptReport, as: string | undefined): number {
  print(stanza ?? '');
  const again = `colony adopt ${/^[\w-]+$/.test(session) ? session : `'${session}'`}${as === undefined ? '' : ` --as ${as}`}`;
  remark(
    `colony: the file has no agent "${agent}" yet, so nothing was adopted. Put the lines above below its \`agents:\`,\n` +
      `run \`colony apply\`, and then \`${again}\`. Until then colony starts nothing of that name.`,
  );
  return EXIT.changesPending;
}

const PAGE = [
  examples([
    ['colony adopt scratch', 'the stanza for it, and once that stands in the file, adopt it'],
    ['colony adopt 3 --as reviewer', 'under another name'],
  ]),
  section('What can be adopted', [
    ['own server', 'sessions that somebody made on it: `tmux -L colony-NAME new -s scratch`'],
    ['socket: default', 'any session of your own tmux server'],
    ['another server', 'none: a session cannot be moved while it lives. The stanza is printed nevertheless'],
  ]),
  exitCodes(['done', 'failed', 'changesPending', 'noSuchAgent', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
