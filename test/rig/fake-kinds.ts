import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentYaml, TestColony } from './colony.ts';
import { waitFor } from './wait.ts';

/** What a program says of itself in its record. */
export type ClaudeRecord = {
  readonly pid: number;
  readonly sessionId: string;
  readonly status: string;
  readonly waitingFor?: string;
};

type Line = Readonly<Record<string, unknown>>;

/** The fake programs, as the first words of a command. */
export const FAKE_CLAUDE = [process.execPath, fileURLToPath(new URL('./fake-claude.mjs', import.meta.url))];
export const FAKE_CODEX = [process.execPath, fileURLToPath(new URL('./fake-codex.mjs', import.meta.url))];
export const FAKE_GEMINI = [process.execPath, fileURLToPath(new URL('./fake-gemini.mjs', import.meta.url))];
export const FAKE_OPENCODE = [process.execPath, fileURLToPath(new URL('./fake-opencode.mjs', import.meta.url))];

/** The kinds that keep each conversation in a file. */
export type FileKind = 'claude' | 'codex' | 'gemini';

/**
 * A HOME for programs of a kind, in which they start without a dialog, and what they leave there.
 *
 * It works for the real programs as well as for the fake ones.
 */
export class KindsHome {
  readonly home: string;

  /** `trusted`: folders in which nobody is asked whether they may be worked in. */
  constructor(home: string, trusted: readonly string[]) {
    this.home = home;
    for (const folder of ['.claude', '.codex', '.gemini']) mkdirSync(join(home, folder), { recursive: true });
    const projects = Object.fromEntries(trusted.map((folder) => [folder, { hasTrustDialogAccepted: true }]));
    writeFileSync(join(home, '.claude.json'), JSON.stringify({ hasCompletedOnboarding: true, projects }, undefined, 2));
    const sections = trusted.map((folder) => `[projects."${folder}"]\ntrust_level = "trusted"\n`);
    writeFileSync(join(home, '.codex', 'config.toml'), `model = "gpt-5-codex"\n\n${sections.join('\n')}`);
    const folders = Object.fromEntries(trusted.map((folder) => [folder, 'TRUST_FOLDER']));
    writeFileSync(join(home, '.gemini', 'trustedFolders.json'), JSON.stringify(folders, undefined, 2));
  }

  /** A home below the folder of a colony, that trusts the colony's working folder. */
  static of(colony: TestColony, name = 'kinds'): KindsHome {
    return new KindsHome(join(colony.dir, 'homes', name), [colony.work]);
  }

  /** An agent of kind claude; `words` are what the user has written behind the command. */
  claude(more: AgentYaml = {}, ...words: string[]): AgentYaml {
    return this.#agent('claude', [...FAKE_CLAUDE, ...words], more);
  }

  /** An agent of kind codex. */
  codex(more: AgentYaml = {}, ...words: string[]): AgentYaml {
    return this.#agent('codex', [...FAKE_CODEX, ...words], more);
  }

  /** An agent of kind opencode. */
  opencode(more: AgentYaml = {}, ...words: string[]): AgentYaml {
    return this.#agent('opencode', [...FAKE_OPENCODE, ...words], more);
  }

  #agent(kind: string, command: readonly string[], more: AgentYaml): AgentYaml {
    const env = { HOME: this.home, ...(more.env as object | undefined) };
    return { kind, command, stop: { grace: '5s' }, ...more, env };
  }

  /** The settings of the user: of Claude Code, in ~/.claude/settings.json. */
  writeClaudeSettings(settings: object): string {
    const file = join(this.home, '.claude', 'settings.json');
    writeFileSync(file, JSON.stringify(settings, undefined, 2));
    return file;
  }

  /** Add lines to Codex' config.toml, before its sections. */
  writeCodexConfig(lines: string): string {
    const file = join(this.home, '.codex', 'config.toml');
    writeFileSync(file, `${lines}\n${readFileSync(file, 'utf8')}`);
    return file;
  }

  /** The records of Claude Code that lie there, those of dead programs among them. */
  claudeRecords(): ClaudeRecord[] {
    const folder = join(this.home, '.claude', 'sessions');
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((name) => readLines(join(folder, name)) as ClaudeRecord[]);
  }

  /** The record of the Claude Code with this pid. */
  claudeRecord(pid: number): ClaudeRecord | undefined {
    return this.claudeRecords().find((record) => record.pid === pid);
  }

  /** Where the conversations lie: by their ids. */
  transcripts(kind: FileKind): ReadonlyMap<string, string> {
    const root = join(this.home, FOLDERS[kind]);
    if (!existsSync(root)) return new Map();
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.jsonl'));
    const paths = files.map((path) => join(root, path));
    return new Map(paths.map((path) => [idOf(kind, path), path]));
  }

  /** The lines of a conversation; none where it is not there. */
  transcript(kind: FileKind, id: string): readonly Line[] {
    const file = this.transcripts(kind).get(id);
    return file === undefined ? [] : readLines(file);
  }

  /** What a program was given as prompts in a conversation, whoever gave it; a wrapped paste without its wrapper. */
  prompts(kind: FileKind, id: string): readonly string[] {
    return PROMPTS[kind](this.transcript(kind, id));
  }

  /** Cut off the end of a conversation, as a crash may. */
  damage(kind: FileKind, id: string, content: string): void {
    const file = this.transcripts(kind).get(id);
    if (file !== undefined) writeFileSync(file, content);
  }

  /** Write a conversation of Claude Code that was held before. */
  writeClaudeTranscript(cwd: string, id: string, lines: readonly object[]): string {
    const file = join(this.home, '.claude', 'projects', cwd.replaceAll(/[^a-zA-Z0-9]/g, '-'), `${id}.jsonl`);
    mkdirSync(dirname(file), { recursive: true });
    for (const line of lines) appendFileSync(file, `${JSON.stringify(line)}\n`);
    return file;
  }
}

/** What the pane of an agent shows, without the blanks at the ends of lines. */
export async function screenOf(colony: TestColony, agent: string): Promise<string> {
  const { stdout } = await colony.tmux('capture-pane', '-p', '-t', `=${agent}:`);
  return stdout.replaceAll(/[ \u00a0]+$/gm, '');
}

/** Type into an agent's pane as a person does at a terminal: keys by their names, text with `-l`. */
export async function pressKeys(colony: TestColony, agent: string, ...keys: string[]): Promise<void> {
  await colony.tmux('send-keys', '-t', `=${agent}:`, ...keys);
}

/**
 * Press a key until `done`: a dialog that has just appeared does not hear a key yet, and then a person presses it
 * once more.
 */
export async function pressUntil(
  colony: TestColony,
  agent: string,
  key: string,
  done: () => Promise<boolean>,
): Promise<void> {
  const every = 500;
  let next = 0;
  await waitFor(`the effect of ${key}`, async () => {
    if (await done()) return true;
    if (performance.now() < next) return false;
    next = performance.now() + every;
    await pressKeys(colony, agent, key);
    return false;
  });
}

function readLines(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Line];
      } catch {
        return [];
      }
    });
}

/** Where the conversations of a kind are, below its home. */
const FOLDERS = { claude: '.claude/projects', codex: '.codex/sessions', gemini: '.gemini/tmp' };

/** Its name ends with the id; that of Gemini's with the beginning of it, and the first line holds it whole. */
function idOf(kind: FileKind, path: string): string {
  return kind === 'gemini' ? String(readLines(path)[0]?.sessionId) : basename(path, '.jsonl').slice(-36);
}

const PROMPTS: Readonly<Record<FileKind, (lines: readonly Line[]) => string[]>> = {
  claude: (lines) => lines.flatMap(claudePrompt),
  codex: (lines) => lines.flatMap(codexPrompt),
  gemini: geminiPrompts,
};

function claudePrompt(line: Line): string[] {
  const message = line.message as { readonly content?: unknown } | undefined;
  if (line.type !== 'user' || line.isMeta || typeof message?.content !== 'string') return [];
  const wrapped = /^\s*<pasted_content id="\w+">\n([\s\S]*)\n<\/pasted_content id="\w+">\s*$/.exec(message.content);
  return [wrapped?.[1] ?? message.content];
}

function codexPrompt(line: Line): string[] {
  const payload = line.payload as { readonly type?: string; readonly item?: Item } | undefined;
  if (payload?.type !== 'item_completed' || payload.item?.type !== 'UserMessage') return [];
  return [payload.item.content.map(({ text }) => text).join('')];
}

type Item = { readonly type: string; readonly content: readonly { readonly text: string }[] };

type Said = { readonly type?: string; readonly id?: string; readonly content?: readonly { readonly text?: string }[] };

/** A line is one message, or sets all of them anew; what Gemini says itself for a person is in angle brackets. */
function geminiPrompts(lines: readonly Line[]): string[] {
  const messages = lines.flatMap((line) => {
    const set = line.$set as { readonly messages?: readonly Said[] } | undefined;
    return set?.messages ?? [line as Said];
  });
  const own = messages.filter(({ type, content }) => type === 'user' && Array.isArray(content));
  const byId = new Map(own.map(({ id, content }) => [id, content?.[0]?.text ?? '']));
  return [...byId.values()].filter((text) => text !== '' && !text.startsWith('<session_context>'));
}
