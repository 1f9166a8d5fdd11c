// `npm start`: from a fresh clone to the running example.
import { spawnSync } from 'node:child_process';
import { checkNode, ensurePackages, ensureTmux, must, root } from './setup.mjs';

checkNode();
ensurePackages();
ensureTmux();
must(process.execPath, ['scripts/build.mjs']);

const colony = `${root}dist/colony.cjs`;
const file = ['-f', `${root}examples/colony.yaml`];
const { status } = spawnSync(process.execPath, [colony, 'apply', ...file], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
console.log();
spawnSync(process.execPath, [colony, 'status', ...file], { cwd: root, stdio: 'inherit' });
console.log(`
The example runs in tmux, and goes on running when this terminal is closed.

  look again    node dist/colony.cjs status -f examples/colony.yaml
  attach        node dist/colony.cjs attach web -f examples/colony.yaml     (detach: Ctrl-b d)
  what it said  node dist/colony.cjs logs worker -f examples/colony.yaml
  change it     edit examples/colony.yaml, then: npm start
  stop it       node dist/colony.cjs down -f examples/colony.yaml
`);
