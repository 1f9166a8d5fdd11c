import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { expectSound } from '../rig/invariants.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

const sleeper = (more: AgentYaml = {}): AgentYaml => ({ command: ['sleep', '1000'], ...more });

/**
 * What a reboot leaves of a colony: nothing that runs, no sockets, and files that were written in another boot.
 *
 * The id of the boot is changed where it was written down, since that of the machine cannot be.
 */
async function reboot(): Promise<void> {
  const server = Number((await colony.tmux('display-message', '-p', '#{pid}')).stdout);
  await colony.killSupervisor();
  process.kill(server, 'SIGKILL');
  await waitFor('the tmux server to be gone', async () => !(await isAlive(server)));
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  for (const file of [colony.paths.ledger, colony.paths.journal].filter((path) => existsSync(path))) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll(boot, '00000000-0000-4000-8000-000000000000'));
  }
  for (const socket of [colony.paths.socket, colony.paths.tmuxSocket]) rmSync(socket, { force: true });
}

test.runIf(process.platform === 'linux')('after a reboot everybody is as the file and the person want it', async () => {
  colony.write({
    runs: sleeper(),
    stopped: sleeper(),
    anyway: sleeper({ on_reboot: 'start' }),
    down: sleeper({ on_reboot: 'stay_down' }),
  });
  await colony.apply();
  await colony.run(['stop', 'stopped', 'anyway']);
  await reboot();
  const marked = colony.journal().length;
  await colony.apply();
  await expectSound(colony, { runs: 1, anyway: 1 });
  expect(await colony.agent('runs')).toMatchObject({ phase: 'ready', generation: 2, reason: { code: 'rebooted' } });
  expect(await colony.agent('anyway')).toMatchObject({ phase: 'ready', generation: 2 });
  expect(await colony.agent('stopped')).toMatchObject({ phase: 'stopped', reason: { code: 'user_requested' } });
  expect(await colony.agent('down')).toMatchObject({ phase: 'stopped', reason: { code: 'rebooted' } });
  const entries = colony.journal().slice(marked);
  expect(entries.filter(({ type }) => type === 'server_lost')).toMatchObject([{ rebooted: true, agents: 2 }]);
  expect(entries.filter(({ type }) => type === 'exited')).toEqual([]);
  expect((await colony.run(['history', 'runs'])).stdout).toContain('the machine was rebooted');
  await colony.run(['start', 'down']);
  expect(await colony.agent('down')).toMatchObject({ phase: 'ready' });
});
