import { render } from '../config/diagnostic.ts';
import { loadConfig } from '../config/load.ts';
import { homeFolder } from '../control/home.ts';
import { EXIT } from '../control/protocol.ts';
import type { Desired, Result } from '../reconciler/types.ts';
import { shellEnvironment } from './environment.ts';
import type { Failure } from './failure.ts';
import { remarksInColour } from './terminal.ts';

/** What the file asks for, or all its mistakes, each with its place. */
export function checkFile(path: string, profiles: readonly string[]): Result<Desired, Failure> {
  const loaded = load(path, profiles);
  if (loaded.ok) return { ok: true, value: loaded.value.desired };
  const { diagnostics, sources } = loaded.error;
  const text = render(diagnostics, sources, { colour: remarksInColour() });
  return { ok: false, error: { exit: EXIT.invalidConfig, text, finished: true } };
}

/** Every profile that an agent of the file has; none if the file is not valid. */
export function profilesIn(path: string): readonly string[] {
  const loaded = load(path, []);
  return loaded.ok ? loaded.value.profiles : [];
}

function load(path: string, profiles: readonly string[]): ReturnType<typeof loadConfig> {
  return loadConfig({ path, profiles, environment: shellEnvironment(), home: homeFolder(), generation: 0 });
}
