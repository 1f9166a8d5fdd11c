import { describe } from 'vitest';
import { codexContract } from './codex.ts';
import { fakeCodex } from './driver.ts';

// The real one is held to the same: see test/real.
describe('the fake Codex', () => codexContract(fakeCodex));
