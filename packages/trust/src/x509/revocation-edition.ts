/**
 * A revocation list as editions of one document: numbered, signed, with an end. For whoever fetches lists of an
 * anchor ahead of any chain; a chain is held against whatever list is at hand by `judgePath`.
 */
import type { SignatureCheck, Verdict } from '@facet-id/credential/jose'
import { checkOfRevocationList, type RevocationList } from '../certificate/crl.ts'
import { keyUsageBits } from '../certificate/extensions.ts'
import { sameName } from '../certificate/name.ts'
import { type EditionOutcome, type EditionRules, judgeEdition } from '../lists/edition.ts'
import type { TrustAnchor } from './path-rules.ts'

/** One check for each anchor that may have signed the list; one that holds is enough, and there may be none. */
export function checksOfRevocationList(
  list: RevocationList,
  anchors: readonly TrustAnchor[],
): readonly SignatureCheck[] {
  return anchors.flatMap(({ certificate: { subject, extensions, key } }) =>
    sameName(subject, list.issuer) && extensions.keyUsage?.has(keyUsageBits.cRLSign) === true
      ? [checkOfRevocationList(list, key)]
      : [],
  )
}

/** @param verdicts one for each check, in order */
export function judgeRevocationList(
  list: RevocationList,
  verdicts: readonly Verdict[],
  rules: EditionRules,
): EditionOutcome {
  const edition = { sequence: list.number, issuedAt: list.thisUpdate, expiresAt: list.nextUpdate }
  return judgeEdition(list.signed, edition, { verdicts, rules })
}
