import { afterAll, describe } from 'vitest';
import { hangingContract } from '../contract/hanging.ts';
import { realClaude, realCodex } from './programs.ts';
import { Stub } from './stub.ts';

const stub = await Stub.start();
afterAll(() => stub.stop());

// Six minutes each; with `COLONY_REAL_SLOW=1` alone.
const slow = describe.skipIf(process.env.COLONY_REAL_SLOW !== '1');
slow('the real Claude Code', () => hangingContract('claude', realClaude(stub)));
slow('the real Codex', () => hangingContract('codex', realCodex(stub)));
