import { shellWord } from './quote.ts';
import type { Target } from './types.ts';

/** Folders in which versions of Node.js live, as patterns of the shell, the likeliest first. */
const NODES = [
  '"${NVM_DIR:-$HOME/.nvm}"/versions/node/*/bin/node',
  '"${VOLTA_HOME:-$HOME/.volta}"/bin/node',
  '"${FNM_DIR:-$HOME/.local/share/fnm}"/aliases/default/bin/node',
  '"$HOME"/.asdf/shims/node',
  '"$HOME"/.local/share/mise/shims/node',
  '/usr/local/bin/node',
  '/usr/bin/node',
  '/opt/homebrew/bin/node',
];

/** Folders of globally installed packages. */
const PACKAGES = [
  '"${node%/bin/node}"/lib/node_modules',
  '"${NVM_DIR:-$HOME/.nvm}"/versions/node/*/lib/node_modules',
  '"${VOLTA_HOME:-$HOME/.volta}"/tools/image/packages/agent-colony/lib/node_modules',
  '"${FNM_DIR:-$HOME/.local/share/fnm}"/aliases/default/lib/node_modules',
  '"$HOME"/.npm-global/lib/node_modules',
  '"$HOME"/.local/lib/node_modules',
  '/usr/local/lib/node_modules',
  '/usr/lib/node_modules',
  '/opt/homebrew/lib/node_modules',
];

/** As in the `engines` of package.json. */
const RECENT =
  "const [a, b] = process.versions.node.split('.').map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)";

/** Keeps young objects in two megabytes, as a supervisor in the background does. */
const ENGINE = '--max-semi-space-size=2';

/**
 * The script that a service manager runs. It finds Node.js and colony also where they were moved since, as managers of
 * Node.js versions do, and says what is missing where it finds none.
 *
 * It knows no secret: the environment of agents comes from the file that was captured at the first apply.
 */
export function launcherText(target: Target): string {
  const { colony, config, owner, node, program, variables } = target;
  const again = `colony enable -f ${config}`;
  return `#!/bin/sh
# Starts the supervisor of the colony ${colony}. \`colony enable\` wrote it and \`colony disable\` removes it.
# $1 says who starts it.

# A colony that is down stays down.
[ -e ${shellWord(owner)} ] || exit 0

${Object.entries(variables)
  .map(([name, value]) => `${name}=${shellWord(value)}; export ${name}\n`)
  .join('')}
recent() {
  [ -x "$1" ] && "$1" -e ${shellWord(RECENT)} 2>/dev/null
}

find_node() {
  for node in ${shellWord(node)} "$(command -v node)" \\
${NODES.map((place) => `    ${place}`).join(' \\\n')}
  do recent "$node" && return 0; done
  return 1
}

find_program() {
  for program in ${program.map(shellWord).join(' ')}
  do [ -f "$program" ] && return 0; done
  for folder in ${PACKAGES.join(' \\\n    ')}
  do program=$folder/agent-colony/dist/colony.cjs; [ -f "$program" ] && return 0; done
  return 1
}

if ! find_node; then
  echo ${shellWord(`colony: the supervisor of ${colony} cannot start: there is no Node.js 20.19 or newer, neither at ${node} nor where it usually is. Install one and run \`${again}\`.`)} >&2
  exit 69
fi
PATH="\${node%/*}:$PATH"; export PATH
if find_program; then
  exec "$node" ${ENGINE} "$program" supervise --login "$1" -f ${shellWord(config)}
fi
if command -v colony >/dev/null; then
  exec colony supervise --login "$1" -f ${shellWord(config)}
fi
echo ${shellWord(`colony: the supervisor of ${colony} cannot start: colony itself is gone from ${program[0] ?? 'where it was'}. Install it (\`npm install -g agent-colony\`) and run \`${again}\`.`)} >&2
exit 69
`;
}
