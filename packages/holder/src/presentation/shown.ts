/** What leaves the wallet for one query, and what its verifier learns. OpenID4VP 1.0 §6.4, §7; RFC 9901 §7.2. */
import type { Hash, HashAlgorithm } from '@facet-id/credential/jose'
import { openStoredSdJwt, selectDisclosures, writeSdJwt } from '@facet-id/credential/sd-jwt'
import { type DisclosedValue, disclosedBy } from './disclosed.ts'
import type { Match } from './presentation.ts'
import { type HeldSignedWith, signedWith } from './signed-with.ts'

export interface Shown {
  /** The SD-JWT with what was asked for and the ancestors of that, and nothing else; ends in `~`. */
  readonly sdJwt: string
  readonly sdAlg: HashAlgorithm
  /** The holder signs with the algorithm of the key that this copy is bound to; absent where there is none. */
  readonly algs: HeldSignedWith
  readonly discloses: readonly DisclosedValue[]
}

/** @throws {CredentialError} when the copy is not what was kept */
export function shownBy({ copy, paths }: Pick<Match, 'copy' | 'paths'>, hash: Hash): Shown {
  const { jwt, opened } = openStoredSdJwt(copy.record.compact, hash)
  const { claims, disclosed, sdAlg } = opened
  return {
    sdJwt: writeSdJwt(jwt, selectDisclosures(opened, paths)),
    sdAlg,
    algs: signedWith(jwt, claims),
    discloses: disclosedBy({ claims, disclosable: disclosed.map(({ at }) => at) }, paths),
  }
}
