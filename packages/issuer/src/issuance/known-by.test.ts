/** An issuer that is known by its address, and one whose types have rules. */
import { findIssuerKey, issuerMetadataUrl, readIssuerMetadata } from '@facet-id/credential/issuer-metadata'
import { readJsonObject } from '@facet-id/credential/json'
import type { IssuerKeyPolicy } from '@facet-id/credential/sd-jwt-vc'
import { readStatusReference } from '@facet-id/credential/status-list'
import {
  readStatusListResponse,
  readStatusListToken,
  statusListRequest,
} from '@facet-id/protocol/token-status-list'
import { checkSignatures, inflate, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { requestWith } from '../access.test-support.ts'
import { credentialIssuerMetadata } from '../metadata.ts'
import type { CredentialConfiguration, IssuerSettings } from '../settings.ts'
import { credentialsIn, issue, judge, listIn, tokenFor } from '../wallet.test-support.ts'
import { ISSUER, person, signingKey, specimen, type World, world } from '../world.test-support.ts'

const knownBy = { by: 'jwt_vc_issuer', kid: 'a', publicJwk: signingKey } as const
const taken: IssuerKeyPolicy = { taken: ['jwt_vc_issuer'] }

const get = ({ send }: World, url: string) => send({ method: 'GET', url, headers: {} })

test('SVC-4-1, SVC-4.2-1, SVC-4.2-2 publishes the key that its credentials and lists name', async () => {
  const here = world({ settings: { knownBy } })
  const response = await get(here, issuerMetadataUrl(ISSUER))
  expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
  const metadata = readIssuerMetadata(response.body, ISSUER)
  const keys = 'jwks' in metadata ? metadata.jwks : []
  const key = findIssuerKey(keys, { kid: 'a', alg: 'ES256' })
  expect(key).toEqual({ ...signingKey, kid: 'a', use: 'sig' })
  const [compact = ''] = (await issue(here, 1)).credentials
  const { credential, checks } = await judge(here, compact, {
    issuerKeys: taken,
    keyOf: (reference) => ({ key: key ?? signingKey, issuer: reference.issuer ?? '' }),
  })
  expect(checks.flatMap(({ reason }) => reason ?? [])).toEqual([])
  expect(credential).toMatchObject({ issuer: ISSUER, issuerKnownBy: 'jwt_vc_issuer' })
})

test('SVC-4-1 publishes no key of an issuer that is known by its DID', async () => {
  expect(await get(world(), issuerMetadataUrl(ISSUER))).toMatchObject({ status: 404 })
})

test('SVC-4.2-2 a key of an issuer has a name', () => {
  expect(outcomeOf(() => world({ settings: { knownBy: { ...knownBy, kid: '' } } }))).toBe('settings_invalid')
  expect(outcomeOf(() => world({ settings: { knownBy: { ...knownBy, kid: 'other' } } }))).toBe('accepted')
})

test('SVC-4.2-5 a key that is not the signer’s is not declared, also where the signer takes its time', async () => {
  const stranger = { ...knownBy, publicJwk: keyPair().publicJwk }
  expect(outcomeOf(() => world({ settings: { knownBy: stranger } }))).toBe('settings_invalid')
  const { signer } = world().ports
  const slow = { ...signer, sign: async (data: Uint8Array) => signer.sign(data) }
  const told: unknown[] = []
  const onUnforeseen = (error: unknown) => void told.push(error)
  const late = world({ settings: { knownBy: stranger }, ports: { signer: slow, onUnforeseen } })
  const { request } = await requestWith(late, await tokenFor(late, await late.offer()))
  expect((await late.send(request)).status).toBe(500)
  expect(told).toMatchObject([{ code: 'settings_invalid' }])
  expect(
    (await issue(world({ settings: { knownBy }, ports: { signer: slow } }), 1)).credentials,
  ).toHaveLength(1)
})

test('SVC-2.5-2, TSL-11.3-2 an issuer that is known by a certificate names it in credentials and lists, and itself nowhere', async () => {
  const chain = [Uint8Array.of(0x30, 1), Uint8Array.of(0x30, 2)]
  const here = world({ settings: { knownBy: { by: 'x5c', chain } } })
  const subject = 'x509_hash:of-this-test'
  const [compact = ''] = (await issue(here, 1)).credentials
  const { credential, checks } = await judge(here, compact, {
    issuerKeys: { taken: ['x5c'] },
    keyOf: (reference) => {
      expect(reference).toMatchObject({ by: 'x5c', chain })
      expect(reference).not.toHaveProperty('issuer')
      return { key: signingKey, issuer: subject }
    },
  })
  expect(checks.flatMap(({ reason }) => reason ?? [])).toEqual([])
  expect(credential).toMatchObject({ issuer: subject, issuerKnownBy: 'x5c' })
  expect(credential?.claims).not.toHaveProperty('iss')
  expect(credential?.status).toBeDefined()
  if (credential?.status === undefined) return
  const { token } = await listIn(here, credential.status.uri)
  expect(token).toMatchObject({ x5c: chain })
  expect(token).not.toHaveProperty('kid')
  expect(await get(here, issuerMetadataUrl(ISSUER))).toMatchObject({ status: 404 })
  expect(outcomeOf(() => world({ settings: { knownBy: { by: 'x5c', chain: [] } } }))).toBe('settings_invalid')
})

const vct = `${ISSUER}/types/person/1`
const document = JSON.stringify({
  vct,
  extends: 'urn:facet:test:base',
  claims: [
    { path: ['given_name'], sd: 'always', mandatory: true },
    { path: ['address', 'country'], sd: 'never' },
    { path: ['nationalities', null], sd: 'always' },
  ],
})
const base = JSON.stringify({
  vct: 'urn:facet:test:base',
  claims: [{ path: ['family_name'], mandatory: true }],
})
const withType = (type: CredentialConfiguration['type'], name = vct): Partial<IssuerSettings> => ({
  configurations: { person: { ...person, vct: name, ...(type === undefined ? {} : { type }) } },
})
const typed = withType({ documents: [document, base] })

test('SVC-5.6-6 conceals what the type lets it, and leaves in the clear what nobody may withhold', async () => {
  const here = world({ settings: typed })
  const [compact = ''] = (await issue(here, 1)).credentials
  const { credential } = await judge(here, compact)
  const places = credential?.disclosed.map((place) => place.join('.'))
  expect(places).toContain('given_name')
  expect(places).toContain('address.locality')
  expect(places).not.toContain('address.country')
  expect(credential?.claims).toMatchObject(specimen)
  expect(credential?.claims).not.toHaveProperty('vct#integrity')
})

test('SVC-5.6-4 offers nothing that its type, or one that it extends, does not allow', async () => {
  const here = world({
    settings: {
      configurations: {
        person: {
          ...person,
          vct,
          type: { documents: [document, base] },
          claims: Object.keys(specimen).map((name) => ({ path: [name] })),
        },
      },
    },
  })
  const { given_name: _, ...nameless } = specimen
  const { family_name: __, ...familyless } = specimen
  expect(await outcomeOf(() => here.offer())).toBe('accepted')
  expect(await outcomeOf(() => here.offer({ claims: nameless }))).toBe('claims_do_not_fit')
  expect(await outcomeOf(() => here.offer({ claims: familyless }))).toBe('claims_do_not_fit')
  expect(await outcomeOf(() => here.offer({ claims: { ...specimen, address: 'UTO' } }))).toBe(
    'claims_do_not_fit',
  )
})

test('SVC-5.3.1-1, SVC-3-5, SVC-7.2-1 publishes the document about its type at the address that the type is called by', async () => {
  const response = await get(world({ settings: typed }), vct)
  expect(response.body).toBe(document)
  expect(response).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
  })
  expect(response.headers['content-security-policy']).toBe("default-src 'none'; sandbox")
  expect(await get(world({ settings: typed }), 'urn:facet:test:base')).toMatchObject({ status: 404 })
})

test('SVC-5.3-2 binds a credential to one document where that is asked for', async () => {
  const pinned = world({ settings: withType({ documents: [document, base], pinned: true }) })
  const [compact = ''] = (await issue(pinned, 1)).credentials
  const { credential } = await judge(pinned, compact)
  expect(credential?.claims['vct#integrity']).toMatch(/^sha256-[A-Za-z0-9+/]{43}=$/)
})

test.each<[string, readonly string[], string?]>([
  ['about another type', [document], 'urn:facet:test:person'],
  ['without what it extends', [document]],
  ['with more than it extends', [document, base, base]],
  ['in another order', [base, document]],
  ['that are no JSON', ['{']],
])('SVC-5.7-1 is not made with documents %s', (_, documents, name) => {
  expect(outcomeOf(() => world({ settings: withType({ documents }, name) }))).toBe('settings_invalid')
})

test('SVC-5.7-1 is made without documents, or with none', () => {
  expect(outcomeOf(() => world({ settings: withType({ documents: [] }) }))).toBe('accepted')
  expect(outcomeOf(() => world({ settings: withType(undefined) }))).toBe('accepted')
})

test('SDJ-9.7-5 what the operator says must be concealed is concealed, or not offered', async () => {
  const mustConceal = [['family_name'], ['address'], ['nationalities', null]]
  const concealing = (type?: CredentialConfiguration['type']) => {
    const configuration = { ...person, vct, mustConceal, ...(type === undefined ? {} : { type }) }
    return world({ settings: { configurations: { person: configuration } } })
  }
  const { credentials } = await issue(concealing(), 1)
  expect(credentials).toHaveLength(1)
  // The type has a name in the clear, which the operator does not allow.
  const inTheClear = JSON.stringify({
    vct,
    claims: [
      { path: ['nationalities'], sd: 'never' },
      { path: ['family_name'], sd: 'never' },
    ],
  })
  expect(await outcomeOf(() => concealing({ documents: [inTheClear] }).offer())).toBe('claims_do_not_fit')
  expect(await outcomeOf(() => world({ settings: withType({ documents: [inTheClear] }) }).offer())).toBe(
    'accepted',
  )
})

test('SDJ-9.7-5 whatever is said of the person is concealed, without that anybody says it must be', async () => {
  const mustConceal = Object.keys(specimen).map((name) => [name])
  const { credentials } = await issue(
    world({ settings: { configurations: { person: { ...person, mustConceal } } } }),
    1,
  )
  expect(credentials).toHaveLength(1)
})

test.each([[[]], [['exp']], [[0]], [['a', -1]]])(
  'SDJ-9.7-5 a policy of concealment with the path %j is refused',
  (path) => {
    const configurations = { person: { ...person, mustConceal: [path] } }
    expect(outcomeOf(() => world({ settings: { configurations } }))).toBe('settings_invalid')
  },
)

test('SVC-4.2-3 publishes the keys that were replaced, each until its time is over', async () => {
  const old = (kid: string, until: number) => ({ kid, publicJwk: keyPair().publicJwk, until })
  const { time } = world()
  const retired = [old('b', time.now() + 10), old('c', time.now())]
  const here = world({ settings: { knownBy: { ...knownBy, retired } } })
  const kids = async () => {
    const metadata = readIssuerMetadata((await get(here, issuerMetadataUrl(ISSUER))).body, ISSUER)
    return 'jwks' in metadata ? metadata.jwks.map(({ kid }) => kid) : []
  }
  expect(await kids()).toEqual(['a', 'b'])
  here.time.advance(10)
  expect(await kids()).toEqual(['a'])
})

test('SVC-4.2-2 no two keys of an issuer have one name', () => {
  const retired = [{ kid: 'a', publicJwk: keyPair().publicJwk, until: 2_000_000_000 }]
  expect(outcomeOf(() => world({ settings: { knownBy: { ...knownBy, retired } } }))).toBe('settings_invalid')
})

const certified = keyPair()
const chain = [Uint8Array.of(0x30, 7), Uint8Array.of(0x30, 8)]

/** An issuer of two credentials: one under its DID, one under a certificate whose key is another. */
const both = (): World =>
  world({
    settings: {
      configurations: {
        person,
        certified: { ...person, scope: 'certified', knownBy: { by: 'x5c', chain } },
      },
    },
    ports: { signers: { x5c: { ...signerOf(certified.privateJwk, 'x'), kid: 'x' } } },
  })

async function issuedAs(here: World, configurationId: string): Promise<string> {
  const made = await here.offer({ configurationId })
  const token = await tokenFor(here, made)
  const { request } = await requestWith(here, token, { credential_configuration_id: configurationId })
  return credentialsIn(await here.send(request))[0] ?? ''
}

test('SVC-2.5-2, TSL-11.3-2 each configuration identifies its issuer in its own way, in credentials and in the lists where they stand', async () => {
  const here = both()
  const underDid = await judge(here, await issuedAs(here, 'person'))
  expect(underDid.credential).toMatchObject({ issuer: here.settings.did, issuerKnownBy: 'did' })
  const compact = await issuedAs(here, 'certified')
  const header = readJsonObject(Buffer.from(compact.split('.')[0] ?? '', 'base64url').toString())
  const payload = readJsonObject(Buffer.from(compact.split('.')[1] ?? '', 'base64url').toString())
  expect(header).not.toHaveProperty('kid')
  expect(header.x5c).toHaveLength(2)
  expect(payload).not.toHaveProperty('iss')
  const reference = readStatusReference(payload)
  expect(reference?.uri).toBe(`${ISSUER}/status-lists/300000000`)
  const uri = reference?.uri ?? ''
  const token = readStatusListToken(readStatusListResponse(await here.send(statusListRequest(uri))), {
    uri,
    x5c: 'required',
  })
  expect(token.x5c).toEqual(chain)
  expect(checkSignatures([token.check(certified.publicJwk), token.check(signingKey)])).toEqual([
    'valid',
    'invalid',
  ])
  const metadata = credentialIssuerMetadata(here.settings, here.ports)
  expect(Object.keys(metadata.credential_configurations_supported)).toEqual(['person', 'certified'])
})

test('TSL-13.3-1 ways of being known share no entry of a list, and a revocation reaches the right one', async () => {
  const here = both()
  const made = await here.offer({ configurationId: 'certified' })
  const token = await tokenFor(here, made)
  const { request } = await requestWith(here, token, {
    credential_configuration_id: 'certified',
    copies: 2,
  })
  expect(credentialsIn(await here.send(request))).toHaveLength(2)
  await issuedAs(here, 'person')
  const lists: number[] = []
  for await (const { entries } of here.issuer.issuances()) lists.push(...entries.map(({ list }) => list))
  expect(lists.sort()).toEqual([0, 300_000_000, 300_000_000])
  await here.issuer.revoke(made.issuanceId)
  const uri = `${ISSUER}/status-lists/300000000`
  const { lst, maxBytes } = readStatusListToken(
    readStatusListResponse(await here.send(statusListRequest(uri))),
    { uri, x5c: 'required' },
  )
  const revoked = [...inflate(lst, maxBytes)].flatMap((byte) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => ((byte >> bit) & 1) === 1),
  )
  expect(revoked).toHaveLength(2)
  expect((await here.send(statusListRequest(`${ISSUER}/status-lists/200000000`))).status).toBe(404)
})

test('SVC-2.5-2 what cannot be identified as the operator chose is no issuer: nothing takes its place', () => {
  const knownByCertificate = { by: 'x5c', chain } as const
  const made = (configurations: IssuerSettings['configurations']): unknown =>
    outcomeOf(() => world({ settings: { configurations } }))
  expect(made({ person, other: { ...person, knownBy: { by: 'x5c', chain: [] } } })).toBe('settings_invalid')
  expect(made({ person, other: { ...person, knownBy: { ...knownBy, kid: '' } } })).toBe('settings_invalid')
  const two = {
    a: { ...person, knownBy: knownByCertificate },
    b: { ...person, knownBy: { by: 'x5c', chain: [...chain].reverse() } as const },
  }
  expect(made(two)).toBe('settings_invalid')
  // A configuration under a DID whose key is not the one that signs there.
  const stray = keyPair()
  const signers = { did: { ...signerOf(stray.privateJwk, 'stray'), kid: 'stray' } }
  expect(outcomeOf(() => world({ ports: { signers } }))).toBe('settings_invalid')
})
