import { describe } from 'vitest';
import { colonyContract } from './colony.ts';
import { fakeGemini } from './driver.ts';

// With the real one: see test/real.
describe('colony with the fake Gemini CLI', () => colonyContract('gemini', fakeGemini));
