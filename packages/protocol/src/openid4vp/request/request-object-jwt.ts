/**
 * The request object as a token. OpenID4VP 1.0 §5, §5.9.3, §5.10.1; RFC 9101.
 *
 * A wallet takes a request in two steps. First the token: of what kind it is, whose key is said to
 * have signed it, and that it answers the link that was followed. Then, when the signature has been
 * verified, what it asks (`request-object.ts`). Until then it is nobody's, and gets no answer, not
 * even an error.
 */
import { readBase64urlText } from '@facet-id/credential/base64url'
import {
  type Jws,
  type JwsAlgorithm,
  type JwsRules,
  jwsAlgorithms,
  readJws,
  writeSigningInput,
} from '@facet-id/credential/jose'
import { findMember, isJsonArray, type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { ProtocolError } from '../../error.ts'
import type { Scheme } from '../../url.ts'
import { type ClientId, readClientId } from '../client/client-id.ts'
import { prefixRules } from '../client/prefix-rules.ts'
import { readVerifierAttestation, type VerifierAttestationJwt } from '../client/verifier-attestation.ts'
import type { FollowedLink, LinkByValue } from './request-link.ts'
import type { PlainRequest, RequestObject, RequestPayload } from './request-object.ts'

/** A request object whose signature is still to be verified. */
export interface RequestObjectJwt extends RequestPayload {
  /** The verifier that it claims to be from. */
  readonly clientId: ClientId
  /** Where the key is that is said to have signed: the client's by the rules of its prefix, once that is proven. */
  readonly key: RequestKey
  readonly jws: Jws
}

export type RequestKey =
  /** `kid`: DID URL of a key of the DID in the client identifier. */
  | { readonly by: 'did'; readonly kid: string }
  /** DER certificates, that of the key first. */
  | { readonly by: 'certificate'; readonly x5c: readonly Uint8Array[] }
  /** The key in the attestation, whose `sub` is the client identifier without its prefix. */
  | ({ readonly by: 'attestation' } & VerifierAttestationJwt)
  /** A key of the entity; `trustChain`: as it was sent along, to spare fetching. */
  | { readonly by: 'federation'; readonly kid?: string; readonly trustChain?: readonly string[] }
  /** A key that is registered for the client. */
  | { readonly by: 'registration'; readonly kid?: string }

/** Names the key that signs, for the header: what the prefix of the client asks for, and nothing else. */
export interface RequestObjectHeader {
  readonly alg: JwsAlgorithm
  readonly kid?: string
  /** As `writeX5c` writes it. */
  readonly x5c?: readonly string[]
  /** A verifier attestation. */
  readonly jwt?: string
  readonly trust_chain?: readonly string[]
}

/** What the header says besides, over the Digital Credentials API with several signatures (§A.3.2.2). */
export type SignerParameters = Pick<RequestObject, 'client_id' | 'verifier_info'>

const TYP = 'oauth-authz-req+jwt'

/** Characters of a request object. */
export const REQUEST_OBJECT_LENGTH = 65_536

/** Statements of a trust chain that are read, and the characters of each. */
const CHAIN = { statements: 10, length: 32_768 }

/**
 * Reads the token. What it asks is not read yet, and `iss`, which "MUST be ignored", never is.
 *
 * @param followed the link, with the nonce of the wallet where one was sent
 * @param algs those that the wallet takes
 * @throws {CredentialError} those of `readJws`: `jws_typ_unexpected`, `jws_alg_not_allowed` …
 * @throws {ProtocolError} `message_malformed` when it is of another verifier than the link, lacks the
 * wallet's nonce, is signed where its client may not sign, or does not name the key as its client must; those of
 * `readClientId` and `readVerifierAttestation`
 */
export function readRequestObjectJwt(
  token: string,
  followed: FollowedLink | LinkByValue,
  algs: readonly JwsAlgorithm[] = jwsAlgorithms,
  scheme?: Scheme,
): RequestObjectJwt {
  const clientId = readClientId(followed.client_id, scheme)
  const jws = readToken(token, clientId, algs)
  // §5.10.1: both "MUST be identical, including the Client Identifier Prefix".
  if (findMember(jws.payload, 'client_id') !== clientId.full) {
    throw malformed('it has another client_id than the link')
  }
  // §5.10.1: if it does not contain the nonce, "the Wallet MUST terminate request processing".
  const nonce = nonceOf(followed)
  if (nonce !== undefined && findMember(jws.payload, 'wallet_nonce') !== nonce) {
    throw malformed('it lacks the nonce of the wallet')
  }
  return { clientId, payload: jws.payload, key: keyOf(jws, clientId, algs), jws }
}

/**
 * Reads a token that came without a link: over the Digital Credentials API (§A.3.2).
 *
 * @param place where the token names its client; its header may add `verifier_info` then (§A.3.2.2)
 * @throws as {@link readRequestObjectJwt}; `message_malformed` for a token that names no client in that place, or
 * names it in both
 */
export function readPlatformRequestJwt(
  token: string,
  place: 'payload' | 'header',
  {
    algs = jwsAlgorithms,
    scheme,
  }: { readonly algs?: readonly JwsAlgorithm[]; readonly scheme?: Scheme } = {},
): RequestObjectJwt {
  const jws = readJws(token, { ...rulesFor(algs), x5c: 'allowed' })
  const header = headerOf(jws.signingInput)
  const client_id = findMember(place === 'payload' ? jws.payload : header, 'client_id')
  if (typeof client_id !== 'string') throw malformed(`its ${place} names no client_id`)
  if (place === 'header' && SIGNER_MEMBERS.some((name) => Object.hasOwn(jws.payload, name))) {
    throw malformed('what each signer says of itself stands in its header, and not in what all have signed')
  }
  const clientId = readClientId(client_id, scheme)
  if (jws.header.x5c !== undefined && prefixRules[clientId.prefix].key !== 'certificate') {
    throw malformed('its client is not one that certificates prove')
  }
  const own = place === 'header' ? ownParameters(header) : {}
  return { clientId, payload: { ...jws.payload, ...own }, key: keyOf(jws, clientId, algs), jws }
}

/** The text to sign. */
export function writeRequestObjectInput(object: RequestObject, header: RequestObjectHeader): string {
  const payload: PlainRequest<RequestObject> = object
  const { alg, ...named } = header
  return writeSigningInput({ typ: TYP, alg, ...named }, payload)
}

/** The text that one of several signers signs: what is its own stands in its header (§A.3.2.2). */
export function writeSignerInput(
  object: Omit<RequestObject, keyof SignerParameters>,
  signer: SignerParameters,
  header: RequestObjectHeader,
): string {
  const payload: PlainRequest<typeof object> = object
  const own: PlainRequest<SignerParameters> = signer
  const { alg, ...named } = header
  return writeSigningInput({ typ: TYP, alg, ...named, ...own }, payload)
}

/** §A.3.2.2: these "MUST be present only in the protected header". */
const SIGNER_MEMBERS = ['client_id', 'verifier_info'] as const

function ownParameters(header: JsonObject): JsonObject {
  return Object.fromEntries(
    SIGNER_MEMBERS.flatMap((name) => {
      const value = findMember(header, name)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

function readToken(token: string, { prefix }: ClientId, algs: readonly JwsAlgorithm[]): Jws {
  const { signature, key } = prefixRules[prefix]
  if (signature === 'forbidden') throw malformed('its client is one whose requests are never signed')
  return readJws(token, { ...rulesFor(algs), x5c: key === 'certificate' ? 'allowed' : 'forbidden' })
}

function rulesFor(algs: readonly JwsAlgorithm[]): JwsRules {
  return { typ: TYP, algs, maxBytes: REQUEST_OBJECT_LENGTH }
}

/** §5.9.3, by prefix: how the header names the key. */
function keyOf(jws: Jws, clientId: ClientId, algs: readonly JwsAlgorithm[]): RequestKey {
  const { kid, x5c } = jws.header
  switch (prefixRules[clientId.prefix].key) {
    case 'did':
      // "MUST be identified by the kid in the JOSE Header".
      if (kid === undefined || !kid.startsWith(`${clientId.id}#`)) {
        throw malformed('its "kid" must name a key of the DID in its client_id')
      }
      return { by: 'did', kid }
    case 'certificate':
      if (x5c === undefined) throw malformed('its header must have the certificates of its client ("x5c")')
      return { by: 'certificate', x5c }
    case 'attestation': {
      const jwt = findMember(headerOf(jws.signingInput), 'jwt')
      if (typeof jwt !== 'string')
        throw malformed('its header must have the attestation of its client ("jwt")')
      const read = readVerifierAttestation(jwt, algs)
      // "the Client Identifier … MUST equal the sub claim value in the Verifier attestation JWT".
      if (read.attestation.sub !== clientId.id) throw malformed('the attestation in it is of another client')
      return { by: 'attestation', ...read }
    }
    case 'federation': {
      const trustChain = trustChainOf(headerOf(jws.signingInput))
      return { by: 'federation', ...(kid === undefined ? {} : { kid }), ...trustChain }
    }
    case 'registration':
      return { by: 'registration', ...(kid === undefined ? {} : { kid }) }
    case 'none':
      throw malformed('its client is one whose requests are never signed')
  }
}

function trustChainOf(header: JsonObject): { readonly trustChain?: readonly string[] } {
  const chain = findMember(header, 'trust_chain')
  if (chain === undefined) return {}
  const statements = isJsonArray(chain) ? chain.filter((statement) => typeof statement === 'string') : []
  if (!isJsonArray(chain) || statements.length !== chain.length)
    throw malformed('its "trust_chain" is no list of texts')
  if (statements.length > CHAIN.statements || statements.some(({ length }) => length > CHAIN.length)) {
    throw new ProtocolError(
      'message_too_large',
      'The trust chain in the request object is longer than is read here',
    )
  }
  return { trustChain: statements }
}

/** All of the header, after `readJws` has held it against its rules. */
function headerOf(signingInput: string): JsonObject {
  const [header = ''] = signingInput.split('.', 1)
  return readJsonObject(readBase64urlText(header))
}

function nonceOf(followed: FollowedLink | LinkByValue): string | undefined {
  return 'request_uri_method' in followed && followed.request_uri_method === 'post'
    ? followed.wallet_nonce
    : undefined
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The request object is refused: ${why}`)
}
