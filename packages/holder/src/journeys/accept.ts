/** Goes from an offer, or from where an interrupted one was kept, to a grant and the orders it is good for. */
import { writeBase64url } from '@facet-id/credential/base64url'
import { ProtocolError } from '@facet-id/protocol/error'
import type { Op } from '@facet-id/store'
import type { TrustDecision } from '@facet-id/trust'
import { reopened } from '../authorization/authorization.ts'
import type { OfferDecision, OfferedCredential, OfferTerms } from '../consent.ts'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { afterFailure } from '../issuance/after-failure.ts'
import { type Grant, keepGrant } from '../issuance/grant-store.ts'
import { advance, next } from '../issuance/issuance.ts'
import type { Answer, Consented, Issuance, Need, Wishes } from '../issuance/issuance-state.ts'
import { endIssuance, keepIssuance, listIssuances } from '../issuance/issuance-store.ts'
import { codeOf } from '../issuance/offer-terms.ts'
import { configurationIn, metadataFor, type Order } from '../issuance/order-state.ts'
import { type KeptOrder, keepOrder } from '../issuance/order-store.ts'
import { destroyLater } from '../shelf/gone-keys-store.ts'
import { authorizationWishes, dpopKeyName, meetAuthorization } from './authorize.ts'
import { learnIssuer } from './learn-issuer.ts'
import { decidingOn, issuerNotTrusted } from './may-issue.ts'

/**
 * Little is kept on the way, as most of it can be had again from the offer: what the person's browser is to come back
 * to, and how far a failure came that ends nothing. The grant is kept with its orders, in one commit.
 *
 * @param back where the browser came back, if it was waited for
 * @returns the names of the orders
 * @throws what `advance`, `learnIssuer` and `meetAuthorization` throw, and `issuer_not_trusted`
 */
export async function accept(begun: Issuance, holding: Holding, back?: string): Promise<readonly string[]> {
  const { ports } = holding
  let issuance = begun
  try {
    if (issuance.has === 'consent') await ensureStillTrusted(issuance, holding)
    if (back !== undefined) issuance = advance(issuance, comeBack(back), wishesOf(holding))
    else if (issuance.has === 'consent')
      issuance = { ...issuance, authorization: reopened(issuance.authorization) }
    for (
      let need = next(issuance, wishesOf(holding));
      need !== undefined;
      need = next(issuance, wishesOf(holding))
    ) {
      if (need.need === 'authorization' && need.of.need === 'browser')
        await ports.store.commit([keepIssuance(issuance)])
      issuance = advance(issuance, await meet(need, issuance.id, holding), wishesOf(holding))
    }
    const { grant, orders } = grantedBy(issuance, ports.random)
    await ports.store.commit([
      keepGrant(grant),
      ...orders.flatMap(keepOrder),
      endIssuance(grant.grantId),
      ...(await endingOthers(issuance, holding)),
    ])
    return orders.map((order) => order.id)
  } catch (error) {
    await keepForLater(issuance, error, holding)
    throw error
  }
}

/** What the person agreed to is gone on with while the issuer may still issue some of it. */
async function ensureStillTrusted(
  { metadata, provenBy, chosen }: Consented,
  holding: Holding,
): Promise<void> {
  const decide = await decidingOn(metadata.credential_issuer, provenBy, holding)
  const decisions = chosen.map(({ configurationId }) =>
    decide(configurationIn(metadata, configurationId).vct),
  )
  if (decisions.every(({ decision }) => decision === 'not_trusted')) throw issuerNotTrusted()
}

/** Ends an issuance on its way to access, with the key that was made for that. */
export async function abandonIssuance({ id }: Issuance, { ports }: Holding): Promise<void> {
  await ports.keys.forget([dpopKeyName(id)])
  await ports.store.commit([endIssuance(id)])
}

/** A pre-authorized code is good once: whatever else waits with the same one has come to nothing (§4.1.1). */
async function endingOthers({ id, offer }: Issuance, { ports, redeemed }: Holding): Promise<readonly Op[]> {
  const code = codeOf(offer)?.['pre-authorized_code']
  if (code === undefined) return []
  redeemed.add(code)
  const ops: Op[] = []
  for await (const other of listIssuances(ports.store)) {
    if (other.id === id || codeOf(other.offer)?.['pre-authorized_code'] !== code) continue
    ops.push(endIssuance(other.id), ...destroyLater(other.id, [dpopKeyName(other.id)]))
  }
  return ops
}

function wishesOf(holding: Holding): Wishes {
  const { copies, languages } = holding.settings
  const attests = holding.ports.keyAttestation !== undefined
  return { ...authorizationWishes(holding), copies, languages, attests }
}

function comeBack(url: string): Answer {
  return { answer: 'authorization', of: { answer: 'redirect', url } }
}

async function keepForLater(issuance: Issuance, error: unknown, holding: Holding): Promise<void> {
  const isSpent = holding.redeemed.has(codeOf(issuance.offer)?.['pre-authorized_code'] ?? '')
  const goesOn = isSpent ? undefined : afterFailure(issuance, error)
  try {
    if (goesOn === undefined) await abandonIssuance(issuance, holding)
    else await holding.ports.store.commit([keepIssuance(goesOn)])
  } catch {
    // The store fails as well. What was kept last stands, and resuming goes on from there.
  }
}

async function meet(need: Need, id: string, holding: Holding): Promise<Answer> {
  switch (need.need) {
    case 'metadata':
      return { answer: 'metadata', ...(await learnIssuer(need.of, holding)) }
    case 'answer':
      return serverAnswer(need, id, holding)
    case 'consent':
      return { answer: 'decision', decision: await ask(need.of, holding) }
    case 'authorization':
      return { answer: 'authorization', of: await meetAuthorization(need.of, id, holding) }
  }
}

async function serverAnswer(
  { to, server }: Extract<Need, { readonly need: 'answer' }>,
  id: string,
  { ports, nonces }: Holding,
): Promise<Answer> {
  try {
    const response = await ports.transport.send(to)
    nonces.take(id, { url: to.url, audience: server }, response)
    return { answer: 'response', response }
  } catch (error) {
    if (error instanceof ProtocolError) return { answer: 'no_response', error }
    throw error
  }
}

/** A list may forbid an issuer; otherwise the person decides, and no offer makes anybody trusted (§13.5). */
async function ask(terms: OfferTerms, { ports }: Holding): Promise<OfferDecision> {
  const decide = await decidingOn(terms.issuer, terms.provenBy, { ports })
  const trustIn = (credential: OfferedCredential): OfferedCredential & { readonly trust: TrustDecision } => ({
    ...credential,
    trust: decide(credential.vct),
  })
  const credentials = terms.credentials.map(trustIn).filter(({ trust }) => trust.decision !== 'not_trusted')
  if (credentials.length === 0) throw issuerNotTrusted()
  const decision = await ports.consent.toReceive({ ...terms, credentials })
  if (!decision.agreed) return decision
  const asked = credentials.map(({ configurationId }) => configurationId)
  const { configurationIds = asked } = decision
  return { ...decision, configurationIds: configurationIds.filter((wanted) => asked.includes(wanted)) }
}

/** Data sets of one credential that are taken at most: the person agreed to one, and each has keys of its own. */
const DATA_SETS = 10

/** An order for each credential that was chosen; where the grant names data sets of it, one for each of those. */
function grantedBy(
  issuance: Issuance,
  random: Holding['ports']['random'],
): { readonly grant: Grant; readonly orders: readonly KeptOrder[] } {
  if (issuance.has !== 'consent' || issuance.authorization.has !== 'access')
    throw new HolderError('out_of_turn', 'An issuance without a next need has access')
  const { id: grantId, metadata, provenBy, chosen, authorization } = issuance
  const order = (more: Pick<Order, 'configurationId' | 'copies' | 'credentialIdentifier'>): KeptOrder => ({
    id: writeBase64url(random(16)),
    order: {
      has: 'token',
      staleNonces: 0,
      grantId,
      metadata: metadataFor(metadata, more.configurationId),
      provenBy,
      ...more,
    },
  })
  const { details } = authorization.access
  const orders = chosen.flatMap(({ configurationId, copies }) => {
    if (details === undefined) return [order({ configurationId, copies })]
    // §6.2, §8.2: where there are identifiers, credentials are asked for by them.
    const identifiers = new Set(
      details
        .filter((granted) => granted.credential_configuration_id === configurationId)
        .flatMap(({ credential_identifiers: ids }) => ids),
    )
    if (identifiers.size > DATA_SETS)
      throw new HolderError(
        'offer_unsupported',
        `The access that was given is for more than ${DATA_SETS} data sets of one credential`,
      )
    return [...identifiers].map((credentialIdentifier) =>
      order({ configurationId, copies, credentialIdentifier }),
    )
  })
  if (orders.length === 0)
    throw new HolderError('metadata_mismatch', 'The access that was given is for none of what was chosen')
  return { grant: { ...authorization.access, grantId }, orders }
}
