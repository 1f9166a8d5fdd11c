// `npm run check`: what can be said without running the program. Format, lint, types, who imports whom.
import { spawnSync } from 'node:child_process';
import { checkNode, ensurePackages, root } from './setup.mjs';

checkNode();
ensurePackages();

const CHECKS = [
  ['format and lint', 'node_modules/@biomejs/biome/bin/biome', ['ci', '--colors=off', '--error-on-warnings', '.']],
  ['types', 'node_modules/typescript/bin/tsc', ['-p', '.']],
  [
    'imports',
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    ['--config', '.dependency-cruiser.cjs', 'src'],
  ],
];

let failed = false;
for (const [name, program, args] of CHECKS) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8' });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (status === 0) continue;
  failed = true;
  console.log(`${stdout}${stderr}`);
}
process.exit(failed ? 1 : 0);
