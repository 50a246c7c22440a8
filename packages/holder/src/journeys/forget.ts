/** Takes a credential off the shelf for good. */
import type { Store } from '@facet-id/store'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { dropIssuer } from '../issuance/issuer-store.ts'
import { logged } from '../presentation/log-store.ts'
import { copiesOf, dropCredential, findCredential, listCredentials } from '../shelf/shelf-store.ts'

/** @throws {HolderError} `credential_unknown` */
export async function forget(credentialId: string, { ports }: Holding): Promise<void> {
  const { store, keys, hash, now } = ports
  const credential = await findCredential(store, credentialId)
  if (credential === undefined)
    throw new HolderError('credential_unknown', 'No credential of that id is held')
  const { credentialIssuer } = credential
  const copies = await copiesOf(store, credentialId)
  // Keys first: an interruption leaves a credential that can be forgotten again, and no key without a name.
  await keys.forget(copies.map(({ record }) => record.keyId))
  const isLast = (await countOf(credentialIssuer, store)) === 1
  await store.commit([
    ...dropCredential(credentialId, copies),
    ...(isLast ? [dropIssuer(hash('sha-256', credentialIssuer))] : []),
    logged({ at: now(), event: 'deleted', credentialId }),
  ])
}

async function countOf(credentialIssuer: string, store: Store): Promise<number> {
  let count = 0
  for await (const held of listCredentials(store)) if (held.credentialIssuer === credentialIssuer) count++
  return count
}
