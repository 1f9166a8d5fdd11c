import { describe } from 'vitest';
import { claudeContract } from './claude.ts';
import { fakeClaude } from './driver.ts';

// The real one is held to the same: see test/real.
describe('the fake Claude Code', () => claudeContract(fakeClaude));
