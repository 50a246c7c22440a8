/**
 * A chain that one signs with: what its owner can find out before others do. Whether it leads to an
 * anchor of theirs is for them to say.
 */
import type { SignatureCheck } from '@facet-id/credential/jose'
import { type Certificate, checkOfCertificate, isSelfIssued } from '../certificate/certificate.ts'
import { findChainFault, isIssuedBy, readChain } from './chain.ts'
import { findRuleFault, type RulesOfPath } from './path-checks.ts'
import { fault, type PathFault } from './path-outcome.ts'

export interface OwnChain {
  /** What is sent, the owner's own first; a root at the end is left out, because it is not sent (HAIP 1.0 §6.1.1). */
  readonly certificates: readonly [Certificate, ...Certificate[]]
  /** That each is signed by the next, the root included where it was given. */
  readonly checks: readonly SignatureCheck[]
}

/** Reads the chain, the owner's certificate first, and holds it to every rule that needs no anchor. */
export function readOwnChain(x5c: readonly Uint8Array[], rules: RulesOfPath): OwnChain | PathFault {
  const read = readChain(x5c)
  if ('code' in read) return read
  const last = read.at(-1)
  const root = read.length > 1 && last !== undefined && isSelfIssued(last) ? last : undefined
  const [own, ...authorities] = root === undefined ? read : read.slice(0, -1)
  if (own === undefined) return fault(0, 'unreadable', 'The chain has no certificate.')
  const sent = [own, ...authorities] as const
  const broken = findChainFault(sent, [], { anchors: [], now: rules.now }) ?? findRuleFault(sent, rules)
  if (broken !== undefined) return broken
  if (root !== undefined && !isIssuedBy(sent.at(-1), root)) {
    return fault(sent.length, 'order_wrong', 'A certificate was not issued by the one that follows it.')
  }
  const checks = read.flatMap((certificate, at) => {
    const issuer = read[at + 1]
    return issuer === undefined ? [] : [checkOfCertificate(certificate, issuer.key)]
  })
  return { certificates: sent, checks }
}
