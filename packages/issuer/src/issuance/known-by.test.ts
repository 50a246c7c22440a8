/** An issuer that is known by its address, and one whose types have rules. */
import { findIssuerKey, issuerMetadataUrl, readIssuerMetadata } from '@facet-id/credential/issuer-metadata'
import type { IssuerKeyPolicy } from '@facet-id/credential/sd-jwt-vc'
import { keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { CredentialConfiguration, IssuerSettings } from '../settings.ts'
import { issue, judge, listIn } from '../wallet.test-support.ts'
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
  const other = { ...knownBy, publicJwk: keyPair().publicJwk, kid: 'other' }
  expect(outcomeOf(() => world({ settings: { knownBy: other } }))).toBe('accepted')
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
