import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isMark } from '../../agents/opencode/log.ts';
import { kindOfLive } from '../../config/live.ts';
import { homeFolder } from '../../control/home.ts';
import { isAdopted } from '../../processes/adopted.ts';
import { environmentText, RUN_VARIABLE } from '../../processes/environ.ts';
import { foregroundOf } from '../../processes/foreground.ts';
import type { Kind, RunId } from '../../reconciler/types.ts';
import type { Environment } from '../environment.ts';

/** Where a program keeps what can be read of it, and whose account it uses. */
export type Surroundings = {
  readonly kind: Kind;
  /** The folder of Claude Code's configuration. */
  readonly claude: string;
  /** One word for the account whose usage limits it shares with others. */
  readonly account: string;
  /** Tells the time zone of its texts. Seldom asked for: all that knows of zones takes 8 MiB when it is first used. */
  readonly zone: () => string;
  /** What it was started with so that its lines in a log are known to be its own. */
  readonly mark: string | undefined;
};

const KINDS: ReadonlySet<string> = new Set([
  'claude',
  'codex',
  'gemini',
  'opencode',
  'aider',
  'shell',
] satisfies Kind[]);

/**
 * The surroundings of a life, from the environment in which its main process was really started: a file that was edited
 * since changes nothing about it. Undefined: that process is only just being started, or cannot be looked at.
 */
export function surroundingsOf(run: RunId, pid: number): Surroundings | undefined {
  if (isAdopted(run)) return adoptedSurroundings(pid);
  const environment = variablesIn(environmentText(pid));
  const { COLONY_KIND: kind } = environment;
  return environment[RUN_VARIABLE] === run && isKind(kind) ? surroundingsIn(environment, kind) : undefined;
}

/** Of a program that colony has not started the name tells its kind; below a shell it may be another one a moment later. */
function adoptedSurroundings(main: number): Surroundings | undefined {
  const program = foregroundOf(main);
  const kind = program && kindOfLive(program.words);
  if (!program || !kind || kind === 'shell') return undefined;
  return surroundingsIn(variablesIn(environmentText(program.pid)), kind);
}

function surroundingsIn(environment: Environment, kind: Kind): Surroundings {
  const home = environment.HOME || homeFolder();
  const claude = environment.CLAUDE_CONFIG_DIR || join(home, '.claude');
  const { OPENCODE_CONFIG: configuration } = environment;
  const mark = kind === 'opencode' && isMark(configuration) ? configuration : undefined;
  const { TZ } = environment;
  return { kind, claude, account: accountOf(kind, environment, home), zone: () => zoneOf(TZ), mark };
}

function isKind(kind: string | undefined): kind is Kind {
  return kind !== undefined && KINDS.has(kind);
}

function variablesIn(text: string): Environment {
  const entries = text.split(text.includes('\0') ? '\0' : ' ').map((entry) => entry.split('='));
  return Object.fromEntries(entries.map(([name, ...value]) => [name, value.join('=')]));
}

/** What decides which account a program of a kind uses: places of credentials, servers, and the credentials themselves. */
const CREDENTIALS: Readonly<Record<string, readonly string[]>> = {
  claude: [
    ...['CLAUDE_CONFIG_DIR', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'],
    'CLAUDE_CODE_OAUTH_TOKEN',
  ],
  codex: ['CODEX_HOME', 'OPENAI_BASE_URL', 'OPENAI_API_KEY'],
  gemini: ['GEMINI_CLI_HOME', 'GOOGLE_GEMINI_BASE_URL', 'GEMINI_API_KEY', 'GOOGLE_API_KEY'],
};

/** Nothing of a credential can be read out of the word: twelve digits of a digest over all of them. */
function accountOf(kind: Kind, environment: Environment, home: string): string {
  const parts = [kind, home, ...(CREDENTIALS[kind] ?? []).map((name) => environment[name] ?? '')];
  return `${kind}-${createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12)}`;
}

function zoneOf(name: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name || undefined }).resolvedOptions().timeZone;
  } catch {
    return new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone;
  }
}
