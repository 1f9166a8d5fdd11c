export function bundle(outdir?: string, options?: { readonly clean?: boolean }): Promise<void>;
