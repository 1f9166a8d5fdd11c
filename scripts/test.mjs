// `npm test`: from a fresh clone to the verdict. The last line counts the tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNode, ensurePackages, ensureTmux, root } from './setup.mjs';

checkNode();
ensurePackages();
ensureTmux();

const checked = spawnSync(process.execPath, ['scripts/check.mjs'], { cwd: root, stdio: 'inherit' }).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'colony-test-'));
const report = join(folder, 'report.json');
const args = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
];
const { status } = spawnSync(process.execPath, [...args, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
const { passed, failed } = count(report);
rmSync(folder, { recursive: true, force: true });

if (!checked) console.log('\nThe static checks failed: see above.');
console.log(`\n${passed} passed, ${failed + (checked ? 0 : 1)} failed`);
process.exit(checked && status === 0 && passed > 0 && failed === 0 ? 0 : 1);

/** A run that left no report has failed as a whole. */
function count(path) {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(path, 'utf8'));
    return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
