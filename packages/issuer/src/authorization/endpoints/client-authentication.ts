/** Which client sends this, and how it proves that. RFC 6749 §2.3, RFC 7523, OpenID4VCI 1.0 §5, §6. */
import { FORM_MEDIA_TYPE, readForm } from '@facet-id/protocol/form'
import type { WireRequest } from '@facet-id/protocol/wire'
import type { Issuing } from '../../issuing.ts'
import { type Client, publicClient, registeredAs, unknownClient } from '../client.ts'
import { assertionKey, CLIENT_ASSERTION_TYPE, readClientAssertion } from '../client-assertion.ts'

/**
 * @param named the `client_id` of the message itself
 * @throws {IssuerError} `client_unknown`
 */
export async function clientOf(
  request: WireRequest,
  named: string | undefined,
  issuing: Issuing,
): Promise<Client> {
  const { client_assertion, client_assertion_type } = formOf(request)
  if (client_assertion === undefined && client_assertion_type === undefined) {
    return publicClient(named, issuing.settings.authorization)
  }
  if (client_assertion === undefined || client_assertion_type !== CLIENT_ASSERTION_TYPE) throw unknownClient()
  return asserted(client_assertion, named, issuing)
}

/** Where a client need not say who it is: a pre-authorized code is enough (OpenID4VCI §6.1). */
export async function findClientOf(
  request: WireRequest,
  named: string | undefined,
  issuing: Issuing,
): Promise<Client | undefined> {
  const { client_assertion } = formOf(request)
  const { clients } = issuing.settings.authorization
  const known = named !== undefined && registeredAs(named, clients) !== undefined
  return client_assertion !== undefined || known ? clientOf(request, named, issuing) : undefined
}

async function asserted(assertion: string, named: string | undefined, issuing: Issuing): Promise<Client> {
  const { ports, settings } = issuing
  const now = ports.now()
  const read = readClientAssertion(assertion, { audience: settings.credential_issuer, now })
  const registered = registeredAs(read.clientId, settings.authorization.clients)
  const key = registered === undefined ? undefined : assertionKey(registered, read.kid)
  if (registered === undefined || key === undefined) throw unknownClient()
  if (named !== undefined && named !== read.clientId) throw unknownClient()
  const [verdict] = await ports.checkSignatures([read.check(key)])
  if (verdict !== 'valid') throw unknownClient()
  // An assertion serves one request: whoever copied it comes too late.
  const used = await ports.store.commit([
    {
      op: 'put',
      ns: 'issuer/assertion-used',
      key: ports.hash('sha-256', `${read.clientId}.${read.jti}`),
      value: new Uint8Array(),
      if: 'absent',
      expiresAt: read.forgetAt * 1000,
    },
  ])
  if (!used.ok) throw unknownClient()
  return { clientId: read.clientId, provenBy: 'private_key_jwt', registered }
}

function formOf({ headers, body = '' }: WireRequest): Readonly<Record<string, string>> {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() === FORM_MEDIA_TYPE
    ? readForm(body)
    : {}
}
