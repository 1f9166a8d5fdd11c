import { print } from './terminal.ts';

/** Print a whole answer for another program to read; never coloured. */
export async function printAs(format: 'json' | 'yaml', value: unknown): Promise<void> {
  if (format === 'json') return print(JSON.stringify(value, null, 2));
  const { yaml } = await import('./render/yaml.ts');
  print(yaml(value));
}
