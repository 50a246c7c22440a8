import { checkSignatures, hash, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readCertificate } from '../certificate/certificate.ts'
import { readRevocationList } from '../certificate/crl.ts'
import { keysOf, now, root } from './authority.test-support.ts'
import { hasAuthority, isClientOf, writeKeyIdentifier, x509Hash } from './client-id.ts'
import { beginPath, checksOfPath, judgePath } from './path.ts'
import type { PathOutcome } from './path-outcome.ts'
import type { PathRules } from './path-rules.ts'
import { readX5c } from './pem.ts'
import { purposes } from './purpose.ts'

function judge(x5c: readonly Uint8Array[], rules: PathRules): PathOutcome {
  const path = beginPath(x5c, rules)
  return judgePath(path, checkSignatures(checksOfPath(path)), hash)
}

function said(outcome: PathOutcome): string {
  return outcome.outcome === 'proven' ? 'proven' : `${outcome.outcome} ${outcome.code} ${outcome.at}`
}

interface Stored extends Omit<PathRules, 'anchors' | 'revocationLists'> {
  readonly x5c: readonly string[]
  readonly anchors: readonly string[]
  readonly revocationLists?: readonly string[]
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/path/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { x5c, anchors, revocationLists = [], ...rules } = input as Stored
    const outcome = judge(readX5c([...x5c]), {
      ...rules,
      anchors: anchors.map((text, at) => ({
        id: `anchor ${at}`,
        certificate: readCertificate(Buffer.from(text, 'base64')),
      })),
      revocationLists: revocationLists.map((text) => readRevocationList(Buffer.from(text, 'base64'))),
    })
    expect(said(outcome)).toBe(expected)
  })
}

test.each(['P-256', 'P-384', 'P-521', 'Ed25519'] as const)(
  'X509-3, X509-4 a key of %s issues and is certified',
  async (curve) => {
    const anchor = await root({ curve })
    const keys = await keysOf(curve)
    const party = await anchor.issue({ keys })
    const outcome = judge([party.der], { anchors: [{ id: 'root', certificate: anchor.certificate }], now })
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey)
    expect(outcome).toMatchObject({
      outcome: 'proven',
      key: y === undefined ? { kty, crv, x } : { kty, crv, x, y },
    })
  },
)

type ConstraintsKind = 'permitted' | 'excluded'

test.each<[ConstraintsKind, string, string, string]>([
  ['permitted', '.gov.example', 'a.gov.example', 'proven'],
  ['permitted', '.gov.example', 'a.b.GOV.example', 'proven'],
  ['permitted', '.gov.example', 'gov.example', 'refused name_not_permitted 0'],
  ['permitted', '.gov.example', 'agov.example', 'refused name_not_permitted 0'],
  ['excluded', '.gov.example', 'a.gov.example', 'refused name_not_permitted 0'],
  ['excluded', '.gov.example', 'gov.example', 'proven'],
  ['permitted', '', 'a.example', 'proven'],
  ['excluded', '', 'a.example', 'refused name_not_permitted 0'],
])('X509-26 what is %s below "%s" holds for %s: %s', async (kind, base, host, expected) => {
  expect(await saidBelow(kind, base, host)).toBe(expected)
})

test.each(['*.gov.example', '..gov.example', '.', 'gov.example.', 'gov..example'])(
  'X509-26 a constraint on "%s" is none, and refuses its certificate',
  async (base) => {
    expect(await saidBelow('permitted', base, 'a.gov.example')).toBe('refused unreadable 1')
  },
)

async function saidBelow(kind: ConstraintsKind, base: string, host: string): Promise<string> {
  const nested = (tag: number, inner: Buffer): Buffer =>
    Buffer.concat([Buffer.from([tag, inner.length]), inner])
  const subtrees = nested(0x30, nested(0x82, Buffer.from(base)))
  const constraints = nested(0x30, nested(kind === 'permitted' ? 0xa0 : 0xa1, subtrees))
  const anchor = await root()
  const middle = await anchor.issue({
    name: 'C=UTO, O=Middle',
    pathLength: 0,
    more: [['2.5.29.30', true, constraints.toString('hex')]],
  })
  const party = await middle.issue({ dns: [host] })
  const anchors = [{ id: 'root', certificate: anchor.certificate }]
  return said(judge([party.der, middle.der], { anchors, now }))
}

test('X509-15 tells key, identity, anchor and until when, and nothing more', async () => {
  const anchor = await root({ until: now + 5000 })
  const middle = await anchor.issue({ name: 'C=UTO, O=Middle', pathLength: 0, until: now + 4000 })
  const party = await middle.issue({
    name: 'C=UTO, O=Bar Zum Ufer, CN=verifier',
    dns: ['Verifier.Example', 'other.example'],
    purposes: purposes.verifier,
    until: now + 3000,
  })
  const list = readRevocationList(await middle.revoke(['0badc0de'], { until: now + 2000 }))
  const outcome = judge([party.der, middle.der], {
    anchors: [{ id: 'registry', certificate: anchor.certificate }],
    now,
    purposes: purposes.verifier,
    revocationLists: [list],
  })
  expect(outcome).toEqual({
    outcome: 'proven',
    key: party.certificate.key,
    identity: {
      anchor: 'registry',
      subject: 'C=UTO, O=Bar Zum Ufer, CN=verifier',
      sanDns: ['verifier.example', 'other.example'],
      sanUris: [],
      sha256: hash('sha-256', party.der),
    },
    authorityKeyIdentifiers: [party, middle].map(({ certificate }) =>
      writeKeyIdentifier(certificate.extensions.authorityKeyIdentifier ?? new Uint8Array()),
    ),
    validUntil: now + 2000,
    notes: ['A certificate was not looked up in any revocation list.'],
  })
})

test('X509-15 words of refusals quote no certificate', async () => {
  const anchor = await root()
  const party = await anchor.issue({ name: 'O=SPECIMEN', dns: ['specimen.example'], until: now - 10 })
  const stranger = await root({ name: 'O=SPECIMEN' })
  const rules = { anchors: [{ id: 'root', certificate: anchor.certificate }], now }
  for (const chain of [[party.der], [stranger.der], [party.der, stranger.der]]) {
    const outcome = judge(chain, rules)
    expect(outcome.outcome).toBe('refused')
    expect(JSON.stringify(outcome).toLowerCase()).not.toContain('specimen')
  }
})

test('X509-7 of two anchors of one name, the one that signed counts', async () => {
  const [older, newer] = [await root(), await root()]
  const party = await newer.issue({})
  const anchors = [older, newer].map(({ certificate }, at) => ({ id: `root ${at}`, certificate }))
  expect(judge([party.der], { anchors, now })).toMatchObject({ identity: { anchor: 'root 1' } })
  expect(said(judge([party.der], { anchors: anchors.slice(0, 1), now }))).toBe('refused anchor_unknown 0')
})

test('X509-7 a chain ends at the first anchor, and what stands behind it helps nobody', async () => {
  const top = await root()
  const middle = await top.issue({ name: 'O=Middle', pathLength: 0 })
  const party = await middle.issue({})
  const pinned = { anchors: [{ id: 'middle', certificate: middle.certificate }], now }
  expect(judge([party.der], pinned)).toMatchObject({
    identity: { anchor: 'middle' },
    notes: [expect.any(String)],
  })
  expect(said(judge([party.der, middle.der, top.der], pinned))).toBe('proven')
  const above = { anchors: [{ id: 'top', certificate: top.certificate }], now }
  expect(said(judge([party.der, middle.der, top.der], above))).toBe('proven')
  expect(said(judge([party.der, top.der, middle.der], above))).toBe('refused anchor_unknown 0')
})

test('X509-5 a verdict that is missing, or one too many, is an error and no proof', async () => {
  const anchor = await root()
  const party = await anchor.issue({})
  const path = beginPath([party.der], { anchors: [{ id: 'root', certificate: anchor.certificate }], now })
  expect(checksOfPath(path)).toHaveLength(1)
  expect(outcomeOf(() => judgePath(path, [], hash))).toBe('not_ready')
  expect(outcomeOf(() => judgePath(path, ['valid', 'valid'], hash))).toBe('not_ready')
  expect(said(judgePath(path, ['key_unusable'], hash))).toBe('refused signature_invalid 0')
  const bytes = party.der.slice()
  bytes.set([(bytes.at(-1) ?? 0) ^ 1], bytes.length - 1)
  expect(said(judge([bytes], { anchors: [{ id: 'root', certificate: anchor.certificate }], now }))).toBe(
    'refused signature_invalid 0',
  )
})

test('X509-16 a client id is that of the certificate, by its hash or by a DNS name in it', async () => {
  const anchor = await root()
  const party = await anchor.issue({ dns: ['verifier.example', '*.wild.example'] })
  const outcome = judge([party.der], { anchors: [{ id: 'root', certificate: anchor.certificate }], now })
  if (outcome.outcome !== 'proven') return expect.unreachable()
  const { identity } = outcome
  expect(isClientOf(`x509_hash:${x509Hash(party.der, hash)}`, identity)).toBe(true)
  expect(isClientOf('x509_san_dns:verifier.example', identity)).toBe(true)
  for (const other of [
    `x509_hash:${x509Hash(anchor.der, hash)}`,
    `x509_hash:${x509Hash(party.der, hash)}=`,
    'x509_hash:',
    'x509_san_dns:example',
    'x509_san_dns:a.verifier.example',
    'x509_san_dns:VERIFIER.example',
    'x509_san_dns:a.wild.example',
    'x509_san_dns:*.wild.example',
    'x509_san_dns:',
    'verifier.example',
    `x509_san_dns:${identity.sha256}`,
  ]) {
    expect([other, isClientOf(other, identity)]).toEqual([other, false])
  }
})

test('X509-17 an authority of the chain is found by its key identifier', async () => {
  const anchor = await root()
  const middle = await anchor.issue({ name: 'O=Middle', pathLength: 0 })
  const party = await middle.issue({})
  const rules = { anchors: [{ id: 'root', certificate: anchor.certificate }], now }
  const outcome = judge([party.der, middle.der], rules)
  if (outcome.outcome !== 'proven') return expect.unreachable()
  for (const authority of [middle, anchor]) {
    const identifier = authority.certificate.extensions.subjectKeyIdentifier ?? new Uint8Array()
    expect(hasAuthority(outcome, ['AAAA', writeKeyIdentifier(identifier)])).toBe(true)
  }
  const own = writeKeyIdentifier(party.certificate.extensions.subjectKeyIdentifier ?? new Uint8Array())
  expect(hasAuthority(outcome, [own])).toBe(false)
  expect(hasAuthority(outcome, [])).toBe(false)
})

test('X509-18 more certificates, and larger ones, are not read', async () => {
  const anchor = await root()
  const rules = { anchors: [{ id: 'root', certificate: anchor.certificate }], now }
  expect(
    said(
      judge(
        Array.from({ length: 6 }, () => anchor.der),
        rules,
      ),
    ),
  ).toBe('refused unreadable 0')
  expect(said(judge([], rules))).toBe('refused unreadable 0')
  expect(said(judge([new Uint8Array(16_385)], rules))).toBe('refused unreadable 0')
  expect(outcomeOf(() => readX5c(['a'.repeat(30_000)]))).toBe('certificates_too_large')
  expect(outcomeOf(() => readX5c(Array.from({ length: 6 }, () => 'AAAA')))).toBe('certificates_too_large')
  expect(outcomeOf(() => readRevocationList(new Uint8Array(1_048_577)))).toBe('certificates_too_large')
})
