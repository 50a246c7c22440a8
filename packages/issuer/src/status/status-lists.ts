/** A Status List Token from the entries that are not valid any more. Token Status List §4, §5.1. */
import type { Signer } from '@facet-id/credential/jose'
import { createStatusBits, setStatus } from '@facet-id/credential/status-list'
import { writeStatusListInput } from '@facet-id/protocol/token-status-list'
import { statusListUri } from '../issuance/issuance.ts'
import { keyNaming, knownByOfList } from '../issuance/known-by.ts'
import type { IssuerSettings } from '../settings.ts'
import { LIST_ENTRIES } from './status.ts'

/** One bit an entry: valid, or invalid. */
const BITS = 1
const INVALID = 1

/** The list as bytes, uncompressed. */
export function statusBits(revoked: readonly number[]): Uint8Array {
  const bits = createStatusBits(LIST_ENTRIES, BITS)
  for (const index of revoked) setStatus(bits, BITS, index, INVALID)
  return bits
}

/** The token, lacking its signature. */
export function draftStatusList(
  list: number,
  compressed: Uint8Array,
  {
    settings,
    now,
    signer,
  }: {
    readonly settings: IssuerSettings
    readonly now: number
    readonly signer: Signer & { readonly kid: string }
  },
): string {
  const { ttl, lifetime } = settings.statusList
  const claims = {
    uri: statusListUri(settings, list),
    iat: now,
    exp: now + lifetime,
    ttl,
    bits: BITS,
    lst: compressed,
  } as const
  const key = keyNaming(knownByOfList(list, settings), settings, signer)
  return writeStatusListInput(claims, key.by === 'x5c' ? { x5c: key.chain } : key.kid, signer.alg)
}
