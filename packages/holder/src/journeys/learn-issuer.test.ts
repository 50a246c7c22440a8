import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { readCredentialIssuerId, readCredentialIssuerMetadataResponse } from '@facet-id/protocol/openid4vci'
import { writeSignedMetadataInput } from '@facet-id/protocol/openid4vci/metadata'
import type { WireResponse } from '@facet-id/protocol/wire'
import { outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type Identity, identity } from '../identity.test-support.ts'
import { ISSUER, type IssuerWays, issuerIdentity, NOW, testIssuer } from '../issuer.test-support.ts'
import { textIn, theOne, type WorldChanges, world } from '../wallet.test-support.ts'

const issuerId = readCredentialIssuerId(ISSUER)
const trusted = { decision: 'trusted', why: 'It is on the list.' } as const
const undecided = { decision: 'undetermined', why: 'The person decides.' } as const
const listing: WorldChanges = {
  ports: {
    trust: {
      mayIssue: ({ issuer }) => (issuer === issuerIdentity.did ? trusted : undecided),
      mayAsk: () => undecided,
    },
  },
}
const required = { signedMetadata: 'required' } as const

test('VCI-12.2.2-5, VCI-12.2.3-5 signed metadata is asked for, and who signed is shown, where a list trusts them', async () => {
  const { holder, issuer, person, requests } = world({ issuer: signing(), ...listing })
  await holder.accept(issuer.link)
  expect(requests[0]?.headers.accept).toMatch(/^application\/jwt, application\/json/)
  expect(person.offers[0]?.provenBy).toEqual({ signedBy: { did: issuerIdentity.did } })
  expect(issuer.asked.filter((endpoint) => endpoint === 'metadata')).toHaveLength(1)
})

test('VCI-12.2.3-5 the DID that an issuer signed credentials with before may sign its metadata', async () => {
  const { holder, issuer, person, store, time } = world({ issuer: signing({}) })
  await holder.accept(issuer.link)
  expect(person.offers[0]?.provenBy).toEqual({})
  const again = world({ issuer: signing(), store, time })
  await again.holder.accept(again.issuer.link)
  expect(again.person.offers[0]?.provenBy).toEqual({ signedBy: { did: issuerIdentity.did } })
})

test('an issuer that is asked for signed metadata and serves the plain form is taken as it is, unless it must sign', async () => {
  const { holder, issuer, person } = world()
  await holder.accept(issuer.link)
  expect(person.offers[0]?.provenBy).toEqual({})
  expect(issuer.asked.filter((endpoint) => endpoint === 'metadata')).toHaveLength(1)
  const strict = world({ settings: required })
  expect(await outcomeOf(() => strict.holder.accept(strict.issuer.link))).toBe('metadata_not_authentic')
  expect(strict.person.offers).toEqual([])
  expect(await textIn(strict.store)).toBe('')
})

test('nobody is asked for signed metadata where it is ignored', async () => {
  const { holder, issuer, requests } = world({ settings: { signedMetadata: 'ignored' } })
  await holder.accept(issuer.link)
  expect(requests[0]?.headers.accept).toBe('application/json')
})

test.each<[string, Signing]>([
  ['by whom nobody trusts', { by: identity() }],
  ['with another key than the DID has', { key: identity() }],
  ['for another issuer', { sub: 'https://other.example' }],
  ['for a time that is over', { exp: NOW - 3600 }],
  ['as another kind of token', { typ: 'JWT' }],
])(
  'VCI-12.2.3-5 metadata that is signed %s is refused in that form, and the plain one counts, unless it must be signed',
  async (_, how) => {
    const { holder, issuer, person } = world({ issuer: signing(how), ...listing })
    expect(theOne(await holder.accept(issuer.link))).toMatchObject({ copies: 4 })
    expect(person.offers[0]?.provenBy).toEqual({})
    expect(issuer.asked.filter((endpoint) => endpoint === 'metadata')).toHaveLength(2)
    const strict = world({ issuer: signing(how), ...listing, settings: required })
    expect(await outcomeOf(() => strict.holder.accept(strict.issuer.link))).toBe('metadata_not_authentic')
  },
)

test('VCI-12.2.3-6 of what is signed by nobody who is trusted nothing is looked at', async () => {
  const { holder, issuer, person } = world({
    issuer: signing({ by: identity(), says: { display: [{ name: 'Forged' }] } }),
    ...listing,
  })
  await holder.accept(issuer.link)
  expect(JSON.stringify(person.offers)).not.toContain('Forged')
})

test('what a certificate proves of the issuer is shown, where it is for its address', async () => {
  const certificate = { anchor: 'Utopia', subject: 'O=Registry', sanDns: [], sanUris: [ISSUER], sha256: 'x' }
  const { publicJwk: key } = issuerIdentity.keys
  for (const [of, expected] of [
    [ISSUER, { signedBy: { certificate } }],
    ['https://other.example', {}],
  ] as const) {
    const issuerKeyOf = () => ({ key, issuer: of, certificate })
    const mayIssue = (asked: { readonly certificate?: unknown }) =>
      asked.certificate === undefined ? undecided : trusted
    const trust = { mayIssue, mayAsk: () => undecided }
    const { holder, issuer, person } = world({
      issuer: signing({ x5c: true }),
      ports: { issuerKeyOf, trust },
    })
    await holder.accept(issuer.link)
    const [offer] = person.offers
    expect(offer?.provenBy).toEqual(expected)
    // What was proven counts for the decision as well, and what was not does not.
    const decisions = offer?.credentials.map(({ trust: { decision } }) => decision)
    expect(decisions).toEqual([of === ISSUER ? 'trusted' : 'undetermined'])
  }
})

test.each([
  ['has its identifier', { sanUris: [ISSUER] }, undecided, true],
  ['has its host', { sanDns: ['issuer.example'] }, undecided, true],
  ['is of a party that a list trusts', {}, trusted, true],
  ['has another host', { sanDns: ['other.example'] }, undecided, false],
  ['has another identifier', { sanUris: [`${ISSUER}/other`] }, undecided, false],
] as const)(
  'VCI-12.2.3-5 a certificate that is its own identity is that of the issuer where it %s',
  async (_, names, decision, taken) => {
    const certificate = { anchor: 'Utopia', subject: '', sanDns: [], sanUris: [], sha256: 'x', ...names }
    const { publicJwk: key } = issuerIdentity.keys
    const { holder, issuer, person } = world({
      issuer: signing({ x5c: true }),
      ports: {
        issuerKeyOf: () => ({ key, issuer: 'x509_hash:x', certificate }),
        trust: {
          mayIssue: ({ issuer: of }) => (of === 'x509_hash:x' ? decision : undecided),
          mayAsk: () => undecided,
        },
      },
    })
    await holder.accept(issuer.link)
    expect(person.offers[0]?.provenBy).toEqual(taken ? { signedBy: { certificate } } : {})
  },
)

interface Signing {
  readonly by?: Identity
  /** Who signs in the name of the other. */
  readonly key?: Identity
  readonly sub?: string
  readonly exp?: number
  readonly typ?: string
  readonly says?: object
  readonly x5c?: boolean
}

/** An issuer that signs its metadata for those who ask for it so. */
function signing({ by = issuerIdentity, key = by, sub, exp, typ, says, x5c }: Signing = {}) {
  const metadata: NonNullable<IssuerWays['around']>['metadata'] = (usual, { headers }) => {
    const plainForm = usual()
    if (!headers.accept?.includes('application/jwt')) return plainForm
    const read = { ...readCredentialIssuerMetadataResponse(plainForm, issuerId), ...says }
    const named = x5c === true ? { x5c: [new Uint8Array([48, 3, 2, 1, 1])] } : { kid: by.kid }
    const times = { iat: NOW, ...(exp === undefined ? {} : { exp }) }
    const input = writeSignedMetadataInput(read, times, { alg: 'ES256', ...named })
    return signedAs(input, { key, typ, sub })
  }
  return testIssuer({ around: { metadata } })
}

function signedAs(
  input: string,
  {
    key,
    typ,
    sub,
  }: { readonly key: Identity; readonly typ: string | undefined; readonly sub: string | undefined },
): WireResponse {
  const [header, payload] = input
    .split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  const parts = [
    { ...header, ...(typ === undefined ? {} : { typ }) },
    { ...payload, ...(sub === undefined ? {} : { sub }) },
  ]
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const token = writeJws(text, signerOf(key.keys.privateJwk).sign(utf8(text)))
  return { status: 200, headers: { 'content-type': 'application/jwt' }, body: token }
}
