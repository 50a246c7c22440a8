/** What a person is asked, and what comes of the answer. Pure. */
import { IssuerError } from '../../error.ts'
import type { IssuerSettings } from '../../settings.ts'
import type { AllowedCredential } from '../access.ts'
import { registeredAs } from '../client.ts'
import type { UserAgreed, UserAsked } from '../user-authentication.ts'
import type { FlowRecord } from './flow-store.ts'

/** Where browsers come back to, relative to the Credential Issuer Identifier. */
export const ANSWER_PATH = '/authorize/answer'

export function askedOf(flow: string, record: FlowRecord, settings: IssuerSettings): UserAsked {
  const { client, redirectUri, wanted, invitation } = record
  const registered = registeredAs(client.clientId, settings.authorization.clients)
  return {
    flow,
    answerUrl: `${settings.credential_issuer}${ANSWER_PATH}`,
    client: {
      clientId: client.clientId,
      proven: client.provenBy !== 'none',
      ...(registered === undefined ? {} : { name: registered.name }),
    },
    redirectUri,
    configurationIds: wanted.map(({ configurationId }) => configurationId),
    ...(invitation?.subject === undefined ? {} : { offeredTo: invitation.subject }),
  }
}

/**
 * What the wallet may have. Claims of an offer go to the person it was made for, whoever brought it.
 *
 * @param name makes identifiers for what was asked for by details
 * @throws {IssuerError} `access_denied` for another person than the offer was made for;
 * `user_authentication_failed` for an answer that agrees to what nobody asked
 */
export function agreedTo(
  { subject, configurationIds, claims = {} }: UserAgreed,
  { wanted, invitation }: FlowRecord,
  name: () => string,
): readonly AllowedCredential[] {
  if (invitation?.subject !== undefined && invitation.subject !== subject) {
    throw new IssuerError('access_denied', 'The offer was made for another person')
  }
  const agreed = new Set(configurationIds)
  const known = wanted.filter(({ configurationId }) => agreed.has(configurationId))
  if (subject === '' || known.length === 0 || known.length < agreed.size) {
    throw new IssuerError(
      'user_authentication_failed',
      'The user authentication must name a subject, and agree to what was asked for and nothing else',
    )
  }
  const promised = invitation?.subject === subject ? (invitation.claims ?? {}) : {}
  return known.map(({ configurationId, byDetails }) => {
    const mine = memberOf(promised, configurationId) ?? memberOf(claims, configurationId)
    return {
      configurationId,
      ...(byDetails ? { credentialIdentifier: name() } : {}),
      ...(mine === undefined ? {} : { claims: mine }),
    }
  })
}

function memberOf<T>(members: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined
}
