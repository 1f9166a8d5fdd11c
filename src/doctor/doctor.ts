import { serverEnvironment } from '../supervisor/environment.ts';
import { examine } from './examine.ts';
import { type ColonyRequest, capturedFor, gatherColony } from './gather/colony.ts';
import { gatherMachine } from './gather/machine.ts';
import { afterReboot, type RebootReport } from './reboot.ts';
import type { Finding } from './types.ts';

/** Look at the machine, and at a colony if there is one, and say what is found. Changes nothing. */
export async function doctor(colony: ColonyRequest | undefined): Promise<readonly Finding[]> {
  const captured = colony && capturedFor(colony);
  return examine({
    machine: await gatherMachine(serverEnvironment(captured ?? shell()), serverEnvironment(shell())),
    colony: colony && (await gatherColony(colony)),
  });
}

/** Say what would come back after a reboot. */
export async function reboot(colony: ColonyRequest): Promise<RebootReport> {
  return afterReboot(await gatherColony(colony));
}

function shell(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
