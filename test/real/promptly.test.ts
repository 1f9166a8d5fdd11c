import { afterAll, describe } from 'vitest';
import { promptlyContract } from '../contract/promptly.ts';
import { realClaude, realCodex } from './programs.ts';
import { Stub } from './stub.ts';

const stub = await Stub.start();
afterAll(() => stub.stop());

describe('colony with the real Claude Code', () => promptlyContract('claude', realClaude(stub)));
describe('colony with the real Codex', () => promptlyContract('codex', realCodex(stub)));
