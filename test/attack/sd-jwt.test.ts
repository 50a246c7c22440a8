/**
 * Disclosures that say more than the issuer meant, or mean it otherwise to another reader. The issuer itself is
 * in on it: every token here is signed as it stands, and the holder binds itself to what it shows.
 */
import { writeBase64urlText } from '@facet-id/credential/base64url'
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { hash } from '@facet-id/crypto/node'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { memoryStage } from '../flow/memory.ts'
import { personConfiguration, specimen } from '../flow/specimen.ts'
import { type RewriteCredential, receiving, type Seen, showing } from './doors.ts'

let salts = 0

function disclosureOf(...content: readonly JsonValue[]): string {
  return writeBase64urlText(JSON.stringify([`salt-${salts++}-of-sixteen-bytes`, ...content]))
}

const digestOf = (disclosure: string): string => hash('sha-256', disclosure)

/** With a disclosure more, which the payload refers to. */
function withDisclosure(
  content: (payload: JsonObject) => readonly JsonValue[],
  without: readonly string[] = [],
): RewriteCredential {
  return async ({ header, payload, disclosures, sign }) => {
    const added = disclosureOf(...content(payload))
    const kept = Object.fromEntries(Object.entries(payload).filter(([name]) => !without.includes(name)))
    const jwt = await sign(header, { ...kept, _sd: [...digestsOf(payload), digestOf(added)] })
    return { jwt, disclosures: [...disclosures, added] }
  }
}

function withPayload(change: (payload: JsonObject) => JsonObject): RewriteCredential {
  return async ({ header, payload, disclosures, sign }) => ({
    jwt: await sign(header, change(payload)),
    disclosures,
  })
}

function withDisclosures(change: (disclosures: readonly string[]) => readonly string[]): RewriteCredential {
  return async ({ text, disclosures }) => ({ jwt: text, disclosures: change(disclosures) })
}

function digestsOf({ _sd }: JsonObject): readonly JsonValue[] {
  return Array.isArray(_sd) ? _sd : []
}

/** At both doors: what the verifier's report says, and the wallet's own code. */
async function refusedBy(rewrite: RewriteCredential): Promise<string> {
  const wallet = await receiving(rewrite)
  expect(wallet.outcome).toBe('credential_refused')
  return (await showing(rewrite)).outcome
}

test('the tokens that are forged below are taken where nothing is wrong with them', async () => {
  const honest = withDisclosure(() => ['nickname', 'Ann'])
  expect((await receiving(honest)).outcome).toBe('accepted')
  expect((await showing(honest)).outcome).toBe('accepted')
})

test.each<[string, RewriteCredential, string]>([
  [
    'the same digest twice',
    withPayload((payload) => ({ ...payload, _sd: [...digestsOf(payload), ...digestsOf(payload)] })),
    'digest_repeated',
  ],
  [
    'the same digest in two places',
    withPayload((payload) => ({ ...payload, other: { _sd: digestsOf(payload).slice(0, 1) } })),
    'digest_repeated',
  ],
  [
    'the same disclosure twice',
    withDisclosures((all) => [...all, ...all.slice(0, 1)]),
    'disclosure_repeated',
  ],
  [
    'a disclosure that no digest stands for',
    withDisclosures((all) => [...all, disclosureOf('admin', true)]),
    'disclosure_unreferenced',
  ],
])('ATK-24 %s refuses the whole, at the wallet and at the verifier', async (_, rewrite, code) => {
  expect(await refusedBy(rewrite)).toBe(code)
})

test.each<[string, RewriteCredential, string]>([
  ['_sd', withDisclosure(() => ['_sd', ['x']]), 'disclosure_name_forbidden'],
  ['...', withDisclosure(() => ['...', 'x']), 'disclosure_name_forbidden'],
  ['_sd_alg', withDisclosure(() => ['_sd_alg', 'sha-256']), 'disclosure_name_forbidden'],
  [
    'vct, which stands in the clear',
    withDisclosure(() => ['vct', 'urn:facet:test:other']),
    'disclosure_name_taken',
  ],
  [
    'iss, which stands in the clear',
    withDisclosure(({ iss }) => ['iss', iss ?? '']),
    'disclosure_name_taken',
  ],
])(
  'ATK-25 a disclosure named %s refuses the whole, at the wallet and at the verifier',
  async (_, rewrite, code) => {
    expect(await refusedBy(rewrite)).toBe(code)
  },
)

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'ATK-25 a claim named %s stays data: it is taken, and changes no other object',
  async (name) => {
    const rewrite = withDisclosure(() => [name, { admin: true }])
    const seen: Seen[] = [await receiving(rewrite), await showing(rewrite)]
    expect(seen.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted'])
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
  },
)

test.each<[string, string]>([
  ['iss', 'issuer_missing'],
  ['vct', 'claim_protected'],
  ['exp', 'claim_protected'],
  ['cnf', 'holder_key_missing'],
  ['status', 'claim_protected'],
])(
  'ATK-26 a credential whose %s came in a disclosure is refused, at the wallet and at the verifier',
  async (name, code) => {
    const rewrite = withDisclosure((payload) => [name, payload[name] ?? null], [name])
    expect(await refusedBy(rewrite)).toBe(code)
  },
)

test.each<[string, JsonValue]>([
  ['nbf', 0],
  ['aud', 'decentralized_identifier:did:example:other'],
  ['vct#integrity', 'sha256-AAAA'],
  ['aka_vcts', ['urn:facet:test:other']],
])(
  'ATK-26 a credential with a %s in a disclosure is refused, at the wallet and at the verifier',
  async (name, value) => {
    expect(await refusedBy(withDisclosure(() => [name, value]))).toBe('claim_protected')
  },
)

test.each(['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status', 'iat', 'aud', 'aka_vcts'])(
  'ATK-26 an issuer cannot be set up to disclose %s by choice, nor be made to say it of a person',
  async (name) => {
    const claims = [...personConfiguration.claims, { path: [name] }]
    const settings = { configurations: { person: { ...personConfiguration, claims } } }
    expect(outcomeOf(() => memoryStage({ issuer: { settings } }))).toBe('settings_invalid')
    const { issuer } = memoryStage()
    const offer = () => issuer.offer({ configurationId: 'person', claims: { ...specimen, [name]: 1 } })
    expect(await outcomeOf(offer)).toBe('claims_do_not_fit')
  },
)

test.each<[string, JsonValue]>([
  ['none', 'none'],
  ['md5', 'md5'],
  ['sha-1', 'sha-1'],
  ['in capital letters', 'SHA-256'],
  ['in the spelling of OpenSSL', 'sha256'],
  ['empty', ''],
  ['a number', 256],
  ['nothing', null],
  ['a list', ['sha-256']],
  ['a name that every object has', 'constructor'],
])(
  'ATK-27 a hash that is %s refuses the whole before a disclosure is hashed, at the wallet and at the verifier',
  async (_, _sd_alg) => {
    expect(await refusedBy(withPayload((payload) => ({ ...payload, _sd_alg })))).toBe('sd_alg_not_allowed')
  },
)

test.each<[string, (payload: JsonObject) => JsonObject]>([
  ['in an object', (payload) => ({ ...payload, place: { _sd_alg: 'sha-512' } })],
  ['in a list', (payload) => ({ ...payload, places: [{ _sd_alg: 'sha-256' }] })],
])(
  'ATK-27 a hash that is named %s refuses the whole, at the wallet and at the verifier',
  async (_, change) => {
    expect(await refusedBy(withPayload(change))).toBe('sd_alg_not_allowed')
  },
)

test('ATK-27 digests by another hash than the one that is named stand for nothing', async () => {
  const rewrite = withPayload((payload) => ({ ...payload, _sd_alg: 'sha-512' }))
  expect((await receiving(rewrite)).outcome).toBe('credential_refused')
})
