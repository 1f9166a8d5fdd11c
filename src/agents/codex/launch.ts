import type { Start } from '../define.ts';
import type { Launcher } from '../launcher.ts';
import { fitsIntoWord } from '../prompting.ts';

/** Codex chooses the id of a conversation by itself, and resumes one by its id once it was given a first prompt. */
export const codex: Launcher = {
  ids: 'discovered',
  launch: ({ start, prompt, words }) => {
    const positional = prompt !== undefined && fitsIntoWord(prompt);
    return {
      words: [
        ...(words.includes('--no-daemon') ? [] : ['--no-daemon']),
        ...SETTINGS.flatMap((setting) => ['-c', setting]),
        ...conversation(start),
        ...(positional ? ['--', asText(prompt)] : []),
      ],
      env: {},
      promptIsTyped: prompt !== undefined && !positional,
    };
  },
  transcript: (id, { env, home }) => [
    env.CODEX_HOME || `${home}/.codex`,
    ...['sessions', '*', '*', '*', `rollout-*-${id}.jsonl`],
  ],
  homes: ['HOME', 'CODEX_HOME'],
  refuses: ['No saved session found with ID {id}', 'no rollout found for thread id {id}'],
  taken: [],
  conflicts: [
    {
      words: [
        ...[
          'exec',
          'e',
          'resume',
          'fork',
          'review',
          'login',
          'logout',
          'mcp',
          'mcp-server',
          'app-server',
          'completion',
        ],
        ...['sandbox', 'debug', 'apply', 'a', 'cloud', 'queue', 'features'],
      ],
      are: 'commands',
      why: 'starts the conversation, and resumes it, itself',
      unless: undefined,
    },
    { words: ['--remote'], are: 'options', why: 'needs the program to work without a server', unless: undefined },
    { words: ['--'], are: 'options', why: 'puts options behind the command', unless: undefined },
  ],
  grammar: {
    bare: [
      ...['--dangerously-bypass-approvals-and-sandbox', '--dangerously-bypass-hook-trust', '--approve-for-me', '--oss'],
      ...['--yolo', '--full-auto', '--search', '--no-alt-screen', '--no-daemon', '--worktree', '--strict-config'],
    ],
    taking: [
      ...['-c', '--config', '-m', '--model', '-p', '--profile', '-s', '--sandbox', '-C', '--cd', '--add-dir'],
      ...['-a', '--ask-for-approval', '--enable', '--disable', '--local-provider'],
    ],
  },
};

/** The options stand before the word `resume`, and hold for it as well. */
function conversation(start: Start): readonly string[] {
  return start.do === 'resume' ? ['resume', start.id] : [];
}

/** A prompt that begins with `!` would be run by a shell; with a blank before it, it is text. */
function asText(prompt: string): string {
  return prompt.startsWith('!') ? ` ${prompt}` : prompt;
}

/**
 * For this process alone: what could ask a question that nobody is there to answer, and the title that tells what it is
 * doing. The folder is that of the file, wherever the conversation was before.
 */
const SETTINGS = [
  'check_for_update_on_startup=false',
  'tui.terminal_title=["activity","project-name"]',
  'tui.resume_cwd="current"',
  'notice.hide_rate_limit_model_nudge=true',
] as const;
