import { describe, expect, test } from 'vitest';
import { load } from './memory.ts';

function problems(agent: object): readonly string[] {
  const loaded = load(JSON.stringify({ version: 1, agents: { a: agent } }));
  return loaded.ok ? [] : loaded.error.diagnostics.map(({ message }) => message);
}

describe('commands to which words can be added', () => {
  test.each([
    { command: 'claude' },
    { command: 'env X=1 claude --model opus 2>/dev/null' },
    { command: ['npx', '@anthropic-ai/claude-code', '--model', 'opus'] },
    { command: 'nice claude --settings settings.json' },
    { command: 'claude --resume', resume: 'never' },
    { command: ['claude', '-p', 'hello'], resume: 'never' },
    { command: 'codex --model exec' },
    { command: ['codex', '--sandbox', 'read-only'] },
    { command: 'opencode run hello', resume: 'never' },
    { command: 'gemini -p hello | cat', resume: 'never' },
    { command: 'aider --message hello | cat', resume: 'never', prompt: 'typed' },
    { command: 'claude | tee log', kind: 'shell' },
    { command: './start-agent.sh', kind: 'claude' },
    { command: 'claude "fix it now"', resume: 'never' },
    { command: 'claude --append-system-prompt "be terse"' },
    { command: ['claude', '--allowedTools', 'Bash(git log:*)', 'Bash(git diff:*)'] },
    { command: 'claude --model "a model"' },
    { command: 'opencode "my project"' },
    { command: './start-agent.sh "with this"', kind: 'claude' },
    { command: 'bash start-agent.sh', kind: 'claude' },
  ])('%j', (agent) => expect(problems(agent)).toEqual([]));
});

test.each([
  { command: 'gemini -p hello | cat', resume: 'never', prompt: 'hello' },
  { command: 'claude | cat', resume: 'never' },
  { command: 'codex resume', resume: 'never' },
  { command: 'env A=1 bash -c claude', kind: 'claude' },
  { command: 'claude --fork-session=x' },
  { command: 'claude -r0b0c' },
  { command: 'claude "fix it now"' },
  { command: ['npx', 'claude', 'fix it now'] },
  { command: 'claude --dangerously-skip-permissions "fix it now"' },
  { command: 'claude --model opus "$(cat task.md)"' },
  { command: 'codex -c model=o3 "fix it now" --search' },
])('and others: %j', (agent) => expect(problems(agent)).toHaveLength(1));
