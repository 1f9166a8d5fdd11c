// The command line of the fake Claude Code. What it does not know it ignores.
const ONE = new Set([
  '--session-id',
  '--settings',
  '--permission-mode',
  '--model',
  '--name',
  '-n',
  '--append-system-prompt',
  '--system-prompt',
  '--effort',
  '--setting-sources',
  '--agent',
  '--agents',
  '--fallback-model',
  '--output-format',
]);
const MANY = new Set([
  '--add-dir',
  '--allowedTools',
  '--allowed-tools',
  '--disallowedTools',
  '--disallowed-tools',
  '--mcp-config',
  '--tools',
]);
const MAYBE = new Set(['--resume', '-r']);
const SAME = new Map([
  ['-r', '--resume'],
  ['-n', '--name'],
  ['-c', '--continue'],
]);

/** Options by their long name, and the words that belong to none. Of an option that comes twice the last one counts. */
export function readOptions(argv) {
  const options = new Map();
  const words = [];
  const left = [...argv];
  while (left.length > 0) {
    const word = left.shift();
    if (word === '--') words.push(...left.splice(0));
    else if (word.startsWith('-') && word !== '-') readOption(word, left, options);
    else words.push(word);
  }
  return { options, words };
}

function readOption(word, left, options) {
  const [name, glued] = word.split(/=(.*)/s);
  const long = SAME.get(name) ?? name;
  const follows = left.length > 0 && !left[0].startsWith('-');
  if (glued !== undefined) options.set(long, glued);
  else if (ONE.has(name) || (MAYBE.has(name) && follows)) options.set(long, left.shift());
  else if (MANY.has(name)) while (left.length > 0 && !left[0].startsWith('-')) left.shift();
  else options.set(long, true);
}
