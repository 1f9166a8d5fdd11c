import { describe } from 'vitest';
import { colonyContract } from './colony.ts';
import { fakeClaude, fakeCodex } from './driver.ts';

// With the real programs: see test/real.
describe('colony with the fake Claude Code', () => colonyContract('claude', fakeClaude));
describe('colony with the fake Codex', () => colonyContract('codex', fakeCodex));
