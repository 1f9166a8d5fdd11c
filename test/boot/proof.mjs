// `npm run test:boot`: a computer is really rebooted, and without any login everything runs again.
//
// Opt-in, because only root can boot a container, and because it takes a minute or two. The last line counts the checks.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  disabling,
  doctored,
  enabling,
  movedFolder,
  moving,
  rebooting,
  refused,
  unit,
  upgrading,
} from './chapters.mjs';
import { Computer } from './computer.mjs';
import { Story } from './story.mjs';
import { ensureTree, furnish, whyNot } from './tree.mjs';

const CHAPTERS = [unit, rebooting, doctored, movedFolder, moving, upgrading, disabling, refused];

const reason = whyNot();
if (reason !== undefined) {
  console.log(`skipped: ${reason}\n\n0 passed, 0 failed`);
  process.exit(0);
}

const story = new Story();
const { cache, tree } = ensureTree((text) => story.say(text));
const folder = mkdtempSync(join(tmpdir(), 'colony-pack-'));
story.say('packing the program');
const repo = fileURLToPath(new URL('../..', import.meta.url));
execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: repo, stdio: 'ignore' });
const tarball = join(folder, readdirSync(folder)[0]);
const computer = new Computer(tree, cache);
try {
  furnish(computer.root, { tarball });
  const shop = await enabling({ computer, story });
  for (const chapter of CHAPTERS) await chapter({ computer, story }, shop);
} catch (error) {
  story.check('the proof goes through', false, error.stack);
} finally {
  await computer.end();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${story.passed} passed, ${story.failed} failed`);
process.exit(story.failed === 0 ? 0 : 1);
