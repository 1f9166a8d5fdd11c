import type { Finding } from '../reconciler/types/health.ts';
import type { ProbeKind, ProbeSpec } from '../spec/probes.ts';
import { activity } from './activity.ts';
import { exec } from './exec.ts';
import { heartbeat } from './heartbeat.ts';
import { http } from './http.ts';
import { log } from './log.ts';
import { type Check, type Look, unknown } from './look.ts';
import { screen } from './screen.ts';
import { tcp } from './tcp.ts';
import { inOneLine } from './text.ts';

/** How each kind of probe checks. */
const CHECKS: { readonly [K in ProbeKind]: Check<NonNullable<ProbeSpec[K]>> } = {
  exec,
  http,
  tcp,
  screen,
  activity,
  heartbeat,
  log,
};

const KINDS = Object.keys(CHECKS) as readonly ProbeKind[];

/** What a probe looks at. The file has said exactly one. */
export function kindOf(spec: ProbeSpec): ProbeKind {
  const kind = KINDS.find((each) => spec[each] !== undefined);
  if (kind === undefined) throw new Error('a probe without a check must never leave the configuration');
  return kind;
}

/** Make one check. Takes no longer than its timeout, never throws, and leaves nothing behind. */
export async function check(spec: ProbeSpec, look: Look): Promise<Finding> {
  try {
    return await checkAs(kindOf(spec), spec, look);
  } catch (error) {
    return unknown(`the check failed: ${inOneLine(error instanceof Error ? error.message : String(error))}`);
  }
}

async function checkAs<K extends ProbeKind>(kind: K, spec: ProbeSpec, look: Look): Promise<Finding> {
  const options = spec[kind];
  if (options === undefined) throw new Error(`the probe has no ${kind}`);
  return CHECKS[kind](options as NonNullable<ProbeSpec[K]>, look);
}
