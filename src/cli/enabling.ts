import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { call } from '../control/client.ts';
import { colonyPaths } from '../control/paths.ts';
import { EXIT, type StatusReport, type Version } from '../control/protocol.ts';
import { isNewer } from '../control/semver.ts';
import type { Target, Verdict } from '../login/types.ts';
import type { Result } from '../reconciler/types.ts';
import { VERSION } from '../version.ts';
import { type Colony, findColony } from './colony.ts';
import { requestDown } from './ending.ts';
import type { Failure } from './failure.ts';
import { complain, print, remark } from './terminal.ts';

export type EnableOptions = { readonly file: string | undefined; readonly dryRun: boolean };
export type DisableOptions = EnableOptions & { readonly now: boolean };

/** Have the colony come back after a reboot. */
export async function enableColony({ file, dryRun }: EnableOptions): Promise<number> {
  const found = await findUp(file);
  if (!found.ok) return complain(found.error);
  const colony = found.value;
  const { enable } = await import('../login/login.ts');
  const enabled = await enable(targetOf(colony), { dryRun, say: print });
  if (enabled.kind === 'failed') return complain({ exit: EXIT.failed, text: enabled.why });
  if (enabled.kind === 'taken') return complain(amissText(enabled.verdict, EXIT.failed, ''));
  if (enabled.kind === 'nobody') return complain(amissText(enabled.verdict, EXIT.unavailable, ''));
  if (dryRun) {
    if (!enabled.changed) print(`Nothing would be done: ${colony.name} is enabled.`);
    return EXIT.done;
  }
  if (enabled.verdict.amiss.length > 0)
    return complain(amissText(enabled.verdict, EXIT.failed, `${colony.name} is enabled, and something is missing: `));
  print(`${colony.name} is enabled${enabled.changed ? '' : ' already'}: ${enabled.verdict.good}.`);
  return EXIT.done;
}

/** A colony that was never applied, or is down, has nothing that could come back. */
async function findUp(file: string | undefined): Promise<Result<Colony, Failure>> {
  const found = await findColony({ file, profiles: [] });
  if (!found.ok) return found;
  const { owner, name, path } = found.value;
  if (ownerPath(owner) === path) return notOlder(found.value);
  const other = ofAnother(found.value);
  if (other) return { ok: false, error: other };
  const text = `${name} is not up, so there is nothing to bring back after a reboot`;
  return { ok: false, error: { exit: EXIT.failed, text, hint: 'run `colony apply` first, then `colony enable`' } };
}

/** What is enabled under this name belongs to the file that the colony is up from. */
function ofAnother({ owner, name, path }: Colony): Failure | undefined {
  const from = ownerPath(owner);
  if (from === undefined || from === path) return undefined;
  const text = `a colony named "${name}" is up from ${from}`;
  const hint = existsSync(from)
    ? 'do it there, or give one of the two another `name:`'
    : `that file is not there any more: if its folder was moved here, run \`colony down --supervisor-only -f ${from}\` and \`colony apply\` first`;
  return { exit: EXIT.heldElsewhere, text, hint };
}

/** What is enabled is this very program: it would take the place of a newer one. */
async function notOlder(colony: Colony): Promise<Result<Colony, Failure>> {
  const asked = await call<Version>(colony.socket, 'GET', '/v1/version');
  if (!asked.ok || !isNewer(asked.value.version, VERSION)) return { ok: true, value: colony };
  const text = `a supervisor of ${colony.name} of a newer release (${asked.value.version}) runs; this is ${VERSION}`;
  return {
    ok: false,
    error: { exit: EXIT.failed, text, hint: `run \`colony enable\` with colony ${asked.value.version}` },
  };
}

function ownerPath(owner: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(owner, 'utf8')) as { path: string }).path;
  } catch {
    return undefined;
  }
}

function amissText({ amiss }: Verdict, exit: number, before: string): Failure {
  const [first, ...more] = amiss;
  const hint = [first?.mend ?? '', ...more.flatMap(({ text, mend }) => [text, mend])].join('\n');
  return { exit, text: `${before}${first?.text ?? ''}`, hint };
}

/** Have the colony not come back by itself. What runs goes on, and so does its supervisor unless it is told to end. */
export async function disableColony({ file, dryRun, now }: DisableOptions): Promise<number> {
  const found = await findColony({ file, profiles: [] });
  if (!found.ok) return complain(found.error);
  const colony = found.value;
  const other = ofAnother(colony);
  if (other) return complain(other);
  const up = existsSync(colony.owner);
  const { disable } = await import('../login/login.ts');
  const disabled = await disable(targetOf(colony), up, { dryRun, say: print });
  if (disabled.kind === 'failed') return complain({ exit: EXIT.failed, text: disabled.why });
  for (const line of disabled.remarks) remark(`colony: ${line}`);
  if (dryRun) {
    if (!disabled.changed) print(`Nothing would be done: ${colony.name} is not enabled.`);
    return EXIT.done;
  }
  const handed = up && !now ? await supervisedInBackground(colony) : undefined;
  if (handed) return complain(handed);
  if (up && now) await requestDown(colony, { supervisor_only: true });
  print(disabledText(colony.name, disabled.changed, up, now));
  return EXIT.done;
}

function disabledText(name: string, changed: boolean, up: boolean, now: boolean): string {
  if (!changed) return `${name} is not enabled.`;
  const rest = now ? 'its agents run on, without a supervisor' : 'its agents and its supervisor run on';
  return `${name} is disabled: nothing starts it after a reboot${up ? `; ${rest}` : ''}.`;
}

/** The supervisor ended with the service that it was; one in the background goes on in its place. */
async function supervisedInBackground(colony: Colony): Promise<Failure | undefined> {
  const asked = await call(colony.socket, 'GET', '/v1/version');
  if (asked.ok || asked.error.kind !== 'absent') return undefined;
  const { startSupervisor } = await import('./background.ts');
  const started = await startSupervisor(colony, [], { takeOver: true });
  return started.ok || started.error.exit === EXIT.heldElsewhere ? undefined : started.error;
}

/**
 * After an apply that had to start a supervisor: have the service manager run it, as it was asked to by `colony enable`,
 * from the program that runs now. Where that does not work the one in the background stays.
 */
export async function handToManager(colony: Colony): Promise<void> {
  const asked = await call<StatusReport>(colony.socket, 'GET', '/v1/status');
  if (!asked.ok || !asked.value.login || asked.value.login.in_charge) return;
  const { handOver } = await import('../login/login.ts');
  const unit = await handOver(targetOf(colony));
  if (unit) print(`${unit} runs the supervisor from now on`);
}

/** What the launcher sets for the supervisor: the agents have an environment of their own, and this is none of it. */
const KEPT = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'XDG_STATE_HOME'];

/** What has to be started so that this very program supervises the colony again. */
export function targetOf({ name, path, home }: Colony): Target {
  const { owner, log, launcher, login } = colonyPaths(home, name, process.getuid?.() ?? 0);
  const { env } = process;
  const script = process.argv[1] ?? '';
  return {
    colony: name,
    config: path,
    owner,
    log,
    launcher,
    record: login,
    node: process.execPath,
    program: [...new Set([script, realpathSync(script)])],
    variables: {
      ...Object.fromEntries(KEPT.flatMap((key) => (env[key] ? [[key, env[key]]] : []))),
      ...(env.COLONY_HOME ? { COLONY_HOME: home } : {}),
    },
  };
}
