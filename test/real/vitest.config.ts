import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    // What colony promises is also tried with the fakes, which the fast suite checks in smaller pieces.
    include: ['test/real/*.test.ts', 'test/contract/colony-*-fake.test.ts'],
    setupFiles: ['test/rig/seed.ts', 'test/real/alone.ts'],
    globalSetup: ['test/rig/build.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Each program takes 200 MB and a second of a processor to start.
    maxWorkers: 2,
  },
});
