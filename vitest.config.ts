import { defineConfig } from 'vitest/config'

// Whether something is imported or required is seen by whoever resolves it; said here, it would hold for both.
const conditions = ['@facet-id/source', 'node', 'module']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@facet-id/source', 'node'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './test/reporter.ts'],
    // Two cores is what a machine is promised to have.
    maxWorkers: 2,
    testTimeout: 60_000,
  },
})
