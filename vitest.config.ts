import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Those are part of `npm run test:real`.
    exclude: ['test/real/**', 'test/contract/colony-*-fake.test.ts'],
    setupFiles: ['test/rig/seed.ts'],
    globalSetup: ['test/rig/build.ts'],
    // Real tmux servers and real processes: generous deadlines, because a loaded machine is not a bug.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Most of them wait for processes, and not for a processor.
    maxWorkers: 8,
  },
});
