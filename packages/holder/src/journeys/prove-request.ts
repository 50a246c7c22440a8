/**
 * From a link to a request that is proven to come from the verifier that it names. Until then it is
 * nobody's, and gets no answer, not even an error. OpenID4VP 1.0 §5.9.3, §5.10.
 */
import { readUtf8, writeBase64url } from '@facet-id/credential/base64url'
import type { OpenJwe } from '@facet-id/credential/jwe'
import { ProtocolError } from '@facet-id/protocol/error'
import {
  type AuthorizationErrorCode,
  type FollowedLink,
  findEncryptedRequest,
  type LinkByReference,
  payloadOf,
  type RequestLink,
  readRequestLink,
  readRequestObjectJwt,
  readRequestToken,
  requestUriRequest,
} from '@facet-id/protocol/openid4vp'
import { type ClientId, prefixRules, readClientId } from '@facet-id/protocol/openid4vp/client'
import { findRefusal } from '@facet-id/protocol/openid4vp/response'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { answered } from '../peer-error.ts'
import type { KnownClient } from '../presentation/client.ts'
import { checkRequestTime } from '../presentation/presentation.ts'
import {
  ensureAnswerable,
  type ProvenPayload,
  type ProvenRequest,
  readProven,
  refuseMetadataOfKnown,
  withCountingMetadata,
} from '../presentation/proven-request.ts'
import { ENCRYPTION_KEY_ID, walletMetadata } from '../presentation/wallet-metadata.ts'
import { ensureUnsigned, knownClient, notAuthentic, proveSigner } from './prove-client.ts'
import { refuse, sealing } from './send-answer.ts'

/**
 * @throws {HolderError} `refused_by_peer`, `request_not_authentic`, `request_expired`, `answer_address_refused`
 * @throws {ProtocolError} {CredentialError} for what cannot be read
 */
export async function provenRequest(link: string, holding: Holding): Promise<ProvenRequest> {
  const { scheme } = holding.settings
  const read = readRequestLink(link, scheme)
  const clientId = readClientId(read.client_id, scheme)
  const { payload, client } = await provenPayload(read, clientId, holding)
  return readOf({ clientId, payload }, client, holding)
}

/** A client as it is named in the link, and what is known of it beforehand. */
interface Named {
  readonly clientId: ClientId
  readonly known: KnownClient
}

async function provenPayload(
  link: RequestLink,
  clientId: ClientId,
  holding: Holding,
): Promise<Pick<ProvenPayload, 'payload'> & { readonly client: KnownClient }> {
  const { algs, scheme } = holding.settings
  if ('request' in link) {
    const request = readRequestObjectJwt(link.request, link, algs, scheme)
    const known = await knownClient(clientId, holding, request)
    return { payload: request.payload, client: await proveSigner(request, known, holding) }
  }
  const known = await knownClient(clientId, holding)
  if ('parameters' in link) {
    ensureUnsigned(clientId, known)
    return { payload: payloadOf(link), client: known }
  }
  const { token, followed } = await fetched(link, { clientId, known }, holding)
  const request = readRequestObjectJwt(token, followed, algs, scheme)
  const client = await proveSigner(request, known, holding)
  // What is known of a client only now is held against what was done before.
  ensureAtItsAddress(link, client)
  return { payload: request.payload, client }
}

function ensureAtItsAddress({ request_uri }: LinkByReference, { requestUris }: KnownClient): void {
  if (requestUris?.includes(request_uri) === false)
    throw notAuthentic('The request is not at an address of its verifier')
}

/**
 * The token at the `request_uri`. Redirects are not followed, and nothing that tells wallets apart is sent.
 *
 * @throws {HolderError} `request_not_authentic`: the address is not one of the client's, or the client signs nothing
 */
async function fetched(
  link: LinkByReference,
  { clientId, known }: Named,
  { ports, settings }: Holding,
): Promise<{ readonly token: string; readonly followed: FollowedLink }> {
  ensureAtItsAddress(link, known)
  if (prefixRules[clientId.prefix].signature === 'forbidden') {
    throw notAuthentic('A verifier that signs nothing has no request at an address')
  }
  if (link.request_uri_method !== 'post') {
    const response = answered(await ports.transport.send(requestUriRequest(link)))
    return { token: readRequestToken(response), followed: link }
  }
  const followed: FollowedLink = { ...link, wallet_nonce: writeBase64url(ports.random(16)) }
  const key = await ports.encryption?.generateKey()
  const metadata = walletMetadata(settings, ports, key?.publicJwk)
  const response = answered(await ports.transport.send(requestUriRequest(followed, metadata)))
  return { token: await opened(readRequestToken(response), key?.open), followed }
}

/** A request object that is encrypted holds the signed one (RFC 9101 §6.1). */
async function opened(token: string, open: OpenJwe | undefined): Promise<string> {
  const jwe = findEncryptedRequest(token)
  if (jwe === undefined) return token
  if (open === undefined || jwe.header.kid !== ENCRYPTION_KEY_ID) {
    throw notAuthentic('The request is encrypted, and not to a key of this wallet')
  }
  try {
    return readUtf8(await open(jwe))
  } catch (cause) {
    throw new HolderError('request_not_authentic', 'The request cannot be decrypted', { cause })
  }
}

/**
 * What the request asks. When it asks in a way that cannot be answered, the verifier hears so in its own
 * words (§8.5), if it says where, and that is known to be its own: they depend on the request alone, and say
 * nothing of the person.
 */
async function readOf(given: ProvenPayload, known: KnownClient, holding: Holding): Promise<ProvenRequest> {
  const { ports, settings } = holding
  const { clientId } = given
  const bound = { known, clients: ports.clients }
  const payload = withCountingMetadata(given, known)
  try {
    refuseMetadataOfKnown(given)
    const request = readProven(payload, settings)
    if (request.to.by === 'platform') throw notAuthentic('Only a platform may ask so, and none did')
    ensureAnswerable(request.to, clientId, bound)
    checkRequestTime(request, ports.now(), settings.clockSkew)
    const encryption =
      request.to.by === 'post' && request.to.encrypted ? await sealing(request, ports) : undefined
    return {
      ...request,
      client_id: clientId.full,
      audience: clientId.full,
      evidence: known.evidence,
      ...(known.isSigned === true ? { isSigned: true } : {}),
      ...(encryption === undefined ? {} : { encryption }),
    }
  } catch (error) {
    if (error instanceof HolderError) throw error
    const refusal = findRefusal(given, settings.scheme)
    if (refusal === undefined || refusal.to.by === 'platform') throw error
    ensureAnswerable(refusal.to, clientId, bound)
    throw await refuse(
      { ...refusal, ...wordFor(error) },
      { clientId: clientId.full, ...known.evidence },
      { error, holding },
    )
  }
}

/** What is wrong with transactions shows only when they are held against their types. */
function wordFor(error: unknown): { readonly error?: AuthorizationErrorCode } {
  return error instanceof ProtocolError && error.code === 'transaction_data_invalid'
    ? { error: 'invalid_transaction_data' }
    : {}
}
