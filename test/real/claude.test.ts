import { afterAll, describe } from 'vitest';
import { claudeContract } from '../contract/claude.ts';
import { realClaude } from './programs.ts';
import { Stub } from './stub.ts';

const stub = await Stub.start();
afterAll(() => stub.stop());

// The fake one is held to the same: see test/contract.
describe('the real Claude Code', () => claudeContract(realClaude(stub)));
