/** Makes a request: what is asked, as whom, and how the answer comes. */
import { utf8, writeBase64url } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import {
  unsignedLink,
  writeRequestLink,
  writeRequestObjectInput,
  writeSignerInput,
} from '@facet-id/protocol/openid4vp'
import { prefixRules } from '@facet-id/protocol/openid4vp/client'
import {
  multisignedPlatformRequest,
  type PlatformRequest,
  REQUEST_OBJECT_LENGTH,
  signedPlatformRequest,
  unsignedPlatformRequest,
} from '@facet-id/protocol/openid4vp/platform'
import { headerFor, type ReadIdentity, readIdentity } from '../asking/identity.ts'
import { newRequest, requestObject } from '../asking/request-record.ts'
import { unfit } from '../asking/unfit.ts'
import type { Wish } from '../asking/wish.ts'
import { VerifierError } from '../error.ts'
import type { PrivateEncryptionKey } from '../ports.ts'
import type { PresentationRecord } from '../result/presentation.ts'
import { keepPresentation, keepTransaction } from '../result/presentation-store.ts'
import type { Verifying } from '../verifying.ts'

export interface Made {
  readonly record: PresentationRecord
  /** For who asked, and for nobody else. */
  readonly transactionId: string
}

/** @throws {VerifierError} `state_contended`, `port_missing`; `request_unfit`: no wallet reads so long a request */
export async function makeRequest(wish: Wish, verifying: Verifying): Promise<Made> {
  const { ports, settings } = verifying
  const { store, random, hash } = ports
  const { oneAddress, toKnownKey, ...asked } = wish
  const begun = newRequest(settings, ports)
  const address = oneAddress
    ? `${settings.baseUrl}/responses`
    : `${settings.baseUrl}/responses/${begun.requestId}`
  const record: PresentationRecord = {
    ...begun,
    ...asked,
    ...(asked.response_mode.startsWith('direct_post') ? { response_uri: address } : {}),
    ...(asked.response_mode.endsWith('.jwt') && !toKnownKey
      ? { decryption: await newKey(begun.requestId, verifying) }
      : {}),
  }
  checkLength(record, verifying)
  const transactionId = writeBase64url(random(32))
  const until = record.expiresAt + settings.resultLifetime
  const kept = await store.commit([
    keepPresentation(record),
    keepTransaction({ secret: transactionId, requestId: record.requestId, hash, until }),
  ])
  if (!kept.ok) throw new VerifierError('state_contended', 'The request could not be kept; make another')
  return { record, transactionId }
}

/** What a token has besides: its signature, and the nonce of a wallet, which is of 512 characters at the most. */
const RESERVE = 1024

/** What is not signed is measured as if it were: its parameters may be as long. */
function checkLength(record: PresentationRecord, verifying: Verifying): void {
  const identity = identityOf(record, verifying)
  const header =
    identity.signer === undefined ? { alg: 'ES256' as const } : headerFor(identity, identity.signer)
  const { length } = writeRequestObjectInput(objectOf(record, identity, verifying), header)
  if (length + RESERVE <= REQUEST_OBJECT_LENGTH) return
  throw unfit('it is longer than wallets read')
}

/** HAIP 1.0 §5: "Verifiers MUST supply ephemeral encryption public keys specific to each Authorization Request". */
async function newKey(kid: string, { ports }: Verifying): Promise<PrivateEncryptionKey> {
  if (ports.encryption === undefined) {
    throw new VerifierError('port_missing', 'This verifier was made without the port "encryption"')
  }
  const { privateJwk } = await ports.encryption.generateKey()
  return { ...privateJwk, kid, use: 'enc', alg: 'ECDH-ES' }
}

/** The link: by reference, or with the whole request in it. */
export async function linkTo(
  { record }: Made,
  { byValue, at }: { readonly byValue: boolean; readonly at: string | undefined },
  verifying: Verifying,
): Promise<string> {
  const identity = identityOf(record, verifying)
  const { client_id } = record
  if (identity.signer === undefined) {
    return writeRequestLink(unsignedLink(objectOf(record, identity, verifying)), at)
  }
  if (byValue) {
    return writeRequestLink({ client_id, request: await signedObject(record, identity, verifying) }, at)
  }
  const request_uri = `${verifying.settings.baseUrl}/requests/${record.requestId}`
  return writeRequestLink({ client_id, request_uri, request_uri_method: 'post' }, at)
}

/** The request that a page gives to its platform. @param identities those that sign; none: it is unsigned */
export async function platformRequest(
  { record }: Made,
  identities: readonly ReadIdentity[],
  verifying: Verifying,
): Promise<PlatformRequest> {
  const [first, ...more] = identities
  if (first === undefined) return unsignedPlatformRequest(requestObject(record, verifying.settings))
  if (more.length === 0) return signedPlatformRequest(await signedObject(record, first, verifying))
  const { client_id: _, ...object } = requestObject(record, verifying.settings)
  const tokens = await Promise.all(
    identities.map(async (identity) => {
      const { signer, client_id } = identity
      if (signer === undefined) throw new VerifierError('request_unfit', 'Each of several names signs')
      const input = writeSignerInput(object, { client_id }, headerFor(identity, signer))
      return writeJws(input, await signer.sign(utf8(input)))
    }),
  )
  return multisignedPlatformRequest(tokens)
}

/** A signed request object. @param walletNonce as it was received (§5.10) */
export async function signedObject(
  record: PresentationRecord,
  identity: ReadIdentity,
  verifying: Verifying,
  walletNonce?: string,
): Promise<string> {
  const { signer } = identity
  if (signer === undefined) throw new VerifierError('endpoint_unknown', 'This request is not signed')
  const object = objectOf(record, identity, verifying, walletNonce)
  const input = writeRequestObjectInput(object, headerFor(identity, signer))
  return writeJws(input, await signer.sign(utf8(input)))
}

export function identityOf(
  { client_id, redirect_uri }: PresentationRecord,
  { identities, settings, ports }: Verifying,
): ReadIdentity {
  const identity = identities.get(client_id)
  if (identity !== undefined) return identity
  // The name of the page that this one request is answered at.
  if (redirect_uri !== undefined && client_id === `redirect_uri:${redirect_uri}`)
    return readIdentity({ client_id }, settings.scheme, ports.hash)
  throw new VerifierError(
    'presentation_unknown',
    'This request was made under a name that is not kept any more',
  )
}

/** §8.5: a client that wallets know beforehand says nothing of itself again. */
function objectOf(
  record: PresentationRecord,
  { clientId }: ReadIdentity,
  { settings }: Verifying,
  walletNonce?: string,
): ReturnType<typeof requestObject> {
  const { client_metadata, ...object } = requestObject(record, settings, walletNonce)
  if (client_metadata === undefined || prefixRules[clientId.prefix].metadata === 'refused') return object
  return { ...object, client_metadata }
}
