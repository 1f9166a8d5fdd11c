import { afterAll, describe } from 'vitest';
import { codexContract } from '../contract/codex.ts';
import { realCodex } from './programs.ts';
import { Stub } from './stub.ts';

const stub = await Stub.start();
afterAll(() => stub.stop());

// The fake one is held to the same: see test/contract.
describe('the real Codex', () => codexContract(realCodex(stub)));
