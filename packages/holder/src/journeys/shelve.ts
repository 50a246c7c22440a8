/** From what an issuer sent to the shelf: judges all copies, then keeps all of them, or none. */
import type { Expectations } from '@facet-id/credential/sd-jwt-vc'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { findGrant } from '../issuance/grant-store.ts'
import { configurationIn, type Finished, type Order } from '../issuance/order-state.ts'
import { endOrder } from '../issuance/order-store.ts'
import { type Accepted, acceptCopies, type JudgedCopy } from '../issuance/received.ts'
import { logged } from '../presentation/log-store.ts'
import { destroyGone, destroyLater } from '../shelf/gone-keys-store.ts'
import { namesOf } from '../shelf/name.ts'
import { type CredentialRecord, keepCredential, type NotificationHandle } from '../shelf/shelf-store.ts'
import { dropFailedTopUp } from '../shelf/top-up-store.ts'
import { certifiedBy } from './certified.ts'
import { federated } from './federated.ts'
import { type Judged, judge, type MayIssue } from './judge.ts'
import { type Joining, joiningOf } from './order/joining.ts'
import { owing } from './order/notify.ts'
import { releasing } from './order/release.ts'
import { signingAs } from './signing-as.ts'

/**
 * @throws {HolderError} `credential_refused`, `credential_undetermined`, `credential_substituted`,
 * `issuer_not_trusted`, `issuer_changed`, `state_contended`; `declined_by_person` for a change
 */
export async function shelve(
  { id, order }: { readonly id: string; readonly order: Order },
  holding: Holding,
): Promise<CredentialRecord> {
  if (order.has !== 'credentials')
    throw new HolderError('out_of_turn', 'An order without a next need has its credentials')
  const { ports } = holding
  const { metadata, keys, configurationId } = order
  const { vct } = configurationIn(metadata, configurationId)
  const credentialIssuer = metadata.credential_issuer
  const judged = await judgeAll(order, holding)
  // Of copies by several issuers none is taken, so what was proven of one was proven of all.
  const proven = judged[0]?.certificate === undefined ? {} : { certificate: judged[0].certificate }
  const by = judged[0]?.report.credential?.issuerKnownBy ?? 'did'
  const { isIssuer, remember } = await signingAs({ credentialIssuer, vct, by, ...proven }, holding)
  const accepted = acceptCopies(judged, { credentialId: order.joins ?? id, keys, vct, isIssuer })
  const copies = accepted.copies.map((copy) => ({ ...copy, receivedAt: ports.now() }))
  const joining = await joiningOf(order, { ...accepted, copies }, holding)
  const used = new Set(accepted.copies.map(({ keyId }) => keyId))
  const unused = keys.flatMap(({ keyId }) => (used.has(keyId) ? [] : keyId))
  const gone = [...unused, ...joining.goneKeys]
  const record = await recordOf({ id, order, accepted, joining }, holding)
  const kept = await ports.store.commit([
    ...(joining.keep?.(record) ?? keepCredential(record, copies)),
    remember(accepted.issuer),
    logged({
      at: ports.now(),
      event: 'received',
      credentialIssuer,
      vct,
      copies: accepted.copies.length,
    }),
    ...endOrder({ id, order }),
    ...destroyLater(id, gone),
    ...(order.joins === undefined ? [] : [dropFailedTopUp(order.joins)]),
    ...handlesOf(order).map((handle) =>
      owing(id, { ...handle, grantId: order.grantId, event: 'credential_accepted' }, ports.now()),
    ),
    ...(record.grantId === undefined ? await releasing(order.grantId, { order: id }, ports) : []),
  ])
  if (!kept.ok)
    throw new HolderError('state_contended', 'The credential could not be kept; resume the issuance')
  await destroyGone(ports)
  return record
}

/** How often a credential can have been topped up and its issuer still be told that all of it was deleted. */
const HANDLES = 20

async function recordOf(
  {
    id,
    order,
    accepted,
    joining,
  }: {
    readonly id: string
    readonly order: Finished
    readonly accepted: Accepted
    readonly joining: Joining
  },
  { ports }: Holding,
): Promise<CredentialRecord> {
  const { metadata, configurationId, credentialIdentifier } = order
  const { vct, credential_metadata } = configurationIn(metadata, configurationId)
  const names = namesOf(accepted.type, credential_metadata?.display)
  const [first] = names
  const notifications = [...(joining.before?.notifications ?? []), ...handlesOf(order)].slice(-HANDLES)
  const grant = await findGrant(ports.store, order.grantId)
  // Without a way to use it later, the grant goes: it is a secret that nobody needs.
  const lasts = grant?.refreshToken !== undefined || notifications.length > 0
  const ends = [accepted.expiresAt, joining.expiresAt].flatMap((end) => end ?? [])
  const undisclosed = Math.max(accepted.undisclosed, joining.undisclosed)
  const extended = accepted.type?.extends ?? []
  const certified = await certifiedBy({ issuer: accepted.issuer, vct }, ports)
  return {
    credentialId: joining.before?.credentialId ?? id,
    credentialIssuer: metadata.credential_issuer,
    issuer: accepted.issuer,
    vct,
    ...(extended.length === 0 ? {} : { extended }),
    ...(Object.keys(certified).length === 0 ? {} : { certified }),
    configurationId,
    receivedAt: joining.before?.receivedAt ?? ports.now(),
    ...(first === undefined ? {} : { name: first.name, names }),
    ...(undisclosed === 0 ? {} : { undisclosed }),
    ...(ends.length === 0 ? {} : { expiresAt: Math.min(...ends) }),
    ...(lasts ? { grantId: order.grantId } : {}),
    ...(credentialIdentifier === undefined ? {} : { credentialIdentifier }),
    ...(notifications.length === 0 ? {} : { notifications }),
  }
}

function handlesOf({ metadata, notificationId }: Finished): readonly NotificationHandle[] {
  const { notification_endpoint: endpoint } = metadata
  return notificationId === undefined || endpoint === undefined ? [] : [{ endpoint, notificationId }]
}

async function judgeAll(
  order: Finished,
  { ports, settings }: Holding,
): Promise<readonly (JudgedCopy & Judged)[]> {
  const expected: Expectations = {
    now: ports.now(),
    skewSeconds: settings.clockSkew,
    algs: settings.algs,
    keyBinding: { binding: 'forbidden' },
    status: settings.status,
    requiredClaims: settings.requiredClaims,
    withheldLimits: settings.withheldLimits,
    issuerKeys: settings.issuerKeys,
    ...(settings.typeMetadata === 'ignored'
      ? {}
      : { typeMetadata: { need: settings.typeMetadata, disclosures: 'all' } }),
  }
  // The person agreed to this credential issuer, so whoever no list forbids is accepted.
  const mayIssue: MayIssue = async (question) => {
    const evidence = await federated(question.by === 'jwt_vc_issuer' ? question.issuer : '', ports)
    const { decision, why } = ports.trust.mayIssue({ ...question, ...evidence })
    return decision === 'undetermined'
      ? { decision: 'trusted', why: 'The person accepted this issuer' }
      : { decision, why }
  }
  const judged: (JudgedCopy & Judged)[] = []
  for (const compact of order.credentials)
    judged.push({ compact, ...(await judge(compact, expected, { ports, mayIssue })) })
  return judged
}
