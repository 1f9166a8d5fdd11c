// What the bundle holds of others, and the licences under which it does: they ask to be passed on with the code.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The text of all licences, from the metafiles of the bundles. */
export function licences(root, metafiles) {
  const folders = new Set(
    metafiles.flatMap(({ inputs }) => Object.keys(inputs).flatMap((path) => folderOf(root, path))),
  );
  const packages = [...folders].map(describe).sort((a, b) => (a.title < b.title ? -1 : 1));
  const parts = packages.map(({ title, text }) => `${title}\n\n${text}\n`);
  return ['This program contains the following packages.\n', ...parts].join(`\n${'-'.repeat(78)}\n\n`);
}

/** The folder of the package that a bundled file belongs to; none if it is ours. */
function folderOf(root, path) {
  const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
  return folder === undefined ? [] : [resolve(root, folder)];
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : undefined;
  if (text === undefined && typeof license !== 'string')
    throw new Error(`${name} has no licence that can be passed on`);
  return { title: `${name} ${version} (${license})`, text: text ?? `Licence: ${license}` };
}
