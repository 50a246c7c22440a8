/** A verifier that is held to HAIP 1.0 by one setting, and what is said where something lacks for it. */
import { checkOf } from '@facet-id/credential/jose'
import {
  checkSignatures,
  generateEncryptionKey,
  hash,
  jweOpenerOf,
  random,
  sealJwe,
  signerOf,
} from '@facet-id/crypto/node'
import {
  type LinkByReference,
  readRequestLink,
  readRequestObject,
  readRequestObjectJwt,
  readRequestToken,
  requestUriRequest,
} from '@facet-id/protocol/openid4vp'
import { memoryStore } from '@facet-id/store'
import { clock, outcomeOf } from '@facet-id/testkit'
import { createAllowList } from '@facet-id/trust'
import { readCertificate } from '@facet-id/trust/x509'
import {
  type ClientIdentity,
  createVerifier,
  defaultSettings,
  findHaipGaps,
  readIdentity,
  type Verifier,
  type VerifierPorts,
  type VerifierSettings,
} from '@facet-id/verifier'
import { beforeAll, expect, test } from 'vitest'
import { makeParty, type Party } from '../attack/authorities.ts'

const encryption = { generateKey: generateEncryptionKey, openerOf: jweOpenerOf, seal: sealJwe }
const session = 'the session of the browser that asked'
const returnTo = 'https://platform.example/back'

let root: Party
let between: Party
let leaf: Party
beforeAll(async () => {
  root = await makeParty('C=UTO, O=Root', { kind: 'authority', days: 10 })
  between = await makeParty('C=UTO, O=Between', { kind: 'authority', days: 10, by: root })
  leaf = await makeParty('C=UTO, O=Platform', { kind: 'issuer', days: 10, by: between })
})

interface Changes {
  readonly certificates?: readonly Uint8Array[]
  readonly anchors?: readonly Uint8Array[]
  /** Other names of the same verifier. */
  readonly more?: readonly ClientIdentity[]
  readonly ports?: Partial<VerifierPorts>
  readonly settings?: Partial<VerifierSettings>
}

function haipVerifier({
  certificates = [leaf.der, between.der],
  anchors = [root.der],
  more = [],
  ports,
  settings,
}: Changes = {}): Verifier {
  const time = clock()
  const [own = leaf.der] = certificates
  const client_id = `x509_hash:${hash('sha-256', own)}`
  const all: VerifierPorts = {
    store: memoryStore({ now: time.nowMs }),
    identities: [{ client_id, signer: signerOf(leaf.privateJwk), certificates, anchors }, ...more],
    encryption,
    checkSignatures,
    hash,
    random,
    now: time.now,
    resolveKey: () => ({ refused: 'Nobody is known here.' }),
    trust: createAllowList({ issuers: [], verifiers: [] }),
    statusOf: () => ({ status: 0 }),
    ...ports,
  }
  return createVerifier(all, {
    ...defaultSettings,
    client_id,
    baseUrl: 'https://platform.example',
    describedTypes: ['urn:uto:person'],
    responseMode: 'direct_post.jwt',
    profile: 'haip',
    ...settings,
  })
}

test('HAIP-5-1, HAIP-5-2, HAIP-5-3, HAIP-5.1-2, HAIP-5.1-3, VRF-11 a request is fetched, signed by the certificate, and wants its answer encrypted', async () => {
  const verifier = haipVerifier()
  const { link } = await verifier.request('over 18', { at: 'haip-vp://', sameDevice: { session, returnTo } })
  expect(link).toMatch(/^haip-vp:\/\/\?client_id=x509_hash%3A/)
  const followed = { ...(readRequestLink(link) as LinkByReference), wallet_nonce: 'w' }
  const jwt = readRequestObjectJwt(
    readRequestToken(await verifier.handle(requestUriRequest(followed))),
    followed,
  )
  if (jwt.key.by !== 'certificate') throw new Error('it has certificates')
  expect(jwt.key.x5c.map((der) => hash('sha-256', der))).toEqual(
    [leaf, between].map(({ der }) => hash('sha-256', der)),
  )
  expect(checkSignatures([checkOf(jwt.jws, readCertificate(leaf.der).key)])).toEqual(['valid'])
  expect(readRequestObject(jwt)).toMatchObject({
    response_type: 'vp_token',
    response_mode: 'direct_post.jwt',
    dcql_query: { credentials: [{ id: 'credential' }] },
    client_metadata: { encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'] },
  })
})

test('HAIP-5.2-2, VRF-11 through the platform an answer is encrypted too', async () => {
  const origin = 'https://platform.example'
  const { request } = await haipVerifier().requestOnPlatform('over 18', { origin })
  expect(request.protocol).toBe('openid4vp-v1-signed')
  const clear = () => haipVerifier().requestOnPlatform('over 18', { origin, encrypted: false })
  expect(await outcomeOf(clear)).toBe('request_unfit')
})

test.each([
  ['by value', (verifier: Verifier) => verifier.request('over 18', { byValue: true })],
  [
    'with an answer in the clear',
    (verifier: Verifier) => verifier.request('over 18', { responseMode: 'direct_post' }),
  ],
  [
    'with an answer in an address',
    (verifier: Verifier) => verifier.requestToPage('over 18', { page: returnTo }),
  ],
])('HAIP-5.1-2, HAIP-5.1-3, VRF-11 a request %s is not made', async (_, ask) => {
  expect(await outcomeOf(() => ask(haipVerifier()))).toBe('request_unfit')
})

test('HAIP-5-2, VRF-11 no request is made under a name that HAIP does not know', async () => {
  const signer = signerOf(leaf.privateJwk)
  const verifier = haipVerifier({ more: [{ client_id: 'platform', signer }] })
  const origin = 'https://platform.example'
  expect(await outcomeOf(() => verifier.request('over 18', { as: 'platform' }))).toBe('request_unfit')
  expect(await outcomeOf(() => verifier.requestOnPlatform('over 18', { origin, as: ['platform'] }))).toBe(
    'request_unfit',
  )
})

const gaps: readonly [what: string, gap: RegExp, changes: () => Changes][] = [
  [
    'a self-signed certificate',
    /HAIP 5: no certificate is self-signed/,
    () => ({ certificates: [root.der] }),
  ],
  [
    'the root sent along',
    /the root is not sent along/,
    () => ({ certificates: [leaf.der, between.der, root.der] }),
  ],
  [
    'bytes that are no certificate',
    /HAIP 5: no certificate/,
    () => ({ certificates: [leaf.der, new Uint8Array(3)] }),
  ],
  [
    'an anchor sent along that is not self-signed',
    /the root is not sent along/,
    () => ({ anchors: [between.der] }),
  ],
  ['answers in the clear', /HAIP 5\.1: responseMode/, () => ({ settings: { responseMode: 'direct_post' } })],
  ['no ES256', /HAIP 7/, () => ({ settings: { algs: ['EdDSA'] } })],
  ['plain http', /HAIP 5: addresses/, () => ({ settings: { scheme: 'https_or_loopback_http' } })],
]

test.each(gaps)(
  'HAIP-5-2, HAIP-5.1-3, VRF-11 a verifier with %s is not made, and it is said why',
  (_, gap, changes) => {
    expect(() => haipVerifier(changes())).toThrow(gap)
    expect(outcomeOf(() => haipVerifier(changes()))).toBe('settings_invalid')
  },
)

test('VRF-11 what lacks is listed whole, for whoever wants to know beforehand', () => {
  const identity = readIdentity(
    { client_id: 'redirect_uri:https://platform.example/responses' },
    'https',
    hash,
  )
  expect(
    findHaipGaps(
      { client_id: identity.client_id, responseMode: 'direct_post', algs: ['EdDSA'], scheme: 'https' },
      { identities: [identity] },
    ),
  ).toHaveLength(4)
})
