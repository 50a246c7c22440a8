/** The trust question about a credential issuer: the same on every way in, and asked anew each time. */
import type { Evidence, TrustDecision } from '@facet-id/trust'
import type { IssuerProof } from '../consent.ts'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { configurationIn, type Order } from '../issuance/order-state.ts'
import { federated } from './federated.ts'

/** @param signedBy whose signature stood under its metadata, where it was proven */
export async function decidingOn(
  issuer: string,
  { signedBy }: Pick<IssuerProof, 'signedBy'>,
  { ports }: Pick<Holding, 'ports'>,
): Promise<(vct: string) => TrustDecision> {
  const evidence: Evidence = {
    ...(await federated(issuer, ports)),
    ...(signedBy !== undefined && 'certificate' in signedBy ? signedBy : {}),
  }
  return (vct) => ports.trust.mayIssue({ issuer, vct, ...evidence })
}

/** Before an order is gone on with. @throws {HolderError} `issuer_not_trusted` */
export async function ensureMayIssue(
  { metadata, configurationId, provenBy = {} }: Order,
  holding: Holding,
): Promise<void> {
  const decide = await decidingOn(metadata.credential_issuer, provenBy, holding)
  const { vct } = configurationIn(metadata, configurationId)
  if (decide(vct).decision === 'not_trusted') throw issuerNotTrusted()
}

export function issuerNotTrusted(): HolderError {
  return new HolderError('issuer_not_trusted', 'A trust list says that this issuer must not issue this')
}
