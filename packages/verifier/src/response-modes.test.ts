/** Each kind of client, each form of request, each way of an answer. */
import { readBase64url, readUtf8, utf8 } from '@facet-id/credential/base64url'
import { checkOf, readPublicJwk } from '@facet-id/credential/jose'
import { readJwe } from '@facet-id/credential/jwe'
import {
  type AuthorizationResponse,
  authorizationResponseRequest,
  findEncryptedRequest,
  type LinkByReference,
  payloadOf,
  type RequestObject,
  readRequestLink,
  readRequestObject,
  readRequestObjectJwt,
  readRequestToken,
  requestUriRequest,
} from '@facet-id/protocol/openid4vp'
import { readClientId, writeVerifierAttestationInput } from '@facet-id/protocol/openid4vp/client'
import {
  type PlatformRequest,
  readPlatformRequest,
  writeEncryptedPlatformResponse,
  writePlatformResponse,
} from '@facet-id/protocol/openid4vp/platform'
import {
  encryptedResponseRequest,
  redirectLocation,
  writeResponsePayload,
} from '@facet-id/protocol/openid4vp/response'
import type { WireResponse } from '@facet-id/protocol/wire'
import {
  checkSignatures,
  encryptionKeyPair,
  hash,
  jweOpenerOf,
  keyPair,
  outcomeOf,
  sealJwe,
  signerOf,
} from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { ClientIdentity } from './asking/identity.ts'
import type { RequestOptions } from './asking/request-options.ts'
import type { EncryptionPort } from './ports.ts'
import type { VerifierSettings } from './settings.ts'
import { BASE_URL, heldOn, personQuery, restingIn, type Stage, stage } from './stage.test-support.ts'
import { asked, present, signed } from './wallet.test-support.ts'

const encryption: EncryptionPort = {
  generateKey: encryptionKeyPair,
  openerOf: jweOpenerOf,
  seal: sealJwe,
}

/** A verifier with these names besides, the first of them its own. */
function named(identities: readonly ClientIdentity[], settings: Partial<VerifierSettings> = {}): Stage {
  const [{ client_id } = { client_id: '' }] = identities
  return stage({
    ports: () => ({ encryption, identities }),
    settings: { ...(identities.length === 0 ? {} : { client_id }), ...settings },
  })
}

const key = keyPair()
const signer = signerOf(key.privateJwk)
/** Of O=Platform with the DNS name platform.example, by O=Root, until 2126; the key that it is of is nobody's. */
const certificate = readBase64url(
  [
    'MIIBkjCCATigAwIBAgIUOoD889Ygqyjnc8MFF-zt5rom6ZUwCgYIKoZIzj0EAwIwDzENMAsGA1UECgwEUm9vdDAgFw0yNjExMjYw',
    'NTIxMDJaGA8yMTI2MTEwMjA1MjEwMlowEzERMA8GA1UECgwIUGxhdGZvcm0wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATuXbvl',
    'FbGGxtGSM38nxaKGZFN_BRL1mBdFDomXdUPL52gdB142g-VxjJGQm8pfd3-8XsJWz3TpbxNrLQ4hM014o2wwajAbBgNVHREEFDAS',
    'ghBwbGF0Zm9ybS5leGFtcGxlMAsGA1UdDwQEAwIHgDAdBgNVHQ4EFgQU6Y0gEvmTSmNzgglxgoi00WG9_TMwHwYDVR0jBBgwFoAU',
    'zvJYedxOp5j2HPTn-UAjt1bBzDEwCgYIKoZIzj0EAwIDSAAwRQIgMg3pYy4TXD3Dq9Pf0UjJFrR0gPY8P8YnusY0DE2gInkCIQCx',
    'NDoP2YINrLQAlFh1H0cQbRZ2ANPmSmrKzl8od3nSbA',
  ].join(''),
)
const attester = keyPair()

const attestation = (redirect_uris?: readonly string[], sub = 'platform'): string =>
  signed(
    writeVerifierAttestationInput(
      {
        iss: 'https://attester.example',
        sub,
        exp: 2_000_000_000,
        cnf: { jwk: key.publicJwk },
        ...(redirect_uris === undefined ? {} : { redirect_uris }),
      },
      { alg: 'ES256', kid: 'a' },
    ),
    attester,
  )

const encryptionKey = { ...encryptionKeyPair().privateJwk, kid: 'e' }

const identities: Readonly<Record<string, ClientIdentity>> = {
  x509_hash: { client_id: `x509_hash:${hash('sha-256', certificate)}`, signer, certificates: [certificate] },
  x509_san_dns: { client_id: 'x509_san_dns:platform.example', signer, certificates: [certificate] },
  verifier_attestation: {
    client_id: 'verifier_attestation:platform',
    signer,
    attestation: attestation([`${BASE_URL}/responses`]),
  },
  openid_federation: {
    client_id: 'openid_federation:https://platform.example',
    signer: { ...signer, kid: 'f' },
    trustChain: ['a', 'b'],
  },
  'pre-registered': { client_id: 'platform', signer: { ...signer, kid: 'r' } },
  redirect_uri: { client_id: `redirect_uri:${BASE_URL}/responses` },
}

/** A request as a wallet gets it: read, its signature held against the key of the stage. */
async function requestAt(on: Stage, link: string, wallet_nonce = 'of the wallet'): Promise<RequestObject> {
  const read = readRequestLink(link)
  if ('parameters' in read)
    return readRequestObject({ clientId: readClientId(read.client_id), payload: payloadOf(read) })
  const followed = { ...read, wallet_nonce }
  const token =
    'request' in read
      ? read.request
      : readRequestToken(await on.verifier.handle(requestUriRequest(followed as LinkByReference)))
  const jwt = readRequestObjectJwt(token, followed)
  expect(checkSignatures([checkOf(jwt.jws, readPublicJwk(key.publicJwk))])).toEqual(['valid'])
  return readRequestObject(jwt)
}

function shown(on: Stage, { nonce, dcql_query }: RequestObject, audience: string): AuthorizationResponse {
  const presentation = present(
    heldOn(on),
    { client_id: audience, nonce, dcql_query } as Parameters<typeof present>[1],
    {
      at: on.time.now(),
      paths: asked,
    },
  )
  return { vp_token: Object.fromEntries(dcql_query.credentials.map(({ id }) => [id, [presentation]])) }
}

/** Posts an answer as the request wants it. */
async function posted(
  on: Stage,
  request: RequestObject,
  answer: AuthorizationResponse,
  enc: 'A128GCM' | 'A256GCM' = 'A256GCM',
): Promise<WireResponse> {
  const uri = request.response_uri ?? ''
  const [to] = request.client_metadata?.jwks?.keys ?? []
  const whole = { ...answer, ...(request.state === undefined ? {} : { state: request.state }) }
  if (to === undefined) return on.verifier.handle(authorizationResponseRequest(uri, whole))
  const jwe = sealJwe(writeResponsePayload(whole), { key: to, enc })
  return on.verifier.handle(encryptedResponseRequest(uri, jwe))
}

const forms: readonly RequestOptions[] = [{}, { byValue: true }]

test.each(Object.keys(identities))(
  'VP-5.9-5, VP-5.9.3-1, VP-5.9.3-4, VP-5.9.3-5, VP-5.9.3-6 a client that is known by %s asks, by reference and by value, and is answered',
  async (prefix) => {
    const identity = identities[prefix]
    if (identity === undefined) throw new Error('there is such a client')
    const on = named([identity])
    for (const options of forms) {
      const { link, transactionId } = await on.verifier.request(personQuery, options)
      const isByValue = options.byValue === true || prefix === 'redirect_uri'
      expect('request_uri' in readRequestLink(link)).toBe(!isByValue)
      const request = await requestAt(on, link)
      expect(request.client_id).toBe(identity.client_id)
      expect(readClientId(request.client_id ?? '').prefix).toBe(prefix)
      expect(request.client_metadata === undefined).toBe(prefix === 'pre-registered')
      expect((await posted(on, request, shown(on, request, identity.client_id))).status).toBe(200)
      expect(await on.verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
    }
  },
)

test('VP-5.9.3-1, VP-5.9.3-4 clients that are known by an address answer at it, for all requests, by their state', async () => {
  for (const prefix of ['redirect_uri', 'verifier_attestation'] as const) {
    const identity = identities[prefix]
    const on = named(identity === undefined ? [] : [identity])
    const requests = await Promise.all(
      [1, 2].map(async () => requestAt(on, (await on.verifier.request(personQuery)).link)),
    )
    expect(requests.map(({ response_uri }) => response_uri)).toEqual([
      `${BASE_URL}/responses`,
      `${BASE_URL}/responses`,
    ])
    expect(new Set(requests.map(({ state }) => state)).size).toBe(2)
    for (const request of requests) {
      expect((await posted(on, request, shown(on, request, identity?.client_id ?? ''))).status).toBe(200)
    }
  }
})

test.each<[string, ClientIdentity]>([
  ['a DID without a key of it', { client_id: 'decentralized_identifier:did:jwk:e30', signer }],
  ['a DID and no signer', { client_id: 'decentralized_identifier:did:jwk:e30' }],
  ['the hash of another certificate', { ...identities.x509_hash, client_id: `x509_hash:${'A'.repeat(43)}` }],
  ['a hash and no certificate', { client_id: identities.x509_hash?.client_id ?? '', signer }],
  [
    'a name that its certificate has not got',
    { ...(identities.x509_san_dns as ClientIdentity), client_id: 'x509_san_dns:other.example' },
  ],
  [
    'a name above that in its certificate',
    { ...(identities.x509_san_dns as ClientIdentity), client_id: 'x509_san_dns:example' },
  ],
  [
    'a certificate that is none',
    { client_id: 'x509_san_dns:platform.example', signer, certificates: [utf8('a certificate')] },
  ],
  ['a name and no certificate', { client_id: 'x509_san_dns:platform.example', signer }],
  ['no attestation', { client_id: 'verifier_attestation:platform', signer }],
  [
    'an attestation about another',
    { client_id: 'verifier_attestation:other', signer, attestation: attestation() },
  ],
  ['an attestation that is none', { client_id: 'verifier_attestation:platform', signer, attestation: 'x' }],
  ['an address that signs', { client_id: `redirect_uri:${BASE_URL}/responses`, signer }],
  [
    'an encryption key beside those of its requests',
    { ...(identities.x509_hash as ClientIdentity), encryptionKey },
  ],
  [
    'an encryption key without a name',
    { client_id: 'platform', encryptionKey: { ...encryptionKey, kid: '' } },
  ],
  ['a federation and no signer', { client_id: 'openid_federation:https://platform.example' }],
  ['an unknown prefix', { client_id: 'x509_hassh:x', signer }],
  ['a page’s prefix', { client_id: 'origin:https://platform.example', signer }],
])('VP-8.5-8 a verifier whose name has %s is not made', (_, identity) => {
  expect(outcomeOf(() => named([identity]))).toBe('settings_invalid')
})

test('VP-5.10-2, VP-5.10-3, VP-5.10.1-1 a request is encrypted to a wallet that names a key, and signed inside', async () => {
  const on = named([identities.x509_hash as ClientIdentity])
  const { link } = await on.verifier.request(personQuery)
  const followed = { ...(readRequestLink(link) as LinkByReference), wallet_nonce: 'of the wallet' }
  const wallet = encryptionKeyPair()
  const metadata = {
    vp_formats_supported: { 'dc+sd-jwt': {} },
    jwks: { keys: [{ ...wallet.publicJwk, kid: 'w' }] },
    request_object_encryption_enc_values_supported: ['A256GCM'],
  }
  const token = readRequestToken(await on.verifier.handle(requestUriRequest(followed, metadata)))
  const jwe = findEncryptedRequest(token)
  if (jwe === undefined) throw new Error('the request is encrypted')
  expect([jwe.header.enc, jwe.header.kid]).toEqual(['A256GCM', 'w'])
  const inside = readUtf8(jweOpenerOf(wallet.privateJwk)(jwe))
  expect(readRequestObject(readRequestObjectJwt(inside, followed)).wallet_nonce).toBe('of the wallet')
  const unknown = { ...metadata, request_object_encryption_enc_values_supported: ['A192GCM'] }
  const plain = readRequestToken(await on.verifier.handle(requestUriRequest(followed, unknown)))
  expect(findEncryptedRequest(plain)).toBeUndefined()
})

const encrypted = { responseMode: 'direct_post.jwt' } as const

test.each(['A128GCM', 'A256GCM'] as const)(
  'VP-8.3-1, VP-8.3-2, VP-8.3.1-1, HAIP-5-3 an answer encrypted with %s is opened and judged',
  async (enc) => {
    const on = named([identities.x509_hash as ClientIdentity], encrypted)
    const { link, transactionId } = await on.verifier.request(personQuery)
    const request = await requestAt(on, link)
    expect(request).toMatchObject({
      response_mode: 'direct_post.jwt',
      client_metadata: { encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'] },
    })
    const answer = shown(on, request, request.client_id ?? '')
    expect((await posted(on, request, answer, enc)).status).toBe(200)
    expect(await on.verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
  },
)

test.each([{ apu: 'QWxpY2U', apv: 'Qm9i' }, { apu: 'QWxpY2U' }, { apv: 'Qm9i' }])(
  'VP-8.3-4 an answer whose key was derived with %j is opened: the text says nothing of these',
  async (parties) => {
    const on = named([identities.x509_hash as ClientIdentity], encrypted)
    const { link, transactionId } = await on.verifier.request(personQuery)
    const request = await requestAt(on, link)
    const [to] = request.client_metadata?.jwks?.keys ?? []
    if (to === undefined) throw new Error('there is a key to encrypt to')
    const answer = { ...shown(on, request, request.client_id ?? ''), state: request.state ?? '' }
    const jwe = sealJwe(writeResponsePayload(answer), { key: to, enc: 'A256GCM', parties })
    const response = await on.verifier.handle(encryptedResponseRequest(request.response_uri ?? '', jwe))
    expect([response.status, (await on.verifier.result(transactionId)).outcome]).toEqual([200, 'verified'])
  },
)

test('HAIP-5-4 each request has a key of its own, which rests until it is answered and no longer', async () => {
  const on = named([identities.x509_hash as ClientIdentity], encrypted)
  const made = [await on.verifier.request(personQuery), await on.verifier.request(personQuery)]
  const requests = await Promise.all(made.map(({ link }) => requestAt(on, link)))
  const keys = requests.map(({ client_metadata }) => client_metadata?.jwks?.keys ?? [])
  expect(keys.flat().map(({ kid, use, alg }) => [kid, use, alg])).toEqual(
    requests.map(({ state }) => [state, 'enc', 'ECDH-ES']),
  )
  expect(new Set(keys.flat().map(({ x }) => x)).size).toBe(2)
  expect(JSON.stringify(requests)).not.toContain('"d"')
  for (const request of requests) await posted(on, request, shown(on, request, request.client_id ?? ''))
  expect(await restingIn(on)).not.toContain('"decryption"')
})

/** What is wrong with an encrypted answer, and what is told of it. */
const badlyEncrypted: readonly [
  what: string,
  send: (on: Stage, request: RequestObject, other: RequestObject) => Promise<WireResponse>,
][] = [
  [
    'in the clear',
    (on, request) => {
      const answer = { ...shown(on, request, request.client_id ?? ''), state: request.state ?? '' }
      return on.verifier.handle(authorizationResponseRequest(request.response_uri ?? '', answer))
    },
  ],
  [
    'encrypted to the key of another request',
    async (on, request, other) => {
      const [to] = other.client_metadata?.jwks?.keys ?? []
      if (to === undefined) throw new Error('there is a key')
      const answer = { ...shown(on, request, request.client_id ?? ''), state: request.state ?? '' }
      const jwe = sealJwe(writeResponsePayload(answer), { key: to, enc: 'A256GCM' })
      return on.verifier.handle(encryptedResponseRequest(request.response_uri ?? '', jwe))
    },
  ],
  [
    'under the name of the right key, and to another',
    async (on, request) => {
      const to = { ...keyPair().publicJwk, kid: request.state ?? '' }
      const jwe = sealJwe(utf8('{"error":"access_denied"}'), { key: to, enc: 'A256GCM' })
      return on.verifier.handle(encryptedResponseRequest(request.response_uri ?? '', jwe))
    },
  ],
  [
    'without the name of the key',
    async (on, request) => {
      const [named] = request.client_metadata?.jwks?.keys ?? []
      if (named === undefined) throw new Error('there is a key')
      const { kid: _, ...to } = named
      const answer = { ...shown(on, request, request.client_id ?? ''), state: request.state ?? '' }
      const jwe = sealJwe(writeResponsePayload(answer), { key: to, enc: 'A256GCM' })
      return on.verifier.handle(encryptedResponseRequest(request.response_uri ?? '', jwe))
    },
  ],
  [
    'with the state of another request',
    (on, request, other) =>
      posted(on, { ...request, state: other.state ?? '' }, shown(on, request, request.client_id ?? '')),
  ],
  [
    'with no state',
    (on, { state: _, ...request }) => posted(on, request, shown(on, request, request.client_id ?? '')),
  ],
]

test.each(badlyEncrypted)(
  'VP-8.3-3, VP-14.6-1 an answer %s changes nothing, and the right one is taken afterwards',
  async (_, send) => {
    const on = named([identities.x509_hash as ClientIdentity], encrypted)
    const made = [await on.verifier.request(personQuery), await on.verifier.request(personQuery)]
    const [request, other] = await Promise.all(made.map(({ link }) => requestAt(on, link)))
    if (request === undefined || other === undefined) throw new Error('there are two')
    const { status, body } = await send(on, request, other)
    expect([status, JSON.parse(body).error]).toEqual([400, 'invalid_request'])
    expect(body).not.toMatch(/tag|decrypt|GCM|kid/)
    expect((await posted(on, request, shown(on, request, request.client_id ?? ''))).status).toBe(200)
    expect(await on.verifier.result(made[0]?.transactionId ?? '')).toMatchObject({ outcome: 'verified' })
    expect(await on.verifier.result(made[1]?.transactionId ?? '')).toEqual({ outcome: 'pending' })
  },
)

test('VP-8.3.1-2 a wallet that cannot encrypt says its error in the clear', async () => {
  const on = named([identities.x509_hash as ClientIdentity], encrypted)
  const { link, transactionId } = await on.verifier.request(personQuery)
  const { response_uri = '', state = '' } = await requestAt(on, link)
  const error = { error: 'access_denied', state }
  expect((await on.verifier.handle(authorizationResponseRequest(response_uri, error))).status).toBe(200)
  expect(await on.verifier.result(transactionId)).toMatchObject({
    outcome: 'declined',
    error: 'access_denied',
  })
})

test.each(['fragment', 'query'] as const)(
  'VP-5.6-1, VP-5.2-4 an answer in the %s of a page is taken from its server, with its state and once',
  async (part) => {
    const page = 'https://platform.example/shown'
    const on = named([{ client_id: `redirect_uri:${page}` }])
    const { link, transactionId } = await on.verifier.requestToPage(personQuery, { page, part })
    const request = await requestAt(on, link)
    expect([request.response_mode, request.redirect_uri, request.response_uri]).toEqual([
      part,
      page,
      undefined,
    ])
    const bare = shown(on, request, request.client_id ?? '')
    const answer = { ...bare, state: request.state ?? '' }
    const parameters = redirectLocation(page, part, answer).slice(page.length + 1)
    const stateless = redirectLocation(page, part, bare).slice(page.length + 1)
    const receive = (text: string) => on.verifier.receive(transactionId, { parameters: text })
    expect(await outcomeOf(() => receive(stateless))).toBe('state_mismatch')
    expect(await receive(parameters)).toMatchObject({ outcome: 'verified', flow: 'page' })
    expect(await outcomeOf(() => receive(parameters))).toBe('presentation_answered')
    const other = await on.verifier.requestToPage(personQuery, { page, part })
    // The page of somebody else: its session knows another transaction.
    expect(await outcomeOf(() => on.verifier.receive(other.transactionId, { parameters }))).toBe(
      'state_mismatch',
    )
    const { status } = await on.verifier.handle(
      authorizationResponseRequest(`${BASE_URL}/responses/${request.state}`, answer),
    )
    expect(status).toBe(400)
  },
)

const origin = 'https://shop.example'

function platformParts({ protocol, data }: PlatformRequest) {
  const read = readPlatformRequest(protocol, data)
  if (!read.signed) return { request: readRequestObject(read), signers: [] }
  const [first] = read.requests
  if (first === undefined) throw new Error('somebody signed')
  for (const { jws } of read.requests) {
    expect(checkSignatures([checkOf(jws, readPublicJwk(key.publicJwk))])).toEqual(['valid'])
  }
  return { request: readRequestObject(first), signers: read.requests.map(({ clientId }) => clientId.full) }
}

const both = [identities.x509_hash as ClientIdentity, identities.x509_san_dns as ClientIdentity]

test.each([
  ['openid4vp-v1-unsigned', []],
  ['openid4vp-v1-signed', [both[0]?.client_id ?? '']],
  ['openid4vp-v1-multisigned', both.map(({ client_id }) => client_id)],
] as const)(
  'VP-A.1-1, VP-A.2-1, VP-A.2-2, VP-A.2-3, VP-A.3-1, VP-A.4-2, HAIP-5.2-2 a page asks through its platform by %s, in the clear and encrypted',
  async (protocol, as) => {
    const on = stage({
      ports: () => ({ encryption, identities: both }),
      settings: { client_id: both[0]?.client_id ?? '' },
    })
    for (const isEncrypted of [true, false]) {
      const made = await on.verifier.requestOnPlatform(personQuery, { origin, as, encrypted: isEncrypted })
      expect(made.request.protocol).toBe(protocol)
      const { request, signers } = platformParts(made.request)
      expect(signers).toEqual(as)
      expect(request.response_mode).toBe(isEncrypted ? 'dc_api.jwt' : 'dc_api')
      expect([request.state, request.response_uri]).toEqual([undefined, undefined])
      expect(request.expected_origins).toEqual(protocol === 'openid4vp-v1-unsigned' ? undefined : [origin])
      expect('client_id' in made.request.data).toBe(false)
    }
  },
)

test.each([true, false])(
  'VP-A.4-2, VP-14.2-1 the answer of a platform (encrypted: %s) must be for the page’s origin, and counts once',
  async (isEncrypted) => {
    const on = named(both)
    const made = await on.verifier.requestOnPlatform(personQuery, { origin, encrypted: isEncrypted, as: [] })
    const read = readPlatformRequest(made.request.protocol, made.request.data)
    if (read.signed) throw new Error('nobody signed')
    const request = readRequestObject(read)
    const receive = (answer: AuthorizationResponse) => {
      const [to] = request.client_metadata?.jwks?.keys ?? []
      const data =
        to === undefined
          ? writePlatformResponse(answer)
          : writeEncryptedPlatformResponse(sealJwe(writeResponsePayload(answer), { key: to, enc: 'A128GCM' }))
      return on.verifier.receive(made.transactionId, { data })
    }
    for (const audience of [
      both[0]?.client_id ?? '',
      'origin:https://evil.example',
      `origin:${origin}/`,
      origin,
    ]) {
      expect(await outcomeOf(() => receive(shown(on, request, audience)))).toBe('answer_unproven')
    }
    const right = shown(on, request, `origin:${origin}`)
    expect(await receive(right)).toMatchObject({ outcome: 'verified', flow: 'page' })
    expect(await outcomeOf(() => receive(right))).toBe('presentation_answered')
  },
)

test('VRF-10 an app asks through its platform by the origin of apps', async () => {
  const on = named([])
  const app = 'android:apk-key-hash:4O0N2E4Yw4Qh1Yc1Jx8m0w'
  const { request } = await on.verifier.requestOnPlatform(personQuery, { origin: app, encrypted: false })
  expect(readPlatformRequest(request.protocol, request.data)).toMatchObject({
    requests: [{ payload: { expected_origins: [app] } }],
  })
})

test('VRF-10 wallets are found by a scheme of theirs, or by an address, also one with parameters', async () => {
  const on = named([])
  const link = async (at: string) => (await on.verifier.request(personQuery, { at })).link
  expect(await link('haip-vp://')).toMatch(/^haip-vp:\/\/\?client_id=/)
  expect(await link('eudi-openid4vp://wallet')).toMatch(/^eudi-openid4vp:\/\/wallet\?client_id=/)
  expect(await link('https://wallet.example/ask?y=1')).toMatch(
    /^https:\/\/wallet\.example\/ask\?y=1&client_id=[^?]*$/,
  )
})

test.each([undefined, 'redirect_uri:https://platform.example/shown'])(
  'VP-5.9.3-1 a client that is an address asks as the page where it is answered (as %s)',
  async (as) => {
    const page = 'https://platform.example/shown'
    const on = named([identities.redirect_uri as ClientIdentity])
    const options = { page, ...(as === undefined ? {} : { as }) }
    const { link, transactionId } = await on.verifier.requestToPage(personQuery, options)
    const request = await requestAt(on, link)
    expect([request.client_id, request.redirect_uri]).toEqual([`redirect_uri:${page}`, page])
    const answer = { ...shown(on, request, `redirect_uri:${page}`), state: request.state ?? '' }
    const parameters = redirectLocation(page, 'fragment', answer).slice(page.length + 1)
    expect(await on.verifier.receive(transactionId, { parameters })).toMatchObject({ outcome: 'verified' })
  },
)

test('VRF-10 a verifier that is no address does not become one', async () => {
  const on = named([identities.x509_hash as ClientIdentity])
  const page = 'https://platform.example/shown'
  const ask = () => on.verifier.requestToPage(personQuery, { page, as: `redirect_uri:${page}` })
  expect(await outcomeOf(ask)).toBe('request_unfit')
})

test.each(['a', 'a.b.c.d.e', '!.!.!.!.!', `${'{}'}.....`, 'e30..AA.AA.AA'])(
  'VP-8.3-3 %s from a platform is not encrypted to the key of the request, and changes nothing',
  async (response) => {
    const on = named(both)
    const { transactionId } = await on.verifier.requestOnPlatform(personQuery, { origin })
    const receive = () => on.verifier.receive(transactionId, { data: { response } })
    expect(await outcomeOf(receive)).toBe('answer_undecryptable')
    expect(await on.verifier.result(transactionId)).toMatchObject({ outcome: 'pending' })
  },
)

test.each<[string, (on: Stage) => Promise<unknown>]>([
  ['as somebody else', (on) => on.verifier.request(personQuery, { as: 'x509_san_dns:other.example' })],
  [
    'signed by a name that signs nothing',
    (on) =>
      on.verifier.requestOnPlatform(personQuery, { origin, as: [identities.redirect_uri?.client_id ?? ''] }),
  ],
  [
    'from an origin with a path',
    (on) => on.verifier.requestOnPlatform(personQuery, { origin: `${origin}/x` }),
  ],
  [
    'from an origin with a query',
    (on) => on.verifier.requestOnPlatform(personQuery, { origin: `${origin}?x` }),
  ],
  [
    'from an origin in capitals, which no platform writes',
    (on) => on.verifier.requestOnPlatform(personQuery, { origin: 'https://Shop.example' }),
  ],
  [
    'from an origin with the port that goes without saying',
    (on) => on.verifier.requestOnPlatform(personQuery, { origin: `${origin}:443` }),
  ],
  ['found by a script', (on) => on.verifier.request(personQuery, { at: 'javascript:alert(1)//' })],
  ['found by a script of another form', (on) => on.verifier.request(personQuery, { at: 'javascript://x' })],
  ['found by no address', (on) => on.verifier.request(personQuery, { at: 'wallet' })],
  [
    'found by plain http',
    (on) => on.verifier.requestToPage(personQuery, { page: `${origin}/x`, at: 'http://wallet.example' }),
  ],
  [
    'found by an address with a fragment',
    (on) => on.verifier.request(personQuery, { at: 'https://wallet.example/#x' }),
  ],
  ['from no origin', (on) => on.verifier.requestOnPlatform(personQuery, { origin: 'shop' })],
  [
    'to where answers are posted',
    (on) => on.verifier.requestToPage(personQuery, { page: `${BASE_URL}/responses` }),
  ],
  ['to no page', (on) => on.verifier.requestToPage(personQuery, { page: 'shown' })],
  ['to a page with a fragment', (on) => on.verifier.requestToPage(personQuery, { page: `${origin}/#x` })],
  [
    'to another page than the client is',
    (on) =>
      on.verifier.requestToPage(personQuery, {
        page: `${origin}/x`,
        as: identities.redirect_uri?.client_id ?? '',
      }),
  ],
  [
    'to a page that its attestation does not name',
    (on) => on.verifier.requestToPage(personQuery, { page: origin, as: 'verifier_attestation:platform' }),
  ],
  [
    'of a client whose attestation names other addresses',
    (on) => on.verifier.request(personQuery, { as: 'verifier_attestation:elsewhere' }),
  ],
  [
    'encrypted, of a client whose keys nobody reads',
    (on) => on.verifier.request(personQuery, { ...encrypted, as: 'platform' }),
  ],
  [
    'encrypted over a platform, of a client whose keys nobody reads',
    (on) => on.verifier.requestOnPlatform(personQuery, { origin, as: ['platform'] }),
  ],
  [
    'encrypted, signed by names whose keys are read in different places',
    (on) =>
      on.verifier.requestOnPlatform(personQuery, {
        origin,
        as: [identities.x509_hash?.client_id ?? '', 'platform'],
      }),
  ],
])('VRF-10 a request %s is not made, and nothing is kept', async (_, ask) => {
  const on = named([
    identities.x509_hash as ClientIdentity,
    identities.redirect_uri as ClientIdentity,
    identities['pre-registered'] as ClientIdentity,
    identities.verifier_attestation as ClientIdentity,
    {
      client_id: 'verifier_attestation:elsewhere',
      signer,
      attestation: attestation([`${origin}/responses`], 'elsewhere'),
    },
  ])
  expect(await outcomeOf(() => ask(on))).toBe('request_unfit')
  expect(await restingIn(on)).toBe('')
})

test('VP-5.2-1, VP-13.3-1 nonces, states and ids of a thousand requests are of 128 bits, and no two are alike', async () => {
  const on = named([identities.redirect_uri as ClientIdentity])
  const requests = await Promise.all(
    Array.from({ length: 1000 }, async () => requestAt(on, (await on.verifier.request(personQuery)).link)),
  )
  const texts = requests.flatMap(({ nonce, state = '' }) => [nonce, state])
  expect(new Set(texts).size).toBe(2000)
  expect(texts.filter((text) => !/^[A-Za-z0-9_-]{22}$/.test(text))).toEqual([])
})

test('JWE-5.2-1 what a test wallet encrypts has the form that is read', () => {
  const pair = encryptionKeyPair()
  const jwe = readJwe(sealJwe(utf8('x'), { key: pair.publicJwk, enc: 'A128GCM' }), {
    encs: ['A128GCM'],
    maxBytes: 4096,
  })
  expect(readUtf8(jweOpenerOf(pair.privateJwk)(jwe))).toBe('x')
})
