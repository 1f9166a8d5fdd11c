import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../scripts/build.mjs';

/** Build this program into `folder` as another release of it; the answer is the path of the program. */
export async function buildRelease(folder: string, version: string, protocol?: number): Promise<string> {
  await bundle(folder, {
    plugins: [
      {
        name: 'another-release',
        setup(build) {
          build.onLoad({ filter: /src\/version\.ts$/ }, () => ({
            contents: `export const VERSION = ${JSON.stringify(version)};`,
            loader: 'ts',
          }));
          build.onLoad({ filter: /src\/control\/protocol\/version\.ts$/ }, ({ path }) => ({
            contents: withProtocol(readFileSync(path, 'utf8'), protocol),
            loader: 'ts',
          }));
        },
      },
    ],
  });
  return join(folder, 'colony.cjs');
}

function withProtocol(source: string, protocol: number | undefined): string {
  return protocol === undefined ? source : source.replace(/(export const PROTOCOL = )\d+/, `$1${protocol}`);
}
