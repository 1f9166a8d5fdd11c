import { describe, expect, test } from 'vitest';
import { markIn } from '../../src/agents/opencode/log.ts';
import { childEnvironment, scrub, serverEnvironment } from '../../src/supervisor/environment.ts';

describe('scrub', () => {
  test('keeps what is the person’s', () => {
    const kept = { PATH: '/bin', HOME: '/home/u', ANTHROPIC_API_KEY: 'k', LANG: 'C', SSH_AUTH_SOCK: '/s' };
    expect(scrub(kept)).toEqual(kept);
  });
  test.each([
    'CLAUDECODE',
    'CLAUDE_CODE_MESSAGING_TOKEN',
    'CLAUDE_PROJECT_DIR',
    'CODEX_THREAD_ID',
    'OPENCODE_PID',
    'GEMINI_CLI_NO_RELAUNCH',
    'COLONY_CONVERSATION',
    'GEMINI_CLI',
    'TMUX',
    'TERM',
    'PWD',
    'npm_config_cache',
    'COLONY_RUN_ID',
    'SHLVL',
  ])('drops %s', (name) => expect(scrub({ [name]: 'x', A: '1', B: undefined })).toEqual({ A: '1' }));
  test('a configuration of opencode is the person’s, and not the mark of an agent', () => {
    const kept = { OPENCODE_CONFIG: '/home/u/opencode.json' };
    expect(scrub(kept)).toEqual(kept);
    expect(scrub({ OPENCODE_CONFIG: markIn('/f', '0aaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee') })).toEqual({});
  });
});

test('a tmux client on the user’s server gets no more than it needs', () => {
  expect(serverEnvironment({ PATH: '/bin', HOME: '/h', SECRET: 's' })).toEqual({ PATH: '/bin', HOME: '/h' });
});

test('COLONY_ variables win over the file, and the file over what was captured, also where it unsets', () => {
  const spec = {
    name: 'api',
    kind: 'shell',
    replica: 2,
    metadata: {},
    env: { A: 'file', B: 'file', D: null, COLONY_AGENT: 'liar', COLONY_KIND: null },
  } as unknown as Parameters<typeof childEnvironment>[1];
  const identity = { colony: 'shop', config: '/c.yaml', generation: 3, run: 'api-1', home: undefined, spool: '/s' };
  expect(childEnvironment({ A: 'base', C: 'base', D: 'base' }, spec, identity)).toEqual({
    A: 'file',
    B: 'file',
    C: 'base',
    COLONY_NAME: 'shop',
    COLONY_AGENT: 'api',
    COLONY_KIND: 'shell',
    COLONY_REPLICA: '2',
    COLONY_GENERATION: '3',
    COLONY_CONFIG: '/c.yaml',
    COLONY_METADATA: '{}',
    COLONY_SPOOL: '/s',
    COLONY_RUN_ID: 'api-1',
  });
  // What colony adds for a kind is no more than advice, and not what the file unsets.
  const advice = { A: 'advice', D: 'advice', E: 'advice' };
  expect(childEnvironment({ E: 'base' }, spec, identity, advice)).toMatchObject({ A: 'file', D: 'advice', E: 'base' });
  const { COLONY_CONVERSATION } = childEnvironment({}, spec, { ...identity, conversation: 'c0ffee' });
  expect(COLONY_CONVERSATION).toBe('c0ffee');
});
