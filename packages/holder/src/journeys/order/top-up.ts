/** More copies of a credential that is held, or the same issued anew before it ends. */

import { writeBase64url } from '@facet-id/credential/base64url'
import { readCredentialIssuerId } from '@facet-id/protocol/openid4vci'
import { HolderError } from '../../error.ts'
import type { Holding } from '../../holding.ts'
import { findGrant, type Grant, lives } from '../../issuance/grant-store.ts'
import { copiesOf as copiesAllowed } from '../../issuance/offer-terms.ts'
import { metadataFor } from '../../issuance/order-state.ts'
import { keepOrder, listOrders } from '../../issuance/order-store.ts'
import { type CredentialRecord, findCredential } from '../../shelf/shelf-store.ts'
import { failedAgain, findFailedTopUp, keepFailedTopUp } from '../../shelf/top-up-store.ts'
import { learnIssuer } from '../learn-issuer.ts'
import { decidingOn, issuerNotTrusted } from '../may-issue.ts'

/**
 * Begins it, or finds the one that is under way.
 *
 * @returns the name of the order
 * @throws {HolderError} `credential_unknown`, `issuance_denied`, `grant_ended`, `issuer_not_trusted`, `metadata_mismatch`, and
 * what `learnIssuer` throws
 */
export async function beginTopUp(credentialId: string, holding: Holding): Promise<string> {
  const { store } = holding.ports
  const record = await findCredential(store, credentialId)
  if (record === undefined) throw new HolderError('credential_unknown', 'No credential of that id is held')
  for await (const { id, order } of listOrders(store)) if (order.joins === credentialId) return id
  if ((await findFailedTopUp(store, credentialId))?.refusedBy === 'issuer')
    throw new HolderError('issuance_denied', 'The issuer said before that it will issue no more of this')
  try {
    return await begin(record, holding)
  } catch (error) {
    await noteFailedTopUp(credentialId, error, holding)
    throw error
  }
}

/** So that it is not due again at once. Never rejects. */
export async function noteFailedTopUp(
  credentialId: string,
  error: unknown,
  { ports: { store, now } }: Holding,
): Promise<void> {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  try {
    const failed = failedAgain(await findFailedTopUp(store, credentialId), code, now())
    await store.commit([keepFailedTopUp(credentialId, failed)])
  } catch {
    // The store fails as well: then it is due again.
  }
}

async function begin(record: CredentialRecord, holding: Holding): Promise<string> {
  const { ports, settings } = holding
  const { grantId } = await grantFor(record, holding)
  const { credentialIssuer, vct, configurationId, credentialIdentifier } = record
  const decide = await decidingOn(credentialIssuer, {}, holding)
  if (decide(vct).decision === 'not_trusted') throw issuerNotTrusted()
  const issuer = readCredentialIssuerId(credentialIssuer, settings.scheme)
  const { metadata, provenBy } = await learnIssuer(issuer, holding)
  const id = writeBase64url(ports.random(16))
  const order = {
    has: 'token',
    staleNonces: 0,
    grantId,
    metadata: metadataFor(metadata, configurationId),
    provenBy,
    configurationId,
    ...(credentialIdentifier === undefined ? {} : { credentialIdentifier }),
    copies: copiesAllowed(metadata, settings),
    joins: record.credentialId,
  } as const
  await ports.store.commit(keepOrder({ id, order }))
  return id
}

async function grantFor({ grantId }: CredentialRecord, { ports }: Holding): Promise<Grant> {
  const grant = grantId === undefined ? undefined : await findGrant(ports.store, grantId)
  if (grant === undefined || !lives(grant, ports.now()))
    throw new HolderError('grant_ended', 'The issuer gave no lasting access; more copies take a new offer')
  return grant
}
