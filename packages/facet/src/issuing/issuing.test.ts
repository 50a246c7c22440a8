/** A node with what an operator may decide: who is asked, who is believed, and whose key signs what. */
import { readFile } from 'node:fs/promises'
import { utf8 } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { writeJws } from '@facet-id/credential/jose'
import { readJwe } from '@facet-id/credential/jwe'
import { generateEncryptionKey, generateKey, sealJwe, signerOf } from '@facet-id/crypto/node'
import type { IssuerSettings } from '@facet-id/issuer'
import { readKeyAttestation, writeKeyAttestationInput } from '@facet-id/protocol/openid4vci/key-proof'
import type { WireResponse } from '@facet-id/protocol/wire'
import { safeTransport } from '@facet-id/resolve/node'
import { memoryStore } from '@facet-id/store'
import { outcomeOf } from '@facet-id/testkit'
import { readCertificate, readPem } from '@facet-id/trust/x509'
import { expect, test, vi } from 'vitest'
import { createAuthority, issueCertificate } from '../ca/authority.ts'
import { systemClock } from '../clock.ts'
import { readSigningCertificate } from '../config/signing-certificate.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { startIssuanceNode } from '../service/issuance-node.ts'
import type { Ground } from '../service/node.ts'
import { openWallet } from '../service/wallet.ts'
import { encryptionIn } from './encryption-keys.ts'
import { optionalPorts, type World } from './issuer-ports.ts'
import type { IssuingOptions } from './options.ts'
import { issuerParts } from './parts.ts'
import { certifiedFor } from './signing.ts'

const directory = temporaryDirectory()
const now = () => Math.floor(systemClock.now())

const world: World = { transport: safeTransport({ mode: 'development' }), now, development: true }

/** What the issuer of a node is made with. */
async function settingsWith(options: IssuingOptions): Promise<IssuerSettings> {
  const { publicJwk, privateJwk } = generateKey()
  const did = writeDidJwk(publicJwk)
  const kid = `${did}#0`
  const signer = { ...signerOf(privateJwk), kid }
  const identity = { did, kid, publicJwk, signer, createdAt: now(), retired: [] }
  const ground: Ground = {
    identity,
    identityAs: async () => identity,
    store: memoryStore({ now: () => now() * 1000 }),
    url: 'https://issuer.example',
    now,
    deriveKey: () => new Uint8Array(32),
    onUnforeseen: () => {},
  }
  const parts = await issuerParts(ground, { ...options, development: false }, { certified: undefined, world })
  return parts.settings
}

const title = {
  scope: 'title',
  display: [],
  claims: [{ path: ['title'], mandatory: true }],
  lifetime: 31_536_000,
}

async function certificateOf(purpose: 'issuer' | 'wallet') {
  const ca = { directory: directory.in('ca'), environment: {}, now }
  await createAuthority(ca, { name: 'Utopia', days: 10 })
  const { serialNumber } = await issueCertificate(ca, { purpose, name: 'Registry', dns: [], days: 5 })
  const file = (end: string) => directory.in(`ca/${serialNumber}.${end}`)
  const signing = await readSigningCertificate({
    certificate: file('pem'),
    key: file('key'),
    environment: {},
  })
  const roots = readPem(await readFile(directory.in('ca/authority.pem'), 'utf8'), 'CERTIFICATE')
  const anchors = roots.map((der) => ({ id: 'registry', certificate: readCertificate(der) }))
  return { signing, certificates: { anchorsAt: () => anchors, revocationLists: () => [] } }
}

test('SVC-2.5-3, FCT-CONF-1 one node signs each credential in the way that its configuration says', async () => {
  const { signing, certificates } = await certificateOf('issuer')
  const node = await startIssuanceNode({
    dataDirectory: directory.in('issuer'),
    environment: {},
    development: true,
    certificate: signing,
    secondOpinionEvery: 1,
    configurations: {
      did: { ...title, vct: 'urn:uto:did' },
      address: { ...title, vct: 'urn:uto:address', knownBy: 'address' },
      certificate: { ...title, vct: 'urn:uto:certificate', knownBy: 'certificate' },
    },
  })
  const { name = '' } = (await certifiedFor({ certificate: signing }, now())) ?? {}
  // A wallet keeps to the first identity that it saw of an issuer, unless a list vouches for others.
  const vouched = { decision: 'trusted', why: 'A list of this test says so.' } as const
  const wallet = await openWallet({
    trust: { mayIssue: () => vouched, mayAsk: () => vouched },
    dataDirectory: directory.in('wallet'),
    passphrase: 'of this test',
    development: true,
    copies: 1,
    certificates,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true }),
      toPresent: () => ({ agreed: false }),
    },
  })
  try {
    const seen: string[] = []
    for (const configurationId of ['did', 'address', 'certificate']) {
      const claims = { title: 'Master of Specimens' }
      const { link } = await node.issuer.offer({ configurationId, claims, txCodeLength: 0 })
      const [received] = (await wallet.holder.accept(link)).credentials
      seen.push(String(received?.issuer))
    }
    expect(seen).toEqual([node.did, node.credentialIssuer, name])
    expect(await node.issuer.stopped()).toEqual([])
  } finally {
    await wallet.close()
    await node.close()
  }
  const wanting = { configurations: { a: { ...title, vct: 'urn:uto:a', knownBy: 'certificate' as const } } }
  expect(await outcomeOf(() => certifiedFor(wanting, now()))).toBe('usage')
})

test('FCT-CONF-1 requests are encrypted to a key that is made once and found again', async () => {
  const store = memoryStore({ now: () => now() * 1000 })
  const [first, second] = [await encryptionIn(store), await encryptionIn(store)]
  const [key] = first.keys
  if (key === undefined) throw new Error('there is a key')
  expect(second.keys.map(({ publicJwk }) => publicJwk)).toEqual([key.publicJwk])
  const jwe = await sealJwe(utf8('a request'), { key: key.publicJwk, enc: 'A256GCM' })
  expect(
    new TextDecoder().decode(
      await second.keys[0]?.open(readJwe(jwe, { maxBytes: 10_000, encs: ['A256GCM'] })),
    ),
  ).toBe('a request')
  expect(generateEncryptionKey().publicJwk.x).not.toBe(key.publicJwk.x)
})

test('FCT-CONF-1 proofs may name keys by a DID that lists them for proving who one is, and by nothing else', async () => {
  const { publicJwk } = generateKey()
  const did = writeDidJwk(publicJwk)
  const { resolveKey } = optionalPorts({ didMethods: ['did:jwk'] }, world)
  expect(await resolveKey?.({ by: 'did', kid: `${did}#0` })).toMatchObject({ x: publicJwk.x })
  expect(await resolveKey?.({ by: 'did', kid: `${did}#1` })).toBeUndefined()
  expect(await resolveKey?.({ by: 'x5c', chain: [] })).toBeUndefined()
  expect(optionalPorts({}, world)).toEqual({})
})

test('CLM-7 whatever an operator gives to tell about subjects is waited for no longer than nine seconds', async () => {
  vi.useFakeTimers()
  try {
    const { subjectClaims } = optionalPorts({ subjectClaims: () => new Promise<never>(() => {}) }, world)
    const asked = { configurationId: 'person', issuanceId: 'issuance-1' }
    const outcome = outcomeOf(async () => subjectClaims?.(asked))
    await vi.advanceTimersByTimeAsync(9000)
    expect(await outcome).toBe('claims_source_failed')
  } finally {
    vi.useRealTimers()
  }
})

test('FCT-CONF-1 how long an answer can be had again counts as the operator says it', async () => {
  const { handOver, deferral } = await settingsWith({ deferral: { lifetime: 3600 }, handOver: 60 })
  expect([handOver, deferral]).toEqual([60, { interval: 60, lifetime: 3600 }])
  expect((await settingsWith({})).handOver).toBe(300)
})

test('FCT-CONF-1 who is believed about keys is known by a certificate, or by the name of a key', async () => {
  const { signing, certificates } = await certificateOf('wallet')
  const own = generateKey()
  const registered = [{ keys: [{ ...own.publicJwk, kid: 'device' }] }]
  const { keyAttesters } = optionalPorts({ keyAttesters: { certificates, registered } }, world)
  const signer = signerOf(signing.privateJwk)
  const claims = { iat: now(), attested_keys: [own.publicJwk] }
  const input = writeKeyAttestationInput(claims, { alg: signer.alg, x5c: signing.chain })
  const read = readKeyAttestation(writeJws(input, signer.sign(utf8(input))))
  expect(await keyAttesters?.keyOf(read.signedBy)).toMatchObject({ x: signing.privateJwk.x })
  expect(await keyAttesters?.keyOf({ by: 'kid', kid: 'device' })).toMatchObject({ x: own.publicJwk.x })
  expect(await keyAttesters?.keyOf({ by: 'kid', kid: 'another' })).toBeUndefined()
})

test('PRS-3, FCT-CONF-1 persons are sent to the OpenID provider that is named, as whom it knows us', async () => {
  const issuer = 'https://login.example'
  const metadata: WireResponse = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
    }),
  }
  const transport = { ...world.transport, send: async () => metadata }
  const options = { openIdProvider: { issuer, clientId: 'facet', scopes: ['profile'] } }
  const { userAuthentication } = optionalPorts(options, { ...world, transport })
  const step = await userAuthentication?.begin({
    flow: 'flow',
    answerUrl: 'https://issuer.example/authorize/answer',
    configurationIds: ['person'],
    client: { clientId: 'wallet', proven: true },
    redirectUri: 'https://wallet.example/cb',
  })
  const { searchParams } = new URL(step?.next === 'redirect' ? step.url : 'none:')
  expect(Object.fromEntries(searchParams)).toMatchObject({
    client_id: 'facet',
    scope: 'openid profile',
    redirect_uri: 'https://issuer.example/authorize/answer',
  })
})
