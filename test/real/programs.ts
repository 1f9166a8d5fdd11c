import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../contract/driver.ts';
import { exportsOf, filesIn } from '../contract/memory.ts';
import type { KindsHome } from '../rig/fake-kinds.ts';
import type { Stub } from './stub.ts';

const KEY = 'sk-ant-test-0000000000000000';

/** What the real Claude Code needs to talk to the stub; with an account that has usage limits, or with a key. */
export const claudeEnvironment = (stub: Stub): Record<string, string> => ({
  ANTHROPIC_BASE_URL: stub.url,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  // Three minutes of trying again else.
  CLAUDE_CODE_MAX_RETRIES: '1',
});

/** The real Claude Code, before this stub. */
export const realClaude = (stub: Stub): Program => ({
  command: [process.env.COLONY_REAL_CLAUDE ?? ''],
  env: { ...claudeEnvironment(stub), ANTHROPIC_API_KEY: KEY },
  subscription: { ...claudeEnvironment(stub), ANTHROPIC_API_KEY: '', CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-test' },
  seed: seedClaude,
  memory: (home) => filesIn(home, 'claude'),
});

/** Nobody is asked whether the key of the environment may be used. */
export function seedClaude(home: KindsHome): void {
  const file = join(home.home, '.claude.json');
  const now = JSON.parse(readFileSync(file, 'utf8')) as object;
  const approved = { customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] } };
  writeFileSync(
    file,
    JSON.stringify({ ...now, ...approved, officialMarketplaceAutoInstallAttempted: true }, undefined, 2),
  );
}

/** The real Codex, before this stub. */
export const realCodex = (stub: Stub): Program => ({
  command: [process.env.COLONY_REAL_CODEX ?? ''],
  env: { STUB_API_KEY: 'sk-test' },
  subscription: {},
  seed: (home) => seedCodex(home, stub),
  memory: (home) => filesIn(home, 'codex'),
});

/** A provider that is the stub; nothing is updated, nobody is told anything. */
export function seedCodex(home: KindsHome, stub: Stub): void {
  home.writeCodexConfig(`model_provider = "stub"
approval_policy = "on-request"
sandbox_mode = "workspace-write"
check_for_update_on_startup = false
`);
  const file = join(home.home, '.codex', 'config.toml');
  appendFileSync(
    file,
    `
[model_providers.stub]
name = "stub"
base_url = "${stub.url}/v1"
wire_api = "responses"
env_key = "STUB_API_KEY"
requires_openai_auth = false
supports_websockets = false

[analytics]
enabled = false
`,
  );
}

/** The real Gemini CLI, before this stub. */
export const realGemini = (stub: Stub): Program => ({
  command: [process.execPath, process.env.COLONY_REAL_GEMINI ?? ''],
  env: { GEMINI_API_KEY: 'a-key', GOOGLE_GEMINI_BASE_URL: stub.url },
  subscription: {},
  seed: (home) => {
    // The stub repeats what it is told, and that may look like a loop.
    const own = {
      security: { auth: { selectedType: 'gemini-api-key' } },
      model: { disableLoopDetection: true },
    };
    writeFileSync(join(home.home, '.gemini', 'settings.json'), JSON.stringify(own, undefined, 2));
  },
  memory: (home) => filesIn(home, 'gemini'),
});

/** The real opencode, before this stub. */
export const realOpencode = (stub: Stub): Program => {
  const command = [process.env.COLONY_REAL_OPENCODE ?? ''];
  return {
    command,
    // It would wait ten seconds at every start for a list of models that cannot be had here.
    env: { OPENCODE_DISABLE_MODELS_FETCH: '1' },
    subscription: {},
    seed: (home) => seedOpencode(home, stub),
    memory: (home) => exportsOf(home, command),
  };
};

/** A provider that is the stub, and a person who wants to be asked before a command runs. */
function seedOpencode(home: KindsHome, stub: Stub): void {
  const folder = join(home.home, '.config', 'opencode');
  mkdirSync(folder, { recursive: true });
  const options = { baseURL: `${stub.url}/v1`, apiKey: 'a-key' };
  const models = { one: { name: 'One' }, 'another-model': { name: 'Another' } };
  const provider = { stub: { npm: '@ai-sdk/anthropic', name: 'Stub', options, models } };
  // opencode adds the schema by itself where it is missing, and nothing else.
  const $schema = 'https://opencode.ai/config.json';
  const own = { $schema, model: 'stub/one', provider, permission: { bash: 'ask' } };
  writeFileSync(join(folder, 'opencode.json'), JSON.stringify(own, undefined, 2));
}
