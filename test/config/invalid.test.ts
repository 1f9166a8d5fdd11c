import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { render } from '../../src/config/diagnostic.ts';
import { loadConfig } from '../../src/config/load.ts';

const folder = fileURLToPath(new URL('../fixtures/invalid/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

test('there are many ways to be wrong', () => {
  expect(files.length).toBeGreaterThan(30);
});

/** Each file is wrong in one way; the text beside it is what a person sees. */
test.each(files)('%s', async (name) => {
  const request = { path: folder + name, profiles: [], environment: { HOME: '/home/me', EMPTY: '' }, home: '/home/me' };
  const loaded = loadConfig({ ...request, generation: 1 });
  if (loaded.ok) throw new Error(`${name} was accepted`);
  const text = render(loaded.error.diagnostics, loaded.error.sources, { colour: false }).replaceAll(folder, '');
  await expect(text).toMatchFileSnapshot(`${folder}${name.replace(/yaml$/, 'txt')}`);
  expect(text).not.toContain('sk-live');
});
