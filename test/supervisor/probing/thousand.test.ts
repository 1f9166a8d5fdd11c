import { mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'vitest';
import { sweepCommands } from '../../../src/command/sweep.ts';
import { readTable } from '../../../src/processes/table.ts';
import { noHealth } from '../../../src/reconciler/ledger.ts';
import type { AgentSpec } from '../../../src/reconciler/types.ts';
import type { ProbeSpec } from '../../../src/spec/probes.ts';
import type { Colony } from '../../../src/supervisor/colony.ts';
import { Answers } from '../../../src/supervisor/patterns/answers.ts';
import { Patterns } from '../../../src/supervisor/patterns/patterns.ts';
import { asker } from '../../../src/supervisor/probing/ask.ts';
import { Outputs } from '../../../src/supervisor/probing/outputs.ts';
import { Prober } from '../../../src/supervisor/probing/prober.ts';
import type { Subject } from '../../../src/supervisor/probing/subject.ts';
import { openTmux } from '../../../src/tmux/open.ts';
import { probe } from '../../probes/rig.ts';
import { removeFolder } from '../../rig/remove.ts';
import { good, privateTmux } from '../../rig/tmux.ts';
import { waitFor } from '../../rig/wait.ts';
import { launchOf } from '../../tmux/launch.ts';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** What this process holds: open files, children, timers and the like, memory. */
function held() {
  collect();
  const children = [...readTable().values()].filter(({ ppid }) => ppid === process.pid).length;
  const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const heap = process.memoryUsage().heapUsed;
  return { files: readdirSync('/proc/self/fd').length, children, timers, heap };
}

const often = (over: Partial<ProbeSpec>): ProbeSpec =>
  probe({ period: 100, timeout: 60_000, failure_threshold: 2, on_failure: 'notify', ...over });

test('a thousand checks of all kinds leave nothing behind', async () => {
  const rig = privateTmux();
  const tmux = good(await openTmux(rig.options()));
  const folder = mkdtempSync(join(rig.dir, 'output-'));
  const server = createServer((request, response) => {
    if (request.url !== '/silent') response.writeHead(request.url === '/bad' ? 500 : 200).end('x'.repeat(100_000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = (path: string) => ({ url: `http://127.0.0.1:${port}${path}`, headers: {}, status: '200-399' });
  const none = { match: undefined, not_match: undefined };
  const liveness = [
    often({ exec: { command: 'true' } }),
    often({ exec: { command: 'sleep 1000 & exit 1' } }),
    often({ exec: { command: ['/no/such/program'] } }),
    often({ http: url('/ok') }),
    often({ http: url('/bad') }),
    often({ http: url('/silent'), timeout: 300 }),
    often({ tcp: { host: '127.0.0.1', port } }),
    often({ tcp: { host: 'localhost', port: 1 } }),
    often({ screen: { ...none, match: 'here' } }),
    often({ log: { ...none, match: 'here' } }),
    often({ log: { ...none, not_match: 'here' } }),
    often({ heartbeat: { stale_after: 1 } }),
    often({ activity: { silent_for: 1, while: 'busy' } }),
  ];
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const spec = (name: string) =>
    ({
      name,
      workdir: '/',
      env: {},
      metadata: {},
      replica: 1,
      kind: 'shell',
      probes: { startup: [], readiness: [], liveness },
    }) as unknown as AgentSpec;
  const argv = ['sh', '-c', 'while :; do echo here; sleep 0.05; done'] as const;
  const subjects: Subject[] = [];
  for (const name of names) {
    const { pane } = good(await tmux.spawn(launchOf(name, { argv })));
    const life = { agent: name, run: `${name}-1`, generation: 1, pane, started: performance.now() };
    subjects.push({ ...life, spec: spec(name), health: noHealth, paused: false });
  }
  const environment = { PATH: process.env.PATH ?? '' };
  const agents = new Map(subjects.map(({ agent, spec: made }) => [agent, made]));
  const colony = {
    name: 'lab',
    path: '/',
    paths: { spool: folder },
    reports: { of: () => undefined },
    tmux,
    environment,
    desired: { agents },
    vitals: new Map(),
  } as unknown as Colony;

  let checks = 0;
  const prober = () => {
    const clock = () => performance.now();
    const patterns = new Patterns();
    const outputs = new Outputs({ folder, tmux: () => tmux, clock, patterns });
    const ask = asker(colony, outputs, patterns);
    return new Prober({
      clock,
      random: Math.random,
      publish: () => undefined,
      outputs,
      patterns,
      answers: new Answers(patterns, () => undefined),
      ask: { ...ask, command: (...words) => count(ask.command(...words)), screen: (pane) => count(ask.screen(pane)) },
    });
  };
  const count = <T>(found: T): T => {
    checks += 1;
    return found;
  };

  const round = async (least: number) => {
    const made = prober();
    const before = checks;
    made.sync(subjects, 16);
    await waitFor(`${least} checks`, () => checks >= before + least, 50_000);
    made.close();
    await sweepCommands();
  };
  await round(40);
  const before = await settled();
  // Of thirteen probes four are counted.
  await round(320);
  // Ends that are under way come to their end.
  await waitFor('what was taken to be given back', () => {
    const after = held();
    const kinds = ['files', 'children', 'timers'] as const;
    return kinds.every((kind) => after[kind] <= before[kind]) && after.heap - before.heap < 4 * 1024 * 1024;
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await tmux.close();
  await rig.stop();
  removeFolder(folder);
});

/** What is held once it has stayed the same for a second, or the next looks would have less to be compared with. */
async function settled() {
  let last = held();
  let since = performance.now();
  return waitFor('nothing to be given back any more', () => {
    const now = held();
    if (now.files !== last.files || now.children !== last.children || now.timers !== last.timers) {
      since = performance.now();
      last = now;
    }
    return performance.now() - since > 1_000 && now;
  });
}
