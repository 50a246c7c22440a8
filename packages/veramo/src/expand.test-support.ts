/** Expands compressed points on plain node:crypto: adapters are not imported, also not by tests. */
import { ECDH } from 'node:crypto'
import type { ExpandPoint } from '@facet-id/credential/jose'

const curves: Readonly<Record<string, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
}

export const expandPoint: ExpandPoint = (crv, compressed) => {
  const point = ECDH.convertKey(compressed, curves[crv] ?? '', undefined, undefined, 'uncompressed')
  return typeof point === 'string' ? undefined : new Uint8Array(point)
}
