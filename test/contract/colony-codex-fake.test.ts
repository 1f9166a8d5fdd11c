import { describe } from 'vitest';
import { colonyContract } from './colony.ts';
import { fakeCodex } from './driver.ts';

// With the real one: see test/real.
describe('colony with the fake Codex', () => colonyContract('codex', fakeCodex));
