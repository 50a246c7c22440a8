/**
 * Invites to ask for credentials: an offer with an authorization code, for whoever logs in or for one person.
 * OpenID4VCI 1.0 §4.1.1, §5.1.3.
 *
 * At another authorization server nobody here hears who comes: such an offer says what there is, and where to log in.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { JsonObject } from '@facet-id/credential/json'
import { type CredentialOffer, readCredentialIssuerId, writeOfferLink } from '@facet-id/protocol/openid4vci'
import { keepInvitation } from '../authorization/flow/invitation-store.ts'
import { listedServers, namedServer } from '../authorization/listed-servers.ts'
import { IssuerError } from '../error.ts'
import { draftingOf } from '../issuance/issuance.ts'
import type { Issuing } from '../issuing.ts'
import { checkClaims } from '../offer/claims.ts'
import { offerReference, offerUri } from '../offer/offering.ts'
import { keepReferred, referredKey } from '../offer/referred-store.ts'
import { configurationOf } from '../settings.ts'

/** What the operator asks for. */
export interface InvitationRequest {
  /** At least one, none twice. */
  readonly configurationIds: readonly string[]
  /** Whoever logs in must be this person, as the user authentication calls them; absent: anybody may. */
  readonly subject?: string
  /** By configuration, kept sealed; for that person alone, so never without `subject`. Absent: asked for later. */
  readonly claims?: Readonly<Record<string, JsonObject>>
  /**
   * Where they log in: one of the metadata's authorization servers. Absent: at this issuer's own, or the first other where
   * that is unused. Another's logs in whom it likes, so such an offer has no `subject` and no `claims`.
   */
  readonly server?: string
  /** Whether the link brings the offer along, or says where to get it. Default `value`. */
  readonly by?: 'value' | 'reference'
}

export interface Invitation {
  readonly offer: CredentialOffer
  /** `openid-credential-offer://…`, for a QR code or a button. It opens nothing by itself, and may be shown to all. */
  readonly link: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

/** @throws {IssuerError} `configuration_unknown`, `claims_do_not_fit`, `settings_invalid` */
export async function invite(request: InvitationRequest, issuing: Issuing): Promise<Invitation> {
  const { ports, settings } = issuing
  const [first = settings.credential_issuer] = listedServers(settings)
  const { server = first } = request
  const isOwn = server === settings.credential_issuer
  const named = namedServer(server, settings)
  checkInvitation(request, isOwn, issuing)
  const state = writeBase64url(ports.random(32))
  const expiresAt = ports.now() + settings.offerLifetime
  const { configurationIds, subject, claims } = request
  const offer: CredentialOffer = {
    credential_issuer: readCredentialIssuerId(settings.credential_issuer, settings.scheme),
    credential_configuration_ids: configurationIds,
    grants: { authorization_code: { ...(isOwn ? { issuer_state: state } : {}), ...named } },
  }
  const invitation = {
    configurationIds,
    expiresAt,
    ...(subject === undefined ? {} : { subject }),
    ...(claims === undefined ? {} : { claims }),
  }
  await ports.store.commit([
    ...(isOwn ? [keepInvitation(ports.hash('sha-256', state), invitation)] : []),
    ...(request.by === 'reference'
      ? [keepReferred(referredKey(offerReference(state, ports.mac), ports.hash), offer, expiresAt)]
      : []),
  ])
  const link =
    request.by === 'reference'
      ? ({ by: 'reference', credential_offer_uri: offerUri(state, settings, ports.mac) } as const)
      : ({ by: 'value', offer } as const)
  return { offer, link: writeOfferLink(link), expiresAt }
}

function checkInvitation(
  { configurationIds, subject, claims = {} }: InvitationRequest,
  isOwn: boolean,
  issuing: Issuing,
): void {
  const { ports, settings, types } = issuing
  if (!isOwn && (subject !== undefined || Object.keys(claims).length > 0)) {
    throw new IssuerError(
      'settings_invalid',
      'Another authorization server is not told for whom an offer is: leave out subject and claims',
    )
  }
  if (isOwn && ports.userAuthentication === undefined) {
    throw new IssuerError(
      'settings_invalid',
      'Without user authentication there is no authorization code to offer',
    )
  }
  if (configurationIds.length === 0 || new Set(configurationIds).size < configurationIds.length) {
    throw new IssuerError('settings_invalid', 'An offer names at least one configuration, and none twice')
  }
  for (const id of configurationIds) configurationOf(settings, id)
  const given = Object.entries(claims)
  if (given.length > 0 && (subject === undefined || subject === '')) {
    throw new IssuerError(
      'settings_invalid',
      'An offer that anybody may take has claims of nobody: name the subject',
    )
  }
  for (const [id, values] of given) {
    if (!configurationIds.includes(id)) {
      throw new IssuerError('configuration_unknown', 'The claims are of a configuration that is not offered')
    }
    checkClaims(draftingOf(values, configurationOf(settings, id), { ports, settings, own: types.get(id) }))
  }
}
