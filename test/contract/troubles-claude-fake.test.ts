import { describe } from 'vitest';
import { fakeClaude } from './driver.ts';
import { troublesContract } from './troubles.ts';

// With the real one: see test/real.
describe('colony with the fake claude', () => troublesContract('claude', fakeClaude));
