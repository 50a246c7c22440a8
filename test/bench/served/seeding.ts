/** Fills the store of a node as its life would: issuances that are remembered, and nonces that were used. */
import { random } from '@facet-id/crypto/node'
import { openNodeData } from '@facet-id/facet'
import { type Op, writeRecord } from '@facet-id/store'

const AT_ONCE = 1000
const HOUR = 3_600_000

/** @param records half of them expire, in some hours */
export async function seedRecords(dataDirectory: string, records: number): Promise<void> {
  const { store, close } = await openNodeData(dataDirectory, {})
  for (let written = 0; written < records; written += AT_ONCE) {
    const kept = await store.commit(Array.from({ length: AT_ONCE }, (_, index) => recordOf(written + index)))
    if (!kept.ok) throw new Error('the records could not be written')
  }
  await close()
}

function recordOf(index: number): Op {
  if (index % 2 === 0) {
    const expiresAt = Date.now() + HOUR * (1 + (index % 7))
    return { op: 'put', ns: 'issuer/nonce-used', key: keyOf(32), value: new Uint8Array(), expiresAt }
  }
  const issuanceId = keyOf(16)
  const issuedAt = Math.floor(Date.now() / 1000)
  const record = {
    v: 1,
    issuanceId,
    configurationId: 'person',
    entries: [{ list: 7, index }],
    issuedAt,
    expiresAt: issuedAt + 31_536_000,
  }
  return { op: 'put', ns: 'issuer/issuance', key: issuanceId, value: writeRecord(record) }
}

function keyOf(bytes: number): string {
  return Buffer.from(random(bytes)).toString('base64url')
}
