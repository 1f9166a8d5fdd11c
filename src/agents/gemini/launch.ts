import type { Start } from '../define.ts';
import type { Launcher } from '../launcher.ts';
import { fitsIntoWord } from '../prompting.ts';

/** Gemini takes the id of a new conversation from whoever starts it, and looks for it among those of the same folder. */
export const gemini: Launcher = {
  ids: 'assigned',
  launch: ({ agent, start, prompt }) => {
    const positional = prompt !== undefined && fitsIntoWord(prompt);
    return {
      words: [...conversation(start), ...(positional ? [`--prompt-interactive=${prompt}`] : [])],
      // Its title tells what it is doing, with this word behind.
      env: { CLI_TITLE: agent },
      promptIsTyped: prompt !== undefined && !positional,
    };
  },
  transcript: (id, { env, home }) => [
    `${env.GEMINI_CLI_HOME || home}/.gemini`,
    ...['tmp', '*', 'chats', `session-*-${id.slice(0, 8)}.json*`],
  ],
  // The first message is its own, of the folder and the date; with nothing behind it, it neither goes on nor begins anew.
  said: (content) => (content.match(/"type":\s*"(?:user|gemini)"/g)?.length ?? 0) > 1,
  homes: ['HOME', 'GEMINI_CLI_HOME'],
  refuses: ['No previous sessions found for this project', 'Invalid session identifier "{id}"'],
  taken: ['Session ID "{id}" already exists'],
  conflicts: [
    {
      words: ['--session-id', '--resume', '-r'],
      are: 'options',
      why: 'chooses the conversation itself',
      unless: 'resume-never',
    },
    { words: ['-p', '--prompt'], are: 'options', why: 'keeps a conversation going', unless: 'resume-never' },
    { words: ['--'], are: 'options', why: 'puts options behind the command', unless: 'resume-never' },
  ],
  grammar: {
    bare: ['-y', '--yolo', '-s', '--sandbox', '-d', '--debug', '--skip-trust'],
    taking: ['-m', '--model', '--approval-mode'],
  },
};

function conversation(start: Start): readonly string[] {
  if (start.id === undefined) return [];
  return [start.do === 'resume' ? '--resume' : '--session-id', start.id];
}
