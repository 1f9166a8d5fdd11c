import type { Launcher } from '../launcher.ts';
import { fitsIntoWord } from '../prompting.ts';
import { markIn } from './log.ts';

/** opencode chooses the id of a conversation by itself, and keeps all of them in one database. */
export const opencode: Launcher = {
  ids: 'discovered',
  launch: ({ start, prompt, folder, life }) => {
    const positional = prompt !== undefined && fitsIntoWord(prompt);
    return {
      words: [...(start.do === 'resume' ? ['--session', start.id] : []), ...(positional ? [`--prompt=${prompt}`] : [])],
      env: { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_CONFIG: markIn(folder, life) },
      promptIsTyped: prompt !== undefined && !positional,
    };
  },
  transcript: undefined,
  homes: ['HOME', 'XDG_DATA_HOME'],
  refuses: ['Session not found: {id}'],
  taken: [],
  conflicts: [
    {
      words: ['--session', '-s', '--continue', '-c', '--fork'],
      are: 'options',
      why: 'chooses the conversation itself',
      unless: 'resume-never',
    },
    {
      words: [
        'run',
        'serve',
        'web',
        'attach',
        'acp',
        'mcp',
        'auth',
        'agent',
        'models',
        'stats',
        'export',
        'import',
        'pr',
      ],
      are: 'commands',
      why: 'keeps a conversation going',
      unless: 'resume-never',
    },
    { words: ['--'], are: 'options', why: 'puts options behind the command', unless: 'resume-never' },
  ],
  grammar: undefined,
};
