import { expect, test } from 'vitest';
import { emptyLedger } from '../../../src/reconciler/ledger.ts';
import type { AgentSpec, History } from '../../../src/reconciler/types.ts';
import { outlook } from '../../../src/supervisor/starting/outlook.ts';
import { appliedOf, historyOf, specOf } from '../../reconciler/base.ts';

const conversation = { id: 'c0ffee', since: 0, how: 'assigned' } as const;
const applied = (kind: AgentSpec['kind']) => ({ ...appliedOf(specOf('api')), kind });

type Row = {
  readonly spec?: Partial<AgentSpec>;
  readonly history?: Partial<History>;
  readonly other?: Partial<History>;
  readonly changed?: readonly string[];
};

test.each<[string, Row, 'kept' | 'new' | undefined]>([
  ['goes on', {}, 'kept'],
  ['with another command', { changed: ['command'] }, 'kept'],
  ['of an earlier release', { history: { applied: appliedOf(specOf('api')) } }, 'kept'],
  ['a program without conversations', { spec: { kind: 'shell' } }, undefined],
  ['nobody wants that', { spec: { resume: 'never' } }, 'new'],
  ['none is known', { history: { conversation: undefined } }, 'new'],
  ['another kind of program', { history: { applied: applied('codex') } }, 'new'],
  ['a shell in between', { history: { applied: applied('shell') } }, 'kept'],
  ['another home', { changed: ['env.CLAUDE_CONFIG_DIR'] }, 'new'],
  ['the home of another kind', { changed: ['env.CODEX_HOME'] }, 'kept'],
  ['another agent is in it', { other: { conversation } }, 'new'],
  ['another agent was in it', { other: { conversation, run: undefined } }, 'kept'],
  ['another agent is in another one', { other: { conversation: { ...conversation, id: 'other' } } }, 'kept'],
])('%s', (_, { spec, history, other, changed = [] }, expected) => {
  const agents = new Map([
    ['api', historyOf(specOf('api'), { conversation, applied: applied('claude'), ...history })],
    ['web', historyOf(specOf('web'), other ?? {})],
  ]);
  const now = specOf('api', { kind: 'claude', resume: 'auto', ...spec });
  expect(
    outlook(
      now,
      { ...emptyLedger, agents },
      changed.map((field) => ({ field })),
    ),
  ).toBe(expected);
});
