/** What can be run, and how, as arguments of the fitting Node. */

/** Biome colours a pipe too, even where NO_COLOR is set. */
const plainOutput = process.stdout.isTTY ? [] : ['--colors=off']

const fromSource = ['--disable-warning=ExperimentalWarning', '-C', '@facet-id/source']

/**
 * @typedef {object} Task
 * @property {readonly (readonly string[])[]} steps run in this order, each even where one before it failed
 * @property {boolean} takesArgs whether what the user adds goes to the (only) step
 */

/** @type {Readonly<Record<string, Task>>} */
export const tasks = {
  facet: { steps: [[...fromSource, 'packages/facet/src/bin.ts']], takesArgs: true },
  start: { steps: [[...fromSource, 'packages/facet/src/bin.ts', 'demo']], takesArgs: true },
  test: { steps: [['node_modules/vitest/vitest.mjs', 'run', '--configLoader=native']], takesArgs: true },
  check: {
    steps: [
      ['scripts/references.mjs'],
      ['node_modules/@biomejs/biome/bin/biome', 'ci', ...plainOutput, '.'],
      ['node_modules/typescript/bin/tsc', '-b'],
    ],
    takesArgs: false,
  },
  bench: { steps: [[...fromSource, 'test/bench/run.ts']], takesArgs: true },
}
