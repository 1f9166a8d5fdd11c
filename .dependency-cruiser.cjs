// Who may import whom: the table of ARCHITECTURE.md as rules. `npm run check` runs it.

/** Files of src outside `folders`. */
const srcBut = (...folders) => ({ path: '^src/', pathNot: folders.map((folder) => `^src/${folder}`) });

/** The rule for one folder of src: what it may import from src, from node and from npm. */
const folder = (name, { src = [], node = [], npm = [] }) => [
  {
    name: `${name}-src`,
    comment: `src/${name} may import from src only: itself, ${src.join(', ') || 'nothing else'}.`,
    severity: 'error',
    from: { path: `^src/${name}/` },
    to: srcBut(`${name}/`, ...src),
  },
  {
    name: `${name}-node`,
    comment: `src/${name} may use of node: ${node.join(', ') || 'nothing'}.`,
    severity: 'error',
    from: { path: `^src/${name}/` },
    to: { dependencyTypes: ['core'], pathNot: node.length > 0 ? `^(node:)?(${node.join('|')})$` : '^$' },
  },
  {
    name: `${name}-npm`,
    comment: `src/${name} may use of npm: ${npm.join(', ') || 'nothing'}.`,
    severity: 'error',
    from: { path: `^src/${name}/` },
    to: { path: 'node_modules', pathNot: npm.length > 0 ? `node_modules/(${npm.join('|')})/` : '^$' },
  },
];

/** Something only one file may do, so that there is one place to look. */
const only = (what, to, ...files) => ({
  name: `only-${what}`,
  comment: `Only ${files.join(' and ')} may use ${what}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: files.map((file) => `^src/${file}`) },
  to,
});

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Files that need each other are one file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports is dead.',
      severity: 'error',
      // What users import is imported by nothing of ours.
      from: { orphan: true, path: '^src/', pathNot: '^src/child/' },
      to: {},
    },
    {
      name: 'not-to-test',
      comment: 'The program does not know its tests.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    ...folder('child', { node: ['fs'] }),
    ...folder('spec', { npm: ['typebox'] }),
    ...folder('reconciler', { src: ['spec/'] }),
    {
      name: 'pure-types-of-spec',
      comment: 'The pure folders know the vocabulary of the file as types, and none of its code.',
      severity: 'error',
      from: { path: '^src/(reconciler|policies)/' },
      to: { path: '^src/spec/', dependencyTypesNot: ['type-only'] },
    },
    ...folder('policies', { src: ['spec/', 'reconciler/(types|answer|backoff)'], npm: ['cron-parser'] }),
    ...folder('config', {
      src: ['spec/', 'agents/', 'reconciler/types'],
      node: ['fs', 'path', 'crypto'],
      npm: ['yaml', 'ajv', 'chokidar', 'fastest-levenshtein'],
    }),
    ...folder('tmux', {
      src: ['spec/', 'reconciler/types'],
      node: ['child_process', 'fs', 'fs/promises', 'path', 'os', 'net', 'string_decoder', 'timers/promises', 'buffer'],
      npm: ['execa'],
    }),
    ...folder('processes', {
      src: ['spec/', 'reconciler/types'],
      node: ['fs', 'child_process', 'os'],
      npm: ['pidusage'],
    }),
    ...folder('command', {
      src: ['reconciler/types', 'processes/'],
      node: ['fs', 'child_process', 'crypto', 'stream'],
    }),
    ...folder('probes', {
      src: ['spec/', 'reconciler/types', 'reconciler/span', 'command/'],
      node: ['net', 'http', 'https'],
    }),
    {
      name: 'probes-types-of-command',
      comment: 'A probe asks for a command to be run; the supervisor runs it.',
      severity: 'error',
      from: { path: '^src/probes/' },
      to: { path: '^src/command/', dependencyTypesNot: ['type-only'] },
    },
    ...folder('agents', {
      src: ['spec/', 'reconciler/(types|span|offsets)', 'policies/zone'],
      node: ['path'],
      npm: ['partial-json'],
    }),
    ...folder('control', { src: ['reconciler/types', 'version'], node: ['http', 'net', 'path', 'os'] }),
    ...folder('login', { src: ['control/protocol'], node: ['fs', 'path', 'os', 'child_process'] }),
    ...folder('supervisor', {
      src: [
        ...['spec/', 'reconciler/', 'config/', 'tmux/', 'processes/', 'command/', 'control/', 'probes/', 'policies/'],
        ...['agents/', 'child/', 'login/(types|record)', 'version'],
      ],
      node: [
        ...['fs', 'fs/promises', 'path', 'os', 'http', 'crypto', 'child_process', 'string_decoder'],
        ...['timers/promises', 'util', 'events', 'worker_threads'],
      ],
      npm: ['winston', 'logform', 'pidusage', 'chokidar'],
    }),
    ...folder('doctor', {
      src: [
        ...['spec/', 'reconciler/', 'config/kind', 'tmux/version', 'control/', 'agents/', 'login/', 'supervisor/'],
        'version',
      ],
      node: ['fs', 'path', 'os', 'net', 'child_process'],
    }),
    {
      name: 'doctor-pure',
      comment: 'What is said of the facts is made from the facts alone: only src/doctor/gather reads anything.',
      severity: 'error',
      from: { path: '^src/doctor/(checks/|examine|reboot|types)' },
      to: { path: '^(node:)?(fs|path|os|net|child_process)$|^src/(supervisor|control)/|^src/doctor/gather/' },
    },
    ...folder('cli', {
      src: [
        'control/',
        'child/',
        'config/',
        'agents/',
        'doctor/',
        'login/',
        'processes/',
        'tmux/',
        'reconciler/',
        'spec/',
        'agents/screen',
        'supervisor/main',
        'supervisor/offline',
        'version',
      ],
      node: ['fs', 'path', 'os', 'child_process', 'readline', 'stream', 'timers/promises', 'tty'],
      npm: ['commander', 'yaml', 'fastest-levenshtein'],
    }),
    {
      name: 'cli-lazily',
      comment:
        'The command line loads the supervisor, the configuration and the rules for screens only when a command needs them: by import().',
      severity: 'error',
      // These are themselves loaded only by import().
      from: { path: '^src/cli/', pathNot: '^src/cli/(check-file|judge-screen|write-agent|init/look)' },
      to: {
        path: '^src/(supervisor/|config/|login/|doctor/|processes/|tmux/|agents/screen)',
        dependencyTypesNot: ['dynamic-import', 'type-only', 'type-import'],
      },
    },
    {
      name: 'calendar-lazily',
      comment:
        'The calendar costs the supervisor 9 MiB, most of it for the tables of time zones: it is loaded by import() when an agent has a schedule.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/policies/(schedule|calendar)' },
      to: { path: '^src/policies/(schedule|calendar|timetable)', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    only('cron-parser', { path: 'node_modules/cron-parser/' }, 'policies/timetable'),
    only(
      'the file system in config',
      { path: '^(node:)?fs$' },
      'config/read',
      'child/spool',
      'tmux/',
      'processes/',
      'command/run',
      'doctor/gather/',
      'login/(machine|record)',
      'supervisor/',
      'cli/',
    ),
    only('execa', { path: 'node_modules/execa/' }, 'tmux/exec'),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
