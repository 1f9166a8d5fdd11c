import { render } from '../../src/config/diagnostic.ts';
import { type Loaded, type LoadRequest, loadConfig, type Rejected } from '../../src/config/load.ts';
import type { Reader } from '../../src/config/read.ts';
import type { AgentSpec, Result } from '../../src/reconciler/types.ts';

/** Texts or bytes by absolute path; a folder is there if anything is in it, or if its path ends with `/`. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A file system in memory. */
export function memoryReader(files: Files): Reader {
  const names = Object.keys(files);
  const isFolder = (path: string) => path === '/' || names.some((name) => name.startsWith(`${path}/`));
  return {
    read(path) {
      const content = Object.hasOwn(files, path) ? files[path] : undefined;
      if (content !== undefined)
        return { ok: true, value: typeof content === 'string' ? new TextEncoder().encode(content) : content };
      return { ok: false, error: isFolder(path) ? 'EISDIR' : 'ENOENT' };
    },
    list(path) {
      const prefix = path === '/' ? '/' : `${path}/`;
      const below = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
      return [...new Set(below.map((name) => name.split('/')[0] ?? ''))].filter(Boolean);
    },
    kindOf(path) {
      if (Object.hasOwn(files, path)) return 'file';
      return isFolder(path) ? 'folder' : 'missing';
    },
  };
}

export const MAIN = '/home/me/shop/colony.yaml';

/** Load a configuration that exists in memory alone; `text` is that of /home/me/shop/colony.yaml. */
export function load(
  text: string | Uint8Array,
  files: Files = {},
  request: Partial<LoadRequest> = {},
): Result<Loaded, Rejected> {
  const reader = memoryReader({ '/home/me/shop/': '', [MAIN]: text, ...files });
  return loadConfig({ path: MAIN, profiles: [], environment: {}, home: '/home/me', generation: 1, ...request }, reader);
}

/** The configuration, or a failed test that shows what is wrong with it. */
export function loaded(...input: Parameters<typeof load>): Loaded {
  const result = load(...input);
  if (!result.ok) throw new Error(render(result.error.diagnostics, result.error.sources, { colour: false }));
  return result.value;
}

/** The agent named `a`, or another one. */
export function agent(input: Parameters<typeof load>, name = 'a'): AgentSpec {
  const spec = loaded(...input).desired.agents.get(name);
  if (!spec) throw new Error(`no agent ${name}`);
  return spec;
}

/** `code message` of every mistake; a failed test if there is none. */
export function mistakes(...input: Parameters<typeof load>): readonly string[] {
  const result = load(...input);
  if (result.ok) throw new Error('accepted');
  return result.error.diagnostics.map(({ code, message }) => `${code} ${message}`);
}

/** The same as a person sees it. */
export function shown(...input: Parameters<typeof load>): string {
  const result = load(...input);
  if (result.ok) throw new Error('accepted');
  return render(result.error.diagnostics, result.error.sources, { colour: false });
}
