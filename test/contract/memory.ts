import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileKind, KindsHome } from '../rig/fake-kinds.ts';

/** What a program has kept of its conversations, asked for by their ids. */
export type Memory = {
  /** How many conversations there are. */
  count(): Promise<number>;
  /** What it was given as prompts, whoever gave it; none where there is no such conversation. */
  prompts(id: string): Promise<readonly string[]>;
  /** All of a conversation, in the words of its format. */
  text(id: string): Promise<string>;
};

/** That of a program which keeps each conversation in a file. */
export const filesIn = (home: KindsHome, kind: FileKind): Memory => ({
  count: async () => home.transcripts(kind).size,
  prompts: async (id) => home.prompts(kind, id),
  text: async (id) => JSON.stringify(home.transcript(kind, id)),
});

/** An export takes more than a second of a processor, which the program under test wants for itself. */
const REST = 3_000;

/** That of opencode, which keeps them in a database and exports them; those that it began are named in its log. */
export const exportsOf = (home: KindsHome, command: readonly string[]): Memory => {
  let last = { key: '', text: '', at: Number.NEGATIVE_INFINITY };
  const text = async (id: string) => {
    const key = `${id} ${stateOf(home)}`;
    if (key === last.key) return last.text;
    await wait(last.at + REST - performance.now());
    last = { key, text: await exported([...command, 'export', id], home.home), at: performance.now() };
    return last.text;
  };
  return {
    text,
    count: async () => {
      const log = readFileSync(join(home.home, '.local/share/opencode/log/opencode.log'), 'utf8');
      return new Set(log.match(/(?<=message=created .*\bid=)ses_\w+/g)).size;
    },
    prompts: async (id) => promptsIn(await text(id)),
  };
};

/** Another one whenever the real program has written something; the fake one has no database. */
function stateOf(home: KindsHome): string {
  const files = ['opencode.db', 'opencode.db-wal'].map((name) => join(home.home, '.local/share/opencode', name));
  return files.every((file) => existsSync(file))
    ? files.map((file) => `${statSync(file).mtimeMs} ${statSync(file).size}`).join()
    : String(performance.now());
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function exported([program = '', ...words]: readonly string[], home: string): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', HOME: home, OPENCODE_DISABLE_MODELS_FETCH: '1' };
  // What it cannot export it has not kept.
  return new Promise((resolve) =>
    execFile(program, words, { env, cwd: home }, (error, stdout) => resolve(error ? '' : stdout)),
  );
}

type Part = { readonly type: string; readonly text?: string; readonly synthetic?: boolean };
type Export = { readonly messages: readonly { readonly info: { readonly role: string }; readonly parts: Part[] }[] };

function promptsIn(text: string): readonly string[] {
  if (text === '') return [];
  const { messages } = JSON.parse(text) as Export;
  return messages
    .filter(({ info }) => info.role === 'user')
    .map(({ parts }) => parts.find(({ type, synthetic }) => type === 'text' && !synthetic)?.text ?? '');
}
