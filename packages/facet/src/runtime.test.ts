import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OLDEST_NODE, refusalOfNode } from './runtime.ts'

test('PKG-8 the oldest Node is the one that the manifest names', () => {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  expect(JSON.parse(manifest).engines).toEqual({ node: `>=${OLDEST_NODE}` })
})

test.each(['18.20.8', '20.20.2', '22.17.1', '9.11.2'])(
  'PKG-8 Node %s is told which one is needed',
  (version) => {
    expect(refusalOfNode(version)).toBe(
      `facet: Node 22.18 or newer is needed, and this is ${version} [node_too_old]`,
    )
  },
)

test.each(['22.18.0', '22.23.3', '24.21.0', '26.10.0', '100.0.0', '23.0.0-nightly'])(
  'PKG-8 Node %s fits',
  (version) => {
    expect(refusalOfNode(version)).toBeUndefined()
  },
)
