import { defineConfig } from 'vitest/config'

const conditions = ['@facet-id/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './test/reporter.ts'],
    // Two cores is what a machine is promised to have.
    maxWorkers: 2,
    testTimeout: 60_000,
  },
})
