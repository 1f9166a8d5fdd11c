/** What differs between the kinds in what a person sees and says. */
export const WORDS = {
  claude: {
    /** So that it asks before it runs a command. */
    mode: ['--permission-mode', 'manual'],
    model: 'another-model',
    command: 'BASH touch made',
    dialog: 'Do you want to proceed?',
    yes: '1',
    own: ['.claude/settings.json'],
    trust: undefined,
    limit: 'with its end',
    login: true,
    errors: ['ERR 401', 'ERR 429', 'ERR 529', 'DROP'],
  },
  codex: {
    mode: [],
    model: 'another-model',
    command: 'BASH !touch made',
    dialog: 'Would you like to run',
    yes: 'y',
    own: [],
    trust: undefined,
    limit: 'with its end',
    login: true,
    errors: ['ERR 401', 'ERR 429', 'ERR 529', 'DROP'],
  },
  gemini: {
    mode: [],
    model: 'another-model',
    command: 'BASH touch made',
    dialog: 'Allow execution of',
    yes: 'Enter',
    own: ['.gemini/settings.json', '.gemini/trustedFolders.json'],
    trust: 'Do you trust the files in this folder?',
    limit: 'alone',
    login: false,
    errors: ['ERR 401', 'ERR 429', 'ERR 529', 'DROP'],
  },
  opencode: {
    mode: [],
    model: 'stub/another-model',
    command: 'BASH touch made',
    dialog: 'Permission required',
    yes: 'Enter',
    own: ['.config/opencode/opencode.json'],
    trust: undefined,
    limit: undefined,
    login: false,
    // After the others it tries again for as long as they last, and is busy meanwhile.
    errors: ['ERR 401', 'DROP'],
  },
} as const;

export type Kind = keyof typeof WORDS;
