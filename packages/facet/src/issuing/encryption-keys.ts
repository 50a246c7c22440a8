/** The key to which wallets encrypt their requests: made at the first start, sealed with all else, found again later. */
import { jwkThumbprint } from '@facet-id/credential/jose'
import { generateEncryptionKey, hash, jweOpenerOf, sealJwe } from '@facet-id/crypto/node'
import type { IssuerEncryption } from '@facet-id/issuer/issuance'
import { recordForm, type Store } from '@facet-id/store'

const NS = 'facet/encryption-key'
const KEY = 'requests'

const form = recordForm<ReturnType<typeof generateEncryptionKey>>(1)

/** @param store sealed */
export async function encryptionIn(store: Store): Promise<IssuerEncryption> {
  const { publicJwk, privateJwk } = await keptIn(store)
  const kid = jwkThumbprint({ kty: 'EC', crv: 'P-256', x: publicJwk.x, y: publicJwk.y }, hash)
  const named = { ...publicJwk, kid, alg: 'ECDH-ES' } as const
  return { keys: [{ publicJwk: named, open: jweOpenerOf(privateJwk) }], seal: sealJwe }
}

async function keptIn(store: Store): Promise<ReturnType<typeof generateEncryptionKey>> {
  const kept = await store.get(NS, KEY)
  if (kept !== undefined) return form.read(kept.value)
  const made = generateEncryptionKey()
  await store.commit([{ op: 'put', ns: NS, key: KEY, value: form.write(made), if: 'absent' }])
  return made
}
