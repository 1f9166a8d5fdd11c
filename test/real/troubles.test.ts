import { afterAll, describe } from 'vitest';
import { troublesContract } from '../contract/troubles.ts';
import { realClaude, realCodex } from './programs.ts';
import { Stub } from './stub.ts';

const stub = await Stub.start();
afterAll(() => stub.stop());

// With the fake ones: see test/contract.
describe('colony with the real Claude Code', () => troublesContract('claude', realClaude(stub)));
describe('colony with the real Codex', () => troublesContract('codex', realCodex(stub)));
