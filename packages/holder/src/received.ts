/**
 * Is what came what was offered and asked for? OpenID4VCI 1.0 §8.3; SD-JWT VC §2.4.
 *
 * Signatures, dates and disclosures are judged before; here it is about substitution: another type,
 * another key, another issuer, too many, the same twice. One bad copy refuses all of them.
 */
import { sameKey } from '@facet-id/credential/jose'
import type { Report, VerifiedCredential } from '@facet-id/credential/sd-jwt-vc'
import { HolderError } from './error.ts'
import type { ProvenKey } from './issuance.ts'
import type { CopyRecord } from './shelf-store.ts'

export interface JudgedCopy {
  readonly compact: string
  readonly report: Report
}

export interface Expected {
  readonly credentialId: string
  readonly keys: readonly ProvenKey[]
  readonly vct: string
}

export interface Accepted {
  readonly issuer: string
  readonly expiresAt?: number
  readonly copies: readonly CopyRecord[]
}

/** @throws {HolderError} `credential_refused`, `credential_substituted` */
export function acceptCopies(judged: readonly JudgedCopy[], expected: Expected): Accepted {
  if (judged.length === 0 || judged.length > expected.keys.length) {
    throw substituted('The issuer sent more copies than keys were proven, or none')
  }
  const copies: CopyRecord[] = []
  const used = new Set<string>()
  const credentials = judged.map(({ report }) => verifiedOf(report))
  for (const [place, { compact }] of judged.entries()) {
    const credential = credentials[place]
    const key = expected.keys.find(
      ({ publicJwk }) => credential?.holderKey !== undefined && sameKey(publicJwk, credential.holderKey),
    )
    if (key === undefined) throw substituted('A copy is bound to a key that is not one of ours')
    if (used.has(key.keyId)) throw substituted('Two copies are bound to the same key')
    if (credential?.vct !== expected.vct)
      throw substituted('A copy is of another type than the one that was offered')
    used.add(key.keyId)
    copies.push({ credentialId: expected.credentialId, compact, keyId: key.keyId })
  }
  const [first, ...others] = credentials
  if (first === undefined || others.some(({ issuer }) => issuer !== first.issuer))
    throw substituted('The copies name different issuers')
  const expiries = credentials.flatMap(({ expiresAt }) => expiresAt ?? [])
  return {
    issuer: first.issuer,
    copies,
    ...(expiries.length === 0 ? {} : { expiresAt: Math.min(...expiries) }),
  }
}

function verifiedOf(report: Report): VerifiedCredential {
  if (report.verified && report.credential !== undefined) return report.credential
  const failed = report.checks.find(({ outcome }) => outcome === 'fail' || outcome === 'undetermined')
  throw new HolderError(
    'credential_refused',
    `A received credential fails its check "${failed?.code}": ${failed?.text}`,
  )
}

function substituted(text: string): HolderError {
  return new HolderError('credential_substituted', text)
}
