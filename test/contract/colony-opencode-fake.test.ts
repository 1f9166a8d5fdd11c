import { describe } from 'vitest';
import { colonyContract } from './colony.ts';
import { fakeOpencode } from './driver.ts';

// With the real one: see test/real.
describe('colony with the fake opencode', () => colonyContract('opencode', fakeOpencode));
