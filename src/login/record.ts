import { readFileSync } from 'node:fs';
import type { Manager, Target } from './types.ts';

/** What is written down when a colony is enabled. */
export type LoginRecord = {
  readonly manager: Manager;
  /** Lingering was off before, and was turned on for this colony. */
  readonly turned_on: boolean;
  readonly target: Target;
};

/** How logind keeps that the service manager of a user runs from boot on. */
export function lingerPath(user: string): string {
  return `/var/lib/systemd/linger/${user}`;
}

/** How a colony is enabled; undefined: it is not. */
export function readRecord(path: string): LoginRecord | undefined {
  try {
    return parseRecord(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The record in a text; undefined: there is none in it. */
export function parseRecord(text: string | undefined): LoginRecord | undefined {
  try {
    return JSON.parse(text ?? '') as LoginRecord;
  } catch {
    return undefined;
  }
}

export function recordText(record: LoginRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}
