import { expect, it } from 'vitest';
import { ansi } from '../../../src/cli/render/colour.ts';
import { planText } from '../../../src/cli/render/plan.ts';
import { ADD, plan } from '../reports.ts';

it('says so when there is nothing to do', () => expect(planText(plan([]))).toBe('Nothing to do.\n'));

it('shows every kind of change, what is blocked, and where this shell differs', () => {
  const full = plan(
    [
      ADD,
      {
        sign: '-/+',
        agent: 'backend',
        reason: 'config_changed',
        text: 'changed in the file: command, env.API_KEY, metadata',
        changes: [
          { field: 'command', from: 'claude', to: 'claude --model opus' },
          { field: 'env.API_KEY', from: '(secret)', to: 'secret:0123456789ab' },
          { field: 'metadata', to: '{"task":"T-17"}' },
        ],
        conversation: 'kept',
      },
      {
        sign: '~',
        agent: 'db',
        reason: 'config_changed',
        text: 'changed in the file: stop.grace',
        changes: [{ field: 'stop.grace', from: '30s' }],
      },
      { sign: '-', agent: 'old', reason: 'removed_from_file', text: 'no longer in the file', changes: [] },
    ],
    {
      blocked: [{ agent: 'worker', reason: 'workdir_missing', text: 'the working directory does not exist: /srv' }],
      drifted_variables: ['PATH', 'LANG'],
    },
  );
  expect(planText(full)).toMatchInlineSnapshot(`
    "  + web      does not run yet
    -/+ backend  changed in the file: command, env.API_KEY, metadata
          command: claude -> claude --model opus
          env.API_KEY: (secret) -> (secret)
          metadata: (not set) -> {"task":"T-17"}
          restart, the conversation continues
      ~ db       changed in the file: stop.grace
          stop.grace: 30s -> (not set)
      - old      no longer in the file

    Blocked:
      worker  the working directory does not exist: /srv

    This shell has other values than the agents for (colony apply --refresh-env takes them over):
      PATH
      LANG

    Plan: 1 to add, 1 to replace, 1 to change in place, 1 to remove.
    "
  `);
});

it('colours signs and names alone', () => {
  expect(planText(plan([ADD]), ansi).split('\n')[0]).toBe('\x1b[32m  +\x1b[39m \x1b[1mweb\x1b[22m  does not run yet');
});

it('keeps a value over several lines in one line', () => {
  const changes = [{ field: 'command', from: 'a\nb', to: 'c\x1b[2J' }];
  const text = planText(plan([{ ...ADD, changes }]));
  expect(text).toContain('      command: "a\\nb" -> "c\\u001b[2J"\n');
});
