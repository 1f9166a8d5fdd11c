import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { StatusReport } from '../../control/protocol.ts';
import { lingerPath, readRecord } from '../../login/record.ts';
import type { Desired } from '../../reconciler/types.ts';
import { attachArgv } from '../../tmux/attach.ts';
import { VERSION } from '../../version.ts';
import { type Colony, inputOf, warningsOf } from '../colony.ts';
import { placeOf } from '../connect.ts';
import { DEFAULT_LIMITS } from '../history/past.ts';
import { type StatusContext, statusReport } from '../status-report.ts';

/** The status of a running colony, from the last pass. */
export function status(colony: Colony): StatusReport {
  const supervisor = { pid: process.pid, version: VERSION, since: new Date(colony.since).toISOString() };
  const desired = colony.desired ?? nothingDesired(colony);
  const context = { ...surroundings(colony, desired), supervisor };
  return statusReport(inputOf(colony, desired), context, (run) => colony.prober?.findings(run) ?? []);
}

/** The parts of a status that are not about agents. */
export function surroundings(colony: Colony, desired: Desired): Omit<StatusContext, 'supervisor'> {
  const { observed, config, path, paths, home } = colony;
  const { argv } = attachArgv(placeOf(desired, paths, home), '', { readOnly: false, insideTmux: undefined });
  return {
    config: {
      path,
      valid: config.error === undefined,
      generation: desired.generation,
      ...(config.error === undefined ? {} : { error: config.error }),
    },
    tmux: {
      command: argv.slice(0, argv.indexOf('attach-session')).join(' '),
      reachable: observed.known,
      ...(observed.known ? {} : { error: observed.why }),
    },
    login: loginStatus(colony),
    warnings: warningsOf(colony),
  };
}

/** Read each time: who enables or disables a colony does not ask its supervisor. */
function loginStatus({ paths, manager }: Colony): StatusReport['login'] {
  const record = readRecord(paths.login);
  if (!record) return null;
  const lingering = record.manager === 'systemd' ? existsSync(lingerPath(userInfo().username)) : null;
  return { manager: record.manager, lingering, in_charge: manager === record.manager };
}

/** Before a first configuration is accepted a colony wants nothing. */
export function nothingDesired({ name, path }: Pick<Colony, 'name' | 'path'>): Desired {
  return {
    name,
    path,
    generation: 0,
    profiles: [],
    reload: 'manual',
    tmux: {
      server: { kind: 'own', socket: `colony-${name}` },
      config: undefined,
      history_limit: 0,
      size: { columns: 80, rows: 24 },
    },
    concurrency: { max_starting: 1, stagger: 0, memory_reserve: 0, max_probes: 1 },
    circuit_breaker: { mode: 'off', failures: 2, window: 0, cool_off: 0 },
    history: DEFAULT_LIMITS,
    agents: new Map(),
  };
}
