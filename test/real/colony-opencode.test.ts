import { afterAll, describe } from 'vitest';
import { colonyContract } from '../contract/colony.ts';
import { realOpencode } from './programs.ts';
import { Stub } from './stub.ts';

const stub = await Stub.start();
afterAll(() => stub.stop());

// With the fake one: see test/contract.
describe('colony with the real opencode', () => colonyContract('opencode', realOpencode(stub)));
