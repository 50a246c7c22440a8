/** The wallet's side of the pre-authorized code flow: offer → token → nonce → credential, with keys made beforehand. */
import { randomUUID } from 'node:crypto'
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { generateKey, hash, type NodeSigner, signerOf } from '@facet-id/crypto/node'
import { PRE_AUTHORIZED_CODE_GRANT } from '@facet-id/protocol/oauth'
import { accessTokenHash, writeDpopInput } from '@facet-id/protocol/oauth/dpop'
import { writeProofInput } from '@facet-id/protocol/openid4vci/key-proof'
import { specimen } from '../../flow/specimen.ts'
import { type Client, FORM_BODY, JSON_BODY } from './client.ts'
import type { Served } from './served.ts'

export interface HolderKey {
  readonly publicJwk: ReturnType<typeof generateKey>['publicJwk']
  readonly signer: NodeSigner
}

export function makeKeys(count: number): readonly HolderKey[] {
  return Array.from({ length: count }, () => {
    const { publicJwk, privateJwk } = generateKey()
    return { publicJwk, signer: signerOf(privateJwk) }
  })
}

/** One copy, and the key that it is bound to. */
export interface HeldCopy {
  readonly sdJwt: string
  readonly key: HolderKey
}

/** The key that the tokens of a flow are bound to, and the nonce that its proofs carry. */
export interface Binding {
  readonly key: HolderKey
  readonly nonce: string
}

/** A whole flow; as many copies as keys. Throws unless each copy came. @param bound absent: bearer tokens */
export async function issue(
  issuer: Served,
  client: Client,
  keys: readonly HolderKey[],
  bound?: Binding,
): Promise<readonly HeldCopy[]> {
  const { link } = await issuer.operate('offer', {
    configurationId: 'person',
    claims: specimen,
    txCodeLength: 0,
  })
  const offer = JSON.parse(new URL(String(link)).searchParams.get('credential_offer') ?? '')
  const { 'pre-authorized_code': code } = offer.grants[PRE_AUTHORIZED_CODE_GRANT]
  const asked = new URLSearchParams({ grant_type: PRE_AUTHORIZED_CODE_GRANT, 'pre-authorized_code': code })
  const proving = (url: string, token?: string) =>
    bound === undefined ? {} : { dpop: dpop(bound, url, token) }
  const tokenUrl = `${issuer.url}/token`
  const { access_token } = JSON.parse(
    await client.post(tokenUrl, { ...FORM_BODY, ...proving(tokenUrl) }, asked.toString()),
  )
  const { c_nonce } = JSON.parse(await client.post(`${issuer.url}/nonce`, {}))
  const jwt = keys.map((key) => proofOf(key, c_nonce, issuer.url))
  const body = JSON.stringify({ credential_configuration_id: 'person', proofs: { jwt } })
  const url = `${issuer.url}/credential`
  const authorization = `${bound === undefined ? 'Bearer' : 'DPoP'} ${access_token}`
  const headers = { ...JSON_BODY, authorization, ...proving(url, access_token) }
  const answer = JSON.parse(await client.post(url, headers, body))
  const credentials: readonly { readonly credential: string }[] = answer.credentials
  if (credentials.length !== keys.length)
    throw new Error(`${credentials.length} of ${keys.length} copies came`)
  return credentials.map(({ credential }) => ({ sdJwt: credential, key: keyOf(credential, keys) }))
}

export async function readMetadata(issuer: Served, client: Client): Promise<void> {
  for (const name of ['openid-credential-issuer', 'oauth-authorization-server']) {
    await client.get(`${issuer.url}/.well-known/${name}`)
  }
}

/** A nonce for DPoP proofs: good for many, as long as it is fresh. */
export function dpopNonce(issuer: Served, client: Client): Promise<string> {
  return client.header(`${issuer.url}/.well-known/oauth-authorization-server`, 'dpop-nonce')
}

function dpop({ key, nonce }: Binding, url: string, token?: string): string {
  const { publicJwk: jwk, signer } = key
  const input = writeDpopInput({
    request: { method: 'POST', url },
    jti: randomUUID(),
    issuedAt: Math.floor(Date.now() / 1000),
    nonce,
    ...(token === undefined ? {} : { ath: accessTokenHash(token, hash) }),
    jwk,
    alg: 'ES256',
  })
  return writeJws(input, signer.sign(utf8(input)))
}

function proofOf({ publicJwk, signer }: HolderKey, nonce: string, audience: string): string {
  const issuedAt = Math.floor(Date.now() / 1000)
  const input = writeProofInput({ audience, nonce, issuedAt, jwk: publicJwk, alg: 'ES256' })
  return writeJws(input, signer.sign(utf8(input)))
}

/** Copies come in an order that says nothing. */
function keyOf(credential: string, keys: readonly HolderKey[]): HolderKey {
  const { cnf } = JSON.parse(Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString())
  const key = keys.find(({ publicJwk }) => publicJwk.x === cnf.jwk.x)
  if (key === undefined) throw new Error('a copy is bound to a key that nobody asked for')
  return key
}
