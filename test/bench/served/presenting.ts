/** The wallet's side of a presentation by `direct_post` or `direct_post.jwt`, with credentials that were issued beforehand. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import type { EncryptionJwk } from '@facet-id/credential/jwe'
import {
  openStoredSdJwt,
  selectDisclosures,
  writeKeyBindingInput,
  writeSdJwt,
} from '@facet-id/credential/sd-jwt'
import { hash, sealJwe } from '@facet-id/crypto/node'
import { personQuery } from '@facet-id/facet'
import { type Client, FORM_BODY } from './client.ts'
import type { HeldCopy } from './issuing.ts'
import type { Requested, Served } from './served.ts'

const shown = [
  ['age_equal_or_over', '18'],
  ['nationalities', 0],
]

/** An answer that lacks nothing but to be sent. */
export interface Prepared {
  readonly transactionId: string
  readonly responseUri: string
  readonly body: string
}

/** Asks as an operator does. */
export async function ask(verifier: Served): Promise<Requested> {
  const asked = await verifier.operate('ask', { dcql_query: personQuery({ age: 18, nationality: 'UTO' }) })
  return { transactionId: String(asked.transactionId), link: String(asked.link) }
}

/** Fetches the request and signs the answer to it; encrypted where the request has a key for that. */
export async function prepare(asked: Requested, client: Client, copy: HeldCopy): Promise<Prepared> {
  const requestUri = new URL(asked.link).searchParams.get('request_uri') ?? ''
  const object = payloadOf(await client.post(requestUri, FORM_BODY))
  const {
    client_id: audience,
    nonce,
    response_uri: responseUri,
    state,
    response_mode,
    client_metadata,
  } = object
  const vp_token = { person: [presentationOf(copy, { audience, nonce })] }
  const { transactionId } = asked
  if (response_mode !== 'direct_post.jwt') {
    const body = new URLSearchParams({ vp_token: JSON.stringify(vp_token), state }).toString()
    return { transactionId, responseUri, body }
  }
  const [key] = client_metadata?.jwks?.keys ?? []
  if (key === undefined) throw new Error('a request for an encrypted answer has a key')
  const response = sealJwe(utf8(JSON.stringify({ vp_token, state })), { key, enc: 'A128GCM' })
  return { transactionId, responseUri, body: new URLSearchParams({ response }).toString() }
}

/** A verifier answers with status 200 only what it verified; the client throws at any other. */
export async function send(client: Client, { responseUri, body }: Prepared): Promise<void> {
  await client.post(responseUri, FORM_BODY, body)
}

/** Throws unless who asked is told that it was verified. */
export async function checkVerified(verifier: Served, { transactionId }: Prepared): Promise<void> {
  const { outcome } = await verifier.operate('result', { transactionId })
  if (outcome !== 'verified') throw new Error(`a presentation ended ${outcome}`)
}

function presentationOf(
  { sdJwt: held, key }: HeldCopy,
  { audience, nonce }: { readonly audience: string; readonly nonce: string },
): string {
  const { jwt, opened } = openStoredSdJwt(held, hash)
  const sdJwt = writeSdJwt(jwt, selectDisclosures(opened, shown))
  const input = writeKeyBindingInput({
    sdJwt,
    nonce,
    audience,
    issuedAt: Math.floor(Date.now() / 1000),
    alg: 'ES256',
    sdAlg: opened.sdAlg,
    hash,
  })
  return sdJwt + writeJws(input, key.signer.sign(utf8(input)))
}

interface RequestPayload {
  readonly client_id: string
  readonly nonce: string
  readonly response_uri: string
  readonly state: string
  readonly response_mode: string
  readonly client_metadata?: { readonly jwks?: { readonly keys: readonly EncryptionJwk[] } }
}

function payloadOf(jwt: string): RequestPayload {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
}
