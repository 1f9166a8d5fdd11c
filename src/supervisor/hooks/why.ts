import { stripVTControlCharacters } from 'node:util';
import type { Ended } from '../../command/run.ts';
import { formatSpan } from '../../reconciler/span.ts';
import type { AgentSpec, Millis } from '../../reconciler/types.ts';
import type { Environment } from '../environment.ts';

/** What a person gets to read of a hook's own words. */
const LONGEST = 200;

/** Shorter values are common words, and no secrets. */
const SHORTEST_SECRET = 4;

/** What variables of a shell are called whose value nobody should see. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH|COOKIE/i;

/**
 * Why a hook failed, as one short line; undefined: it did not.
 *
 * The last thing that the hook has said is part of it, without any of `secrets`.
 */
export function whyFailed(ended: Ended, timeout: Millis, secrets: readonly string[]): string | undefined {
  switch (ended.is) {
    case 'exited':
      return ended.code === 0 ? undefined : said(`exit code ${ended.code}`, ended.output, secrets);
    case 'signaled':
      return said(`ended by ${ended.signal}`, ended.output, secrets);
    case 'timed_out':
      return said(`it took longer than ${formatSpan(timeout)}`, ended.output, secrets);
    case 'not_started':
      return cut(hidden(ended.why, secrets));
    case 'aborted':
      return 'it was ended early';
  }
}

/** The values that must not be shown, longest first: all that the file sets, and what else looks like a secret by its name. */
export function secretsOf(base: Environment, own: AgentSpec['env']): readonly string[] {
  const values = [
    ...Object.values(own).filter((value) => value !== null),
    ...Object.entries(base).flatMap(([name, value]) => (SECRET_NAME.test(name) ? [value] : [])),
  ];
  // Of a key that has several lines, each is one.
  const lines = values.flatMap((value) => [value, ...value.split('\n')]).map((line) => line.trim());
  return [...new Set(lines)].filter((line) => line.length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
}

function said(what: string, output: string, secrets: readonly string[]): string {
  // Hidden first: a secret that was cut in two is not recognised any more.
  const last = stripVTControlCharacters(hidden(output, secrets))
    .split(/[\r\n]+/)
    .map((line) => line.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim())
    .findLast((line) => line !== '');
  return cut(last === undefined ? what : `${what}: ${last}`);
}

/** A text without these values. */
export function hidden(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
