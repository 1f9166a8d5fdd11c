import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/real/*.test.ts'],
    setupFiles: ['test/rig/seed.ts', 'test/real/alone.ts'],
    globalSetup: ['test/rig/build.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Each program takes 200 MB and a second of a processor to start.
    maxWorkers: 2,
  },
});
