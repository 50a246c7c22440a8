/** Trust marks of a member, proven: who issued each must have a chain of its own to an anchor (§7.3). */
import type { CheckSignatures } from '@facet-id/credential/jose'
import { findMember } from '@facet-id/credential/json'
import {
  checksOfTrustMark,
  judgeTrustMark,
  readTrustMark,
  type TrustMark,
  type TrustMarkRules,
} from '@facet-id/trust/federation'
import type { ProvenChain } from './collect-chain.ts'

export interface MarkPorts {
  readonly checkSignatures: CheckSignatures
  readonly now: number
  readonly skewSeconds: number
  readonly maxMarks: number
  /** The chain of whoever issued a mark; absent: it has none. */
  readonly chainOf: (entityId: string) => Promise<ProvenChain | undefined>
}

/** The types of those that hold; a mark that does not is read over. */
export async function provenMarks(of: ProvenChain, ports: MarkPorts): Promise<readonly string[]> {
  const proven = new Set<string>()
  for (const member of of.trustMarks.slice(0, ports.maxMarks)) {
    const text = findMember(member, 'trust_mark')
    const mark = typeof text === 'string' ? findMark(text) : undefined
    if (mark !== undefined && (await isProven(mark, of, ports))) proven.add(mark.type)
  }
  return [...proven]
}

async function isProven(mark: TrustMark, of: ProvenChain, ports: MarkPorts): Promise<boolean> {
  const { now, skewSeconds, checkSignatures, chainOf } = ports
  const { anchorClaims } = of
  // Nobody is asked about a mark that the anchor does not know.
  if (anchorClaims === undefined || !isNamed(mark, anchorClaims)) return false
  const issuer = await chainOf(mark.iss)
  if (issuer?.anchor !== of.anchor) return false
  const rules: TrustMarkRules = {
    subject: of.entityId,
    anchorClaims,
    issuerKeys: issuer.keys,
    now,
    skewSeconds,
  }
  try {
    const checks = checksOfTrustMark(mark, rules)
    const verdicts = checks === undefined ? undefined : await checkSignatures(checks)
    return judgeTrustMark(mark, verdicts, rules).outcome === 'proven'
  } catch {
    return false
  }
}

function isNamed({ type }: TrustMark, claims: NonNullable<ProvenChain['anchorClaims']>): boolean {
  const named = findMember(claims, 'trust_mark_issuers')
  return typeof named === 'object' && named !== null && Object.hasOwn(named, type)
}

function findMark(text: string): TrustMark | undefined {
  try {
    return readTrustMark(text)
  } catch {
    return undefined
  }
}
