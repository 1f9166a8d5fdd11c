import type { Launcher } from '../launcher.ts';

/**
 * aider has no ids: a conversation is a file with all that was said, by default one for each folder. Each conversation
 * of colony's has a file of its own, so that two agents in one folder do not read each other's.
 */
export const aider: Launcher = {
  ids: 'assigned',
  launch: ({ start, prompt, folder }) => ({
    words:
      start.id === undefined
        ? []
        : [
            ...['--chat-history-file', historyOf(start.id, folder)],
            ...(start.do === 'resume' ? ['--restore-chat-history'] : []),
          ],
    env: { AIDER_CHECK_UPDATE: 'false' },
    // It would take a prompt among its words for all that there is to do.
    promptIsTyped: prompt !== undefined,
  }),
  transcript: (id, { folder }) => [folder, nameOf(id)],
  // It writes a heading as soon as it starts.
  said: (content) => /^#### /m.test(content),
  homes: [],
  refuses: [],
  taken: [],
  conflicts: [
    {
      words: ['--restore-chat-history', '--no-restore-chat-history', '--chat-history-file'],
      are: 'options',
      why: 'chooses the conversation itself',
      unless: 'resume-never',
    },
    {
      words: ['--message', '--msg', '-m', '--message-file', '-f'],
      are: 'options',
      why: 'keeps a conversation going',
      unless: 'resume-never',
    },
  ],
  grammar: undefined,
};

const nameOf = (id: string): string => `aider-${id}.md`;

const historyOf = (id: string, folder: string): string => `${folder}/${nameOf(id)}`;
