import { expect, test } from 'vitest'
import { root } from './authority.test-support.ts'
import { authorityKeysOf } from './authority-keys.ts'
import { writeKeyIdentifier } from './client-id.ts'

test('VP-6.1.1-3 the keys that certified a chain are those that its certificates name, and a chain that cannot be read names none', async () => {
  const anchor = await root()
  const middle = await anchor.issue({ name: 'O=Middle', pathLength: 0 })
  const party = await middle.issue({ name: 'O=Party' })
  const x5c = [party, middle].map(({ der }) => Buffer.from(der).toString('base64'))
  expect(authorityKeysOf(x5c)).toEqual(
    [party, middle].map(({ certificate }) =>
      writeKeyIdentifier(certificate.extensions.authorityKeyIdentifier ?? new Uint8Array()),
    ),
  )
  expect(new Set(authorityKeysOf(x5c)).size).toBe(2)
  for (const unreadable of [[], ['AA=='], 'x', [...x5c, 7]]) expect(authorityKeysOf(unreadable)).toEqual([])
})
