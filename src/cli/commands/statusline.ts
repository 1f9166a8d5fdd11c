import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { drawLine, LINE_PLACES, lineAskedFor, projectIn, readLine } from '../../agents/claude/statusline.ts';
import { leave, placeIn } from '../../child/spool.ts';
import { homeFolder } from '../../control/home.ts';
import { EXIT } from '../../control/protocol.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes } from '../help.ts';

/** Of a longer message the rest is thrown away. */
const MOST_BYTES = 262_144;

/** Set by the script that has left the message for the supervisor already. */
const TOLD = 'COLONY_TOLD';

export const define: Define = (act) =>
  new Command('statusline')
    .description('Show the status line of Claude Code, and tell colony what is in it.')
    .argument('[command]', 'draws the line; without it, the one of the settings of the user does')
    .addHelpText('after', PAGE)
    .action((command: string | undefined) => act(run(command)));

/** Whatever goes wrong, the agent's own line is shown as well as it can be: a failure would be shown in its place. */
async function run(command: string | undefined): Promise<number> {
  const message = await received();
  tell(message);
  const drawn = command ?? usersCommand(message);
  if (drawn !== undefined && !isOurs(drawn)) return draw(drawn, message);
  const line = readLine(message);
  if (line) process.stdout.write(`${drawLine(process.env.COLONY_AGENT, line)}\n`);
  return EXIT.done;
}

/** What stands on the standard input: the message of the agent. */
async function received(): Promise<string> {
  if (process.stdin.isTTY) return '';
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of process.stdin) {
    const bytes = Buffer.from(part as Buffer);
    if (length < MOST_BYTES) parts.push(bytes.subarray(0, MOST_BYTES - length));
    length += bytes.length;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** What a full disk does not take, nobody misses for long. */
function tell(message: string): void {
  const place = process.env[TOLD] === undefined ? placeIn(process.env) : undefined;
  if (!place || !readLine(message)) return;
  try {
    leave(place, { kind: 'statusline', event: 'statusline', message });
  } catch {
    // Told with the next one.
  }
}

/** The command that Claude Code would run if colony's settings did not come before those of its files. */
function usersCommand(message: string): string | undefined {
  const { env } = process;
  const project = projectIn(message) ?? env.CLAUDE_PROJECT_DIR ?? process.cwd();
  const user = env.CLAUDE_CONFIG_DIR || join(env.HOME || homeFolder(), '.claude');
  const files = [
    ...LINE_PLACES.project.map((file) => join(project, file)),
    ...LINE_PLACES.user.map((file) => join(user, file)),
  ];
  for (const file of files) {
    const line = lineAskedFor(textOf(file));
    if (line) return String(line.command);
  }
  return undefined;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Who has put this very command into his settings gets colony's line, and not a line within a line for ever. */
function isOurs(command: string): boolean {
  return /\bcolony(?:\.cjs)?['"]?\s+statusline\b/.test(command);
}

/** Run what draws the line, with the same message and in the same surroundings; it ends when this is told to end. */
function draw(command: string, message: string): Promise<number> {
  const { [TOLD]: _, ...env } = process.env;
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'inherit', 'inherit'], env });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  // It need not read all of it.
  child.stdin.on('error', () => undefined);
  child.stdin.end(message);
  return new Promise((resolve) => {
    child.on('error', () => resolve(EXIT.failed));
    child.on('close', (code) => resolve(code ?? EXIT.failed));
  });
}

const PAGE = [
  examples([
    [
      'colony statusline',
      'in the settings of Claude Code: { "statusLine": { "type": "command", "command": "colony statusline" } }',
    ],
    ['colony statusline "my-line --short"', 'the same, drawn by a command of your own'],
  ]),
  exitCodes(['done', 'failed']),
].join('\n');
