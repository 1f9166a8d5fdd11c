import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type DownRequest, EXIT, type StatusReport } from '../../control/protocol.ts';
import type { Result } from '../../reconciler/types.ts';
import { ask, ownedElsewhere, whyNot } from '../ask.ts';
import { type Colony, findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import { requestDown } from '../ending.ts';
import { type Failure, failureOf, needsTerminal } from '../failure.ts';
import type { Outcome } from '../follow.ts';
import { examples, exitCodes } from '../help.ts';
import { fileOption } from '../options.ts';
import { canAsk, complain, confirm, print, remark } from '../terminal.ts';

export type DownOptions = {
  readonly file: string | undefined;
  readonly yes: boolean;
  readonly supervisorOnly: boolean;
  readonly now: boolean;
};

type Flags = Partial<DownOptions>;

export const define: Define = (act) =>
  new Command('down')
    .description('Stop all agents of this colony, then its supervisor.')
    .addOption(fileOption())
    .option('-y, --yes', 'do not ask')
    .addOption(new Option('--supervisor-only', 'end the supervisor alone; the agents keep running').conflicts('now'))
    .option('--now', 'kill them at once: no stop sequence, no grace time, no hook is asked')
    .addHelpText('after', PAGE)
    .action(({ file, yes = false, supervisorOnly = false, now = false }: Flags) =>
      act(run({ file, yes, supervisorOnly, now })),
    );

/** Stop what runs. */
export async function run(options: DownOptions): Promise<number> {
  const found = await findColony({ file: options.file, profiles: [] });
  if (!found.ok) return complain(found.error);
  const colony = found.value;
  const running = await whatRuns(colony);
  if (!running.ok) return complain(running.error);
  const { supervised, agents } = running.value;
  // Agents are not all that a colony leaves: a down whose supervisor was killed may have left the tmux server.
  const isUp = agents > 0 || existsSync(colony.owner);
  if (!supervised && (options.supervisorOnly || !isUp)) {
    print(options.supervisorOnly ? `No supervisor runs for ${colony.name}.` : `Nothing runs for ${colony.name}.`);
    return EXIT.done;
  }
  const agreed = await agreedTo(colony, agents, options);
  if (agreed !== undefined) return agreed;
  if (!supervised) {
    // Agents whose supervisor died are stopped as the file says, which only a supervisor can do.
    const { startSupervisor } = await import('../background.ts');
    const started = await startSupervisor(colony, []);
    if (!started.ok) return complain(started.error);
  }
  return close(colony, options, await requestDown(colony, requestOf(options)));
}

function requestOf({ supervisorOnly, now }: DownOptions): DownRequest {
  return { supervisor_only: supervisorOnly, ...(now ? { now } : {}) };
}

type Running = { readonly supervised: boolean; readonly agents: number };

async function whatRuns(colony: Colony): Promise<Result<Running, Failure>> {
  const question = { method: 'GET', path: '/v1/status', offline: { kind: 'status' } } as const;
  const answer = await ask<StatusReport>(
    colony,
    question,
    ({ version, agents }) => version === 1 && Array.isArray(agents),
  );
  if (!answer.ok) return answer;
  const { value: report, live } = answer.value;
  const foreign = ownedElsewhere(colony, report);
  if (foreign) return { ok: false, error: foreign };
  const agents = report.agents.filter(({ pid, session }) => pid !== null || session !== null).length;
  return { ok: true, value: { supervised: live, agents } };
}

/** Undefined if it may be done, else the exit code of a command that leaves everything as it is. */
async function agreedTo(colony: Colony, agents: number, options: DownOptions): Promise<number | undefined> {
  if (options.yes || options.supervisorOnly) return undefined;
  const what = `${agents} ${agents === 1 ? 'agent' : 'agents'} of ${colony.name}`;
  if (!canAsk()) {
    return complain(
      needsTerminal(`this would stop ${what}, and nobody can be asked here`, '`colony down --yes` does it'),
    );
  }
  if (await confirm(`Stop ${what} and the supervisor?`)) return undefined;
  remark('Nothing was changed.');
  return EXIT.failed;
}

async function close(colony: Colony, { supervisorOnly }: DownOptions, outcome: Outcome): Promise<number> {
  if (outcome.kind === 'refused') return complain(failureOf(outcome.problem));
  if (outcome.kind === 'failed') return complain(await whyNot(colony, outcome.failure));
  if (outcome.kind === 'settled' && outcome.settled.outcome !== 'done') {
    const left = outcome.settled.status.agents.filter(({ session }) => session !== null).map(({ name }) => name);
    const text = `not everything of ${colony.name} could be stopped${left.length > 0 ? `: ${left.join(', ')}` : ''}`;
    return complain({ exit: EXIT.failed, text, hint: '`colony status` says how it is' });
  }
  print(
    supervisorOnly ? `The supervisor of ${colony.name} has ended; its agents keep running.` : `${colony.name} is down.`,
  );
  return EXIT.done;
}

const PAGE = [
  examples([
    ['colony down', 'stop everything, after a question'],
    ['colony down --now', 'also what does not listen, or is not allowed to end by its own hook'],
    ['colony down --supervisor-only', 'for an upgrade; `colony apply` takes the agents over again'],
  ]),
  exitCodes(['done', 'failed', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
