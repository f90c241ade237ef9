// Where the tests are, how long one may take, and how much of the scheduler they must cover.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  root,
  test: {
    include: ['{engine,executor,scenarios,bench,test}/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ['default', './.ci/plain-reporter.ts'],
    coverage: {
      provider: 'v8',
      include: ['engine/**/*.ts', 'executor/**/*.ts', 'scenarios/**/*.ts', 'bench/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.d.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { 'engine/schedule/**/*.ts': { lines: 95, branches: 95 } },
    },
  },
});
