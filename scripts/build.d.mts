import type { Plugin } from 'esbuild';

export function bundle(
  outdir?: string,
  options?: { readonly clean?: boolean; readonly plugins?: readonly Plugin[] },
): Promise<void>;
