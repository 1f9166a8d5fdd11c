import { describe } from 'vitest';
import { colonyContract } from './colony.ts';
import { fakeClaude } from './driver.ts';

// With the real one: see test/real.
describe('colony with the fake Claude Code', () => colonyContract('claude', fakeClaude));
