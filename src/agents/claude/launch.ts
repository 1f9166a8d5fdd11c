import type { Order, Start } from '../define.ts';
import type { Launcher } from '../launcher.ts';
import { fitsIntoWord } from '../prompting.ts';

/**
 * Claude Code takes the id of a new conversation from whoever starts it, and resumes it by that id from any folder. An
 * id is taken as soon as there is a transcript, and known only from then on: that is with the first prompt.
 */
export const claude: Launcher = {
  ids: 'assigned',
  launch: ({ start, prompt, settings }) => {
    const positional = prompt !== undefined && fitsIntoWord(prompt);
    return {
      words: [
        ...conversation(start),
        ...(settings === undefined ? [] : ['--settings', settings]),
        ...(positional ? ['--', prompt] : []),
      ],
      env: ENVIRONMENT,
      promptIsTyped: prompt !== undefined && !positional,
    };
  },
  transcript: (id, { env, home }) => [env.CLAUDE_CONFIG_DIR || `${home}/.claude`, 'projects', '*', `${id}.jsonl`],
  homes: ['HOME', 'CLAUDE_CONFIG_DIR'],
  refuses: ['No conversation found with session ID: {id}'],
  taken: ['Session ID {id} is already in use'],
  conflicts: [
    {
      words: ['--session-id', '--resume', '-r', '--continue', '-c', '--fork-session', '--from-pr'],
      are: 'options',
      why: 'chooses the conversation itself',
      unless: 'resume-never',
    },
    { words: ['-p', '--print'], are: 'options', why: 'keeps a conversation going', unless: 'resume-never' },
    { words: ['--bg', '--background'], are: 'options', why: 'looks after the program itself', unless: undefined },
    { words: ['--'], are: 'options', why: 'puts options behind the command', unless: undefined },
  ],
  grammar: {
    bare: [
      ...['--dangerously-skip-permissions', '--allow-dangerously-skip-permissions', '--verbose', '--ide', '--chrome'],
      ...['--no-chrome', '--bare', '--brief', '--safe-mode', '--restricted', '--strict-mcp-config'],
      '--disable-slash-commands',
    ],
    taking: ['--model', '--permission-mode', '--effort', '--agent', '--name', '-n', '--settings', '--fallback-model'],
  },
};

function conversation(start: Start): Order['words'] {
  if (start.id === undefined) return [];
  return [start.do === 'resume' ? '--resume' : '--session-id', start.id];
}

const ENVIRONMENT = {
  // Started by a supervisor, it may take itself for a helper of another agent, which keeps no transcript.
  CLAUDE_CODE_FORCE_SESSION_PERSISTENCE: '1',
  // A conversation that is old or long is resumed as it is, without the question whether it should be summed up.
  CLAUDE_CODE_RESUME_THRESHOLD_MINUTES: '100000000',
  CLAUDE_CODE_RESUME_TOKEN_THRESHOLD: '1000000000',
};
