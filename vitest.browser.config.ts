import { defineConfig } from 'vitest/config';

/** `npm run test:browser`: what needs a real Chromium. */
export default defineConfig({
  resolve: { conditions: ['source', 'default'] },
  ssr: { resolve: { conditions: ['source', 'default'] } },
  test: { include: ['test/browser/**/*.browser.ts'], setupFiles: ['test/support/setup.ts'], testTimeout: 120_000, maxWorkers: 1 },
});
