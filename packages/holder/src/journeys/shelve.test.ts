import { readBase64urlText, writeBase64urlText } from '@facet-id/credential/base64url'
import { readDisclosure, splitSdJwt, writeDisclosure, writeSdJwt } from '@facet-id/credential/sd-jwt'
import type { KeyAnswer, StatusAnswer } from '@facet-id/credential/sd-jwt-vc'
import { keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { HolderError } from '../error.ts'
import type { Holder } from '../holder.ts'
import { identity, sign } from '../identity.test-support.ts'
import {
  type CopyChanges,
  ISSUER,
  type IssuerWays,
  NOW,
  specimen,
  specimenFrame,
  testIssuer,
} from '../issuer.test-support.ts'
import type { HolderPorts } from '../ports.ts'
import { keysIn, namesIn, textIn, theOne, world } from '../wallet.test-support.ts'

type Credentials = NonNullable<IssuerWays['credentials']>

const stranger = identity()

/** All copies are as they should be, but the last. */
function last(change: (compact: string) => string): Credentials {
  return (keys, issue) => keys.map((key, place) => (place < 3 ? issue(key) : change(issue(key))))
}

function lastIssued(changes: CopyChanges): Credentials {
  return (keys, issue) => keys.map((key, place) => issue(key, place < 3 ? {} : changes))
}

const refused: readonly [what: string, outcome: string, credentials: Credentials][] = [
  [
    'VCI-8.3-5 a copy of another type',
    'credential_substituted',
    lastIssued({ claims: { vct: 'urn:other' } }),
  ],
  [
    'VCI-8.3-5 a batch of another type',
    'credential_substituted',
    (keys, issue) => keys.map((key) => issue(key, { claims: { vct: 'urn:other' } })),
  ],
  [
    'VCI-8.3-5 a copy bound to a key of somebody else',
    'credential_substituted',
    (keys, issue) => [...keys.slice(1).map((key) => issue(key)), issue(keyPair().publicJwk)],
  ],
  ['VP-B.3-1 a copy bound to no key', 'credential_substituted', lastIssued({ claims: { cnf: undefined } })],
  [
    'VCI-8.3-4 two copies bound to one key',
    'credential_substituted',
    ([first = keyPair().publicJwk, ...others], issue) =>
      [first, first, ...others.slice(1)].map((key) => issue(key)),
  ],
  [
    'VCI-8.3-4 more copies than keys',
    'credential_substituted',
    (keys, issue) => [...keys, keyPair().publicJwk].map((key) => issue(key)),
  ],
  [
    'VCI-3.3.2-1 copies that do not say the same',
    'credential_substituted',
    lastIssued({ claims: { nationalities: ['ZZZ', 'UTO'] } }),
  ],
  [
    'VCI-3.3.2-1 a copy that says more than the others',
    'credential_substituted',
    lastIssued({ claims: { middle_name: 'Specimen' } }),
  ],
  [
    'VCI-3.3.2-1 a copy that shows more at once than the others',
    'credential_substituted',
    lastIssued({ frame: { ...specimenFrame, address: {} } }),
  ],
  ['copies of different issuers', 'credential_substituted', lastIssued({ by: stranger })],
  ['a copy whose signature was changed', 'credential_refused: issuer_signature', last(withOtherSignature)],
  ['a copy whose contents were changed', 'credential_refused: issuer_signature', last(withOtherPayload)],
  [
    'a copy that somebody else signed in the name of the issuer',
    'credential_refused: issuer_signature',
    (keys, issue) => keys.map((key, place) => (place < 3 ? issue(key) : resigned(issue(key)))),
  ],
  ['a copy that has expired', 'credential_refused: validity', lastIssued({ claims: { exp: NOW - 60 } })],
  ['a copy that is not valid yet', 'credential_refused: validity', lastIssued({ claims: { nbf: NOW + 60 } })],
  ['a copy dated in the future', 'credential_refused: validity', lastIssued({ claims: { iat: NOW + 60 } })],
  [
    'a copy with a disclosure that belongs to nothing',
    'credential_refused: disclosures',
    last(
      (compact) => `${compact}${writeDisclosure({ salt: 'x'.repeat(22), name: 'role', value: 'admin' })}~`,
    ),
  ],
  [
    'a copy with a disclosure that is repeated',
    'credential_refused: disclosures',
    last((compact) => `${compact}${compact.split('~')[1]}~`),
  ],
  [
    'a copy with a key binding JWT attached',
    'credential_refused: format',
    last((compact) => compact + sign({ alg: 'ES256', typ: 'kb+jwt' }, { iat: NOW }, stranger)),
  ],
  [
    'VCI-A.3-2 a copy without its last tilde',
    'credential_refused: format',
    last((compact) => compact.slice(0, -1)),
  ],
  ['a copy that is no SD-JWT', 'credential_refused: format', last(() => 'credential')],
  [
    'a copy with the typ of another token',
    'credential_refused: format',
    lastIssued({ header: { typ: 'JWT' } }),
  ],
  [
    'a copy whose end could be withheld',
    'credential_refused: claims',
    lastIssued({ frame: { ...specimenFrame, _sd: ['exp'] } }),
  ],
]

for (const [what, outcome, credentials] of refused) {
  test(`${what} is refused (${outcome}): nothing is kept, and the keys are destroyed`, async () => {
    const issuer = testIssuer({ credentials })
    const { holder, store } = world({ issuer })
    expect(await refusalOf(holder, issuer.link)).toBe(outcome)
    expect(issuer.asked.at(-1)).toBe('credential')
    expect(await textIn(store)).toBe('')
  })
}

const answered: readonly [what: string, outcome: string, ports: Partial<HolderPorts>][] = [
  ['a credential that was revoked when it came', 'credential_refused: status', statusOf({ status: 1 })],
  ['a credential that was suspended when it came', 'credential_refused: status', statusOf({ status: 2 })],
  [
    'a credential whose status list breaks the rules',
    'credential_refused: status',
    statusOf({ refused: 'The list is not signed by its issuer.' }),
  ],
  [
    'a credential whose issuer has no such key',
    'credential_refused: issuer_key',
    keyOf({ refused: 'There is none.' }),
  ],
  [
    'a credential of a DID that a trust list forbids',
    'issuer_not_trusted',
    {
      trust: {
        mayIssue: ({ issuer }) =>
          issuer === ISSUER
            ? { decision: 'trusted', why: 'It is on the list.' }
            : { decision: 'not_trusted', why: 'It is not on the list.' },
        mayAsk: () => ({ decision: 'undetermined', why: 'The person decides.' }),
      },
    },
  ],
]

for (const [what, outcome, ports] of answered) {
  test(`${what} is refused (${outcome}): nothing is kept, and the keys are destroyed`, async () => {
    const { holder, issuer, store } = world({ ports })
    expect(await refusalOf(holder, issuer.link)).toBe(outcome)
    expect(await textIn(store)).toBe('')
  })
}

test.each([
  ['status list', statusOf({ undetermined: 'The list cannot be reached.' })],
  ['issuer key', keyOf({ undetermined: 'The DID cannot be resolved for now.' })],
])('a %s that cannot be had for now ends nothing: the same copies are judged later', async (_, ports) => {
  const first = world({ ports })
  const { issuer, store } = first
  expect(await outcomeOf(() => first.holder.accept(issuer.link))).toBe('credential_undetermined')
  const [pending] = await first.holder.pending()
  expect(pending?.has).toBe('credentials')
  expect(await namesIn(store, 'received')).toHaveLength(4)
  expect(await first.holder.credentials()).toEqual([])
  const again = world({ issuer, store })
  expect(await again.holder.resume(pending?.id ?? '')).toMatchObject({ credentials: [{ copies: 4 }] })
  expect(again.sent).toEqual([])
  expect(await namesIn(store, 'received')).toEqual([])
  expect(await keysIn(store)).toHaveLength(4)
})

test('VCI-13.5-1 an issuer that signs with another DID than before is refused, and what was held stays', async () => {
  const issuer = testIssuer({ grant: { tx_code: undefined } })
  const { holder, store } = world({ issuer })
  await holder.accept(issuer.link)
  const before = await textIn(store)
  const other = testIssuer({
    grant: { tx_code: undefined },
    credentials: (keys, issue) => keys.map((key) => issue(key, { by: stranger })),
  })
  const later = world({ issuer: other, store })
  expect(await outcomeOf(() => later.holder.accept(other.link))).toBe('issuer_changed')
  expect(await textIn(store)).toBe(before)
  const same = testIssuer({ grant: { tx_code: undefined } })
  expect(await world({ issuer: same, store }).holder.accept(same.link)).toMatchObject({
    credentials: [{ copies: 4 }],
  })
})

test('an issuer may sign with another DID where a trust list vouches for it, or nothing of it is held any more', async () => {
  const changed = () =>
    testIssuer({ credentials: (keys, issue) => keys.map((key) => issue(key, { by: stranger })) })
  const trusted = { decision: 'trusted', why: 'It is on the list.' } as const
  const trust = { mayIssue: () => trusted, mayAsk: () => trusted }
  const first = world()
  await first.holder.accept(first.issuer.link)
  const listed = world({ issuer: changed(), store: first.store, ports: { trust } })
  expect(await listed.holder.accept(listed.issuer.link)).toMatchObject({
    credentials: [{ issuer: stranger.did }],
  })

  const second = world()
  const { credentialId } = theOne(await second.holder.accept(second.issuer.link))
  await second.holder.forget(credentialId)
  const later = world({ issuer: changed(), store: second.store })
  expect(await later.holder.accept(later.issuer.link)).toMatchObject({
    credentials: [{ issuer: stranger.did }],
  })
})

test('a credential that cannot be revoked is taken, and nobody is asked for its status', async () => {
  const issuer = testIssuer({
    credentials: (keys, issue) => keys.map((key) => issue(key, { claims: { status: undefined } })),
  })
  const { holder } = world({ issuer, ports: statusOf({ status: 1 }) })
  expect(await holder.accept(issuer.link)).toMatchObject({ credentials: [{ copies: 4 }] })
})

test('a credential says when the first of its copies ends, and none where none ends', async () => {
  const ends = testIssuer({
    credentials: (keys, issue) =>
      keys.map((key, place) => issue(key, { claims: { exp: NOW + 1000 - place } })),
  })
  expect(await world({ issuer: ends }).holder.accept(ends.link)).toMatchObject({
    credentials: [{ expiresAt: NOW + 997 }],
  })
  const endless = testIssuer({
    credentials: (keys, issue) => keys.map((key) => issue(key, { claims: { exp: undefined } })),
  })
  expect(await world({ issuer: endless }).holder.accept(endless.link)).not.toHaveProperty('expiresAt')
})

test('a large batch is kept while it is judged, although it does not fit into one record', async () => {
  const portrait = 'A'.repeat(400_000)
  const issuer = testIssuer({
    credentials: (keys, issue) =>
      keys.map((key) => issue(key, { claims: { portrait }, frame: { ...specimenFrame, _sd: ['portrait'] } })),
  })
  const { holder } = world({ issuer })
  expect(await holder.accept(issuer.link)).toMatchObject({ credentials: [{ copies: 4 }] })
})

test('the log says what was received, and no value of it', async () => {
  const { holder, issuer, store } = world()
  await holder.accept(issuer.link)
  const entries = []
  for await (const entry of holder.log()) entries.push(entry)
  expect(entries).toEqual([
    { at: NOW, event: 'received', credentialIssuer: ISSUER, vct: expect.any(String), copies: 4 },
  ])
  expect(JSON.stringify(entries)).not.toContain(specimen.given_name)
  expect(await namesIn(store, 'issuance')).toEqual([])
})

/** The code, and the check that failed if the report of one did. */
async function refusalOf(holder: Holder, link: string): Promise<string> {
  try {
    await holder.accept(link)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof HolderError)) throw error
    const check = /fails its check "(\w+)"/.exec(error.message)?.[1]
    return check === undefined ? error.code : `${error.code}: ${check}`
  }
}

function statusOf(answer: StatusAnswer): Partial<HolderPorts> {
  return { statusOf: () => answer }
}

function keyOf(answer: KeyAnswer): Partial<HolderPorts> {
  return { resolveKey: () => answer }
}

function withOtherSignature(compact: string): string {
  const [jwt = '', ...rest] = compact.split('~')
  const [header, payload] = jwt.split('.')
  return [`${header}.${payload}.${'A'.repeat(86)}`, ...rest].join('~')
}

function withOtherPayload(compact: string): string {
  const [jwt = '', ...rest] = compact.split('~')
  const [header, payload = '', signature] = jwt.split('.')
  const changed = writeBase64urlText(readBase64urlText(payload).replace('"iat":', '"iat":1'))
  return [`${header}.${changed}.${signature}`, ...rest].join('~')
}

function resigned(compact: string): string {
  const [jwt = '', ...rest] = compact.split('~')
  const [header, payload] = jwt.split('.', 2).map((part) => JSON.parse(readBase64urlText(part)))
  return [sign(header, payload, stranger), ...rest].join('~')
}

test('SDJ-7.1-17 a credential tells that digests in it stand for nothing that was handed out', async () => {
  const frame = { _sd: ['given_name', 'family_name'] }
  const whole = testIssuer({ credentials: (keys, issue) => keys.map((key) => issue(key, { frame })) })
  const here = world({ issuer: whole })
  expect(await here.holder.accept(whole.link)).not.toHaveProperty('undisclosed')
  const keepsBack = testIssuer({
    credentials: (keys, issue) => keys.map((key) => withoutDisclosure(issue(key, { frame }), 'given_name')),
  })
  const there = world({ issuer: keepsBack })
  expect(await there.holder.accept(keepsBack.link)).toMatchObject({ credentials: [{ undisclosed: 1 }] })
  expect(await there.holder.credentials()).toMatchObject([{ undisclosed: 1 }])
})

function withoutDisclosure(compact: string, claim: string): string {
  const { jwt, disclosures } = splitSdJwt(compact)
  return writeSdJwt(
    jwt,
    disclosures.filter((encoded) => readDisclosure(encoded).name !== claim),
  )
}
