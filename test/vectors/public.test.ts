/** What the standards' own examples say, where the folder of public vectors lies beside the checkout. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readBase64url } from '@facet-id/credential/base64url'
import { writeIssuerMetadata } from '@facet-id/credential/issuer-metadata'
import { openSdJwt, splitSdJwt } from '@facet-id/credential/sd-jwt'
import {
  beginJudgement,
  type Expectations,
  nextQuestion,
  type Report,
  reportOf,
  takeAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import { createStatusBits, setStatus, statusAt } from '@facet-id/credential/status-list'
import { checkSignatures, hash, inflate } from '@facet-id/crypto/node'
import { readCredentialOffer } from '@facet-id/protocol/openid4vci'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { createIssuerMetadataKeys } from '@facet-id/resolve'
import { outcomeOf, sharedVectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'

const statusLists = sharedVectors('token-status-list')
const issuance = sharedVectors('openid4vci')
const presentation = sharedVectors('openid4vp')

for (const name of ['1-bit', '4-bit']) {
  test.skipIf(statusLists === undefined)(
    `TSL-4.1-3 the ${name} list of the draft says what its appendix says`,
    async () => {
      const { lst, entries, values, bits } = JSON.parse(text(statusLists, `${name}.json`))
      const bytes = await inflate(readBase64url(lst), (entries * bits) / 8)
      const found = Array.from({ length: entries }, (_, index) => [
        String(index),
        statusAt(bytes, bits, index),
      ])
      expect(Object.fromEntries(found.filter(([, status]) => status !== 0))).toEqual(values)
      const written = createStatusBits(entries, bits)
      for (const [index, status] of found) setStatus(written, bits, Number(index), Number(status))
      expect(Buffer.compare(written, bytes)).toBe(0)
    },
  )
}

test.skipIf(statusLists === undefined)('TSL-4.1-3 no list of the draft is left out above', () => {
  expect(readdirSync(statusLists ?? '').sort()).toEqual(['1-bit.json', '4-bit.json'])
})

test.skipIf(issuance === undefined)(
  'VCI-4.1.1-8 the example of an offer with a transaction code is read',
  () => {
    const { grants } = readCredentialOffer(text(issuance, 'credential_offer_pre-authz_code.json'))
    expect(Object.values(grants)).toEqual([
      { 'pre-authorized_code': expect.any(String), tx_code: { description: expect.any(String) } },
    ])
  },
)

const queries = {
  simple: 'accepted',
  value_matching_simple: 'accepted',
  claims_alternatives: 'accepted',
  complex_mdoc: 'feature_unsupported',
  credentials_alternatives: 'accepted',
  multi_credentials: 'accepted',
  simple_mdoc: 'feature_unsupported',
}

for (const [name, expected] of Object.entries(queries)) {
  test.skipIf(presentation === undefined)(`VP-6-1 the example query "${name}" is ${expected}`, () => {
    const query = JSON.parse(text(presentation, 'query_lang', `${name}.json`))
    expect(outcomeOf(() => readDcqlQuery(query))).toBe(expected)
  })
}

test.skipIf(presentation === undefined)(
  'SDJ-7.1-6 the example presentation opens to its verified contents',
  () => {
    const compact = text(presentation, 'sd_jwt_vcld', '01', 'sd_jwt_presentation.txt').replace(/\s/g, '')
    const payload = JSON.parse(text(presentation, 'sd_jwt_vcld', '01', 'sd_jwt_payload.json'))
    const { claims } = openSdJwt(payload, splitSdJwt(compact).disclosures, hash)
    expect(claims).toEqual(JSON.parse(text(presentation, 'sd_jwt_vcld', '01', 'verified_contents.json')))
  },
)

/** The key that the examples are signed with, in the metadata that their issuers would publish. */
function judging(issuer: string, kid?: string) {
  const [, x = ''] = /x: (b28d[\w-]+)/.exec(text(presentation, 'sd_jwt_vcld', 'settings.yml')) ?? []
  const [, y = ''] = /y: (Xv5z[\w-]+)/.exec(text(presentation, 'sd_jwt_vcld', 'settings.yml')) ?? []
  const key = { kty: 'EC', crv: 'P-256', x, y, ...(kid === undefined ? {} : { kid }) } as const
  const asked: string[] = []
  const { keyOf } = createIssuerMetadataKeys({
    now: () => 0,
    transport: {
      async send({ url }) {
        asked.push(url)
        const body = writeIssuerMetadata(issuer, [key])
        return { status: 200, headers: { 'content-type': 'application/json' }, body }
      },
    },
  })
  return { asked, keyOf }
}

async function judged(
  compact: string,
  expected: Pick<Expectations, 'keyBinding' | 'now'>,
  { keyOf }: ReturnType<typeof judging>,
): Promise<Report> {
  const policy = {
    skewSeconds: 0,
    algs: ['ES256'],
    status: 'when_present',
    issuerKeys: { taken: ['jwt_vc_issuer'] },
  } as const
  let judgement = beginJudgement(compact, { ...policy, ...expected }, hash)
  for (let question = nextQuestion(judgement); question !== undefined; question = nextQuestion(judgement)) {
    if (question.ask === 'issuer_key' && question.by === 'jwt_vc_issuer') {
      judgement = takeAnswer(judgement, { to: 'issuer_key', ...(await keyOf(question)) })
    } else if (question.ask === 'verdicts') {
      judgement = takeAnswer(judgement, { to: 'verdicts', verdicts: await checkSignatures(question.checks) })
    } else {
      judgement = takeAnswer(judgement, { to: 'trust', decision: 'trusted', why: 'The test believes it.' })
    }
  }
  return reportOf(judgement)
}

test.skipIf(presentation === undefined)(
  'SVC-2.5-3, SVC-4.1-1, SVC-4.2-2 the example presentation is verified by the key in the metadata of its issuer',
  async () => {
    const compact = text(presentation, 'sd_jwt_vcld', '01', 'sd_jwt_presentation.txt').replace(/\s/g, '')
    const world = judging('https://issuer.example.com')
    const audience = 'https://verifier.example.org'
    const keyBinding = { binding: 'required', nonce: '1234567890', audience, maxAgeSeconds: 60 } as const
    const { verified, credential, checks } = await judged(compact, { keyBinding, now: 1_744_743_400 }, world)
    expect(checks.flatMap(({ reason }) => reason ?? [])).toEqual([])
    expect(verified).toBe(true)
    expect(credential).toMatchObject({ issuer: 'https://issuer.example.com', issuerKnownBy: 'jwt_vc_issuer' })
    expect(world.asked).toEqual(['https://issuer.example.com/.well-known/jwt-vc-issuer'])
  },
)

test.skipIf(issuance === undefined || presentation === undefined)(
  'SVC-2.5-3, SVC-4.1-1 the example of an issued credential is verified by the key that its header names',
  async () => {
    const { credentials } = JSON.parse(
      text(issuance, 'credential_response_sd_jwt_vc.txt')
        .replace(/^[^{]*/, '')
        .replace(/\n\s*/g, ''),
    )
    const world = judging('https://example.com/issuer', 'doc-signer-05-25-2022')
    const when = { keyBinding: { binding: 'forbidden' }, now: 1_750_000_000 } as const
    const { verified, checks } = await judged(credentials[0].credential, when, world)
    expect(checks.flatMap(({ reason }) => reason ?? [])).toEqual([])
    expect(verified).toBe(true)
    expect(world.asked).toEqual(['https://example.com/.well-known/jwt-vc-issuer/issuer'])
    const other = judging('https://example.com/issuer', 'another')
    expect((await judged(credentials[0].credential, when, other)).verified).toBe(false)
  },
)

function text(folder: string | undefined, ...path: readonly string[]): string {
  return readFileSync(join(folder ?? '', ...path), 'utf8')
}
