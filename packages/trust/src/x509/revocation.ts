/** Whether a certificate of a path was revoked, by the lists that are at hand (RFC 5280 §6.3, complete lists only). */
import type { Certificate } from '../certificate/certificate.ts'
import type { RevocationList } from '../certificate/crl.ts'
import { keyUsageBits } from '../certificate/extensions.ts'
import { fault, type PathFault } from './path-outcome.ts'

export interface Revocation {
  /** The first end of a list that was used; infinite when none was. Seconds since the epoch. */
  readonly validUntil: number
  readonly notes: readonly string[]
}

export interface Listed {
  readonly certificates: readonly Certificate[]
  readonly lists: readonly { readonly about: number; readonly list: RevocationList }[]
}

export interface RevocationRules {
  readonly now: number
  readonly revocation?: 'required' | 'when_given'
}

/**
 * Looks at each certificate but the anchor.
 *
 * @param signed whether the list at the same place is signed by the authority that issued the certificate
 */
export function findRevocation(
  { certificates, lists }: Listed,
  signed: readonly boolean[],
  rules: RevocationRules,
): Revocation | PathFault {
  let validUntil = Number.POSITIVE_INFINITY
  const notes: string[] = []
  for (const [at, certificate] of certificates.slice(0, -1).entries()) {
    const ofAuthority = lists.filter(
      ({ about }, place) => about === at && signed[place] === true && maySignLists(certificates[at + 1]),
    )
    // A serial number that ever stood on a list of the authority stays revoked: no list takes it back.
    if (ofAuthority.some(({ list }) => list.revoked.has(certificate.serialNumber)))
      return fault(at, 'revoked', 'A certificate of the chain was revoked by the authority that issued it.')
    const current = ofAuthority.filter(
      ({ list }) => list.thisUpdate <= rules.now && rules.now < list.nextUpdate,
    )
    if (current.length > 0) {
      validUntil = Math.min(validUntil, ...current.map(({ list }) => list.nextUpdate))
    } else if (rules.revocation === 'required' || lists.some(({ about }) => about === at)) {
      return fault(
        at,
        'revocation_unknown',
        'There is no current list that says whether a certificate was revoked.',
      )
    } else notes.push('A certificate was not looked up in any revocation list.')
  }
  return { validUntil, notes }
}

function maySignLists(issuer: Certificate | undefined): boolean {
  return issuer?.extensions.keyUsage?.has(keyUsageBits.cRLSign) === true
}
