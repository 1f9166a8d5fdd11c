import { dirname } from 'node:path';
import { parseEnvFile } from './env-file.ts';
import { type Gathering, gatherText, type Mention } from './gather.ts';
import { type Interpolated, interpolate, type Scope, type Variables } from './interpolate.ts';
import { absolute } from './paths.ts';

/** Variables of env files, and the field that named them with its own variables replaced. */
export type EnvFiles = { readonly variables: Variables; readonly field: Interpolated };

/** Read the files that an `env_file` names; a later file wins. What is wrong is reported and left out. */
export function readEnvFiles(gathering: Gathering, value: unknown, mention: Mention, scope: Scope): EnvFiles {
  const field = interpolate(value, mention.source, mention.path, scope);
  gathering.diagnostics.push(...field.diagnostics);
  const single = typeof field.value === 'string';
  const names: readonly unknown[] = single ? [field.value] : Array.isArray(field.value) ? field.value : [];
  const values: Record<string, string> = {};
  if (field.failed.size === 0)
    names.forEach((name, index) => {
      if (typeof name !== 'string' || name === '') return;
      const path = single ? mention.path : [...mention.path, index];
      const file = absolute(name, dirname(mention.source.file), gathering.request.home);
      Object.assign(values, readOne(gathering, file, { source: mention.source, path }));
    });
  return { variables: { values, from: 'file' }, field };
}

function readOne(gathering: Gathering, file: string, mention: Mention): Readonly<Record<string, string>> {
  const known = gathering.envFiles.get(file);
  if (known) return known;
  const text = gatherText(gathering, file, mention);
  if (text === undefined) return {};
  const parsed = parseEnvFile(text);
  if (parsed.ok) {
    gathering.envFiles.set(file, parsed.value);
    return parsed.value;
  }
  for (const { line, column, problem } of parsed.error)
    gathering.diagnostics.push({
      code: 'bad_env_file',
      message: `this line ${problem}`,
      at: { file, line, column },
      also: { at: mention.source.valueAt(mention.path), message: 'the file is named here' },
    });
  return {};
}
