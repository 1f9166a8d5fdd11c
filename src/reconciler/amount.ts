import type { Bytes } from './types.ts';

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** An amount of memory for people: `0 B`, `512 KiB`, `1.4 GiB`. */
export function formatBytes(bytes: Bytes): string {
  let amount = bytes;
  let unit = 'B';
  for (const next of UNITS) {
    if (amount < 1000) break;
    amount /= 1024;
    unit = next;
  }
  const digits = unit === 'B' || amount >= 10 ? 0 : 1;
  return `${amount.toFixed(digits)} ${unit}`;
}

/** A share as per cent: 0.854 is `85%`. */
export function percentText(share: number): string {
  return `${Math.round(share * 100)}%`;
}
