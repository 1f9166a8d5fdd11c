import { describe } from 'vitest';
import { claudeContract } from './claude.ts';
import { codexContract } from './codex.ts';
import { fakeClaude, fakeCodex } from './driver.ts';

// The real programs are held to the same: see test/real.
describe('the fake Claude Code', () => claudeContract(fakeClaude));
describe('the fake Codex', () => codexContract(fakeCodex));
