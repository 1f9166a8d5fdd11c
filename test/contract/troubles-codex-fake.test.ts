import { describe } from 'vitest';
import { fakeCodex } from './driver.ts';
import { troublesContract } from './troubles.ts';

// With the real one: see test/real.
describe('colony with the fake codex', () => troublesContract('codex', fakeCodex));
