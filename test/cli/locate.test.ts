import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocateRequest, locate } from '../../src/cli/locate.ts';
import { removeFolder } from '../rig/remove.ts';

let base = '';

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'colony-locate-')));
  mkdirSync(join(base, 'shop/src/deep'), { recursive: true });
  mkdirSync(join(base, 'yml'));
  mkdirSync(join(base, 'gone/src'), { recursive: true });
  writeFileSync(join(base, 'shop/colony.yaml'), '');
  writeFileSync(join(base, 'yml/colony.yml'), '');
  symlinkSync(join(base, 'shop'), join(base, 'link'));
});

afterAll(() => removeFolder(base));

const ask = (request: Partial<LocateRequest> & { cwd: string }) => {
  const found = locate({ file: undefined, known: () => false, ...request, cwd: join(base, request.cwd) });
  return found.ok ? found.value.replace(`${base}/`, '') : found.error.exit;
};

it.each([
  ['here', 'shop', undefined, 'shop/colony.yaml'],
  ['in a folder above', 'shop/src/deep', undefined, 'shop/colony.yaml'],
  ['with the short ending', 'yml', undefined, 'yml/colony.yml'],
  ['through a link, under its real path', 'link', undefined, 'shop/colony.yaml'],
  ['by -f', 'yml', '../shop/colony.yaml', 'shop/colony.yaml'],
  ['by -f through a link', '.', 'link/colony.yaml', 'shop/colony.yaml'],
  ['by -f, although it is missing', 'yml', 'other.yaml', 'yml/other.yaml'],
  ['by -f, although its folder is missing', 'yml', 'no/other.yaml', 'yml/no/other.yaml'],
  ['nowhere', 'gone/src', undefined, 65],
])('found %s', (_, cwd, file, expected) => expect(ask({ cwd, file })).toBe(expected));

it('finds the path of a file that was deleted while its colony was up', () => {
  const known = (path: string) => path === join(base, 'gone/colony.yaml');
  expect(ask({ cwd: 'gone/src', known })).toBe('gone/colony.yaml');
});

it('prefers a file that is there to one that was deleted', () => {
  const known = (path: string) => path === join(base, 'shop/src/colony.yaml');
  expect(ask({ cwd: 'shop/src', known })).toBe('shop/colony.yaml');
});
