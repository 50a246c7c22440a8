/** A chain of certificates as it was sent: readable, in order, and without a root of its own (HAIP 1.0 §4 to §6). */

import { sameBytes } from '../certificate/asn1.ts'
import { type Certificate, isSelfIssued, readCertificate } from '../certificate/certificate.ts'
import { sameName } from '../certificate/name.ts'
import { TrustError } from '../error.ts'
import { fault, type PathFault } from './path-outcome.ts'
import type { PathRules } from './path-rules.ts'
import { maxChainLength } from './pem.ts'

export function readChain(x5c: readonly Uint8Array[]): readonly Certificate[] | PathFault {
  if (x5c.length === 0 || x5c.length > maxChainLength) {
    return fault(0, 'unreadable', `The chain must have one to ${maxChainLength} certificates.`)
  }
  const read: Certificate[] = []
  for (const [at, der] of x5c.entries()) {
    try {
      read.push(readCertificate(der))
    } catch (error) {
      if (!(error instanceof TrustError)) throw error
      return fault(at, 'unreadable', `${error.message} (${error.code}).`)
    }
  }
  return read
}

/**
 * HAIP 1.0: the anchor is not sent. One of ours that was sent all the same adds nothing, so the chain ends
 * before it: what is behind it has no say either.
 */
export function withoutAnchors(
  read: readonly Certificate[],
  { anchors }: PathRules,
): { readonly sent: readonly Certificate[]; readonly notes: readonly string[] } {
  const isAnchor = ({ der }: Certificate): boolean =>
    anchors.some(({ certificate }) => sameBytes(certificate.der, der))
  const end = read.findIndex((certificate, at) => at > 0 && isAnchor(certificate))
  if (end < 0) return { sent: read, notes: [] }
  return { sent: read.slice(0, end), notes: ['The chain brought its anchor along.'] }
}

export function findChainFault(
  sent: readonly Certificate[],
  notes: readonly string[],
  { anchorInChain }: PathRules,
): PathFault | undefined {
  const [leaf] = sent
  if (leaf === undefined || isSelfIssued(leaf)) {
    return fault(0, 'leaf_self_signed', 'The certificate of the party is signed by the party itself.')
  }
  if (notes.length > 0 && anchorInChain === 'refuse') {
    return fault(sent.length, 'anchor_sent', 'The chain brings its anchor along, which it must not.')
  }
  const at = sent.findIndex((certificate, place) => place > 0 && !isIssuedBy(sent[place - 1], certificate))
  if (at > 0) return fault(at, 'order_wrong', 'A certificate was not issued by the one that follows it.')
  const last = sent.at(-1)
  // What is at the end of a chain and issued itself is an anchor of somebody else.
  if (last !== undefined && isSelfIssued(last)) {
    return fault(sent.length - 1, 'anchor_unknown', 'The chain ends with a root that is not trusted here.')
  }
  return undefined
}

/** By name, and by key identifier where both have one. Whether the signature holds is another question. */
export function isIssuedBy(certificate: Certificate | undefined, issuer: Certificate): boolean {
  if (certificate === undefined || !sameName(certificate.issuer, issuer.subject)) return false
  const { authorityKeyIdentifier: wanted } = certificate.extensions
  const { subjectKeyIdentifier: has } = issuer.extensions
  return wanted === undefined || has === undefined || sameBytes(wanted, has)
}
