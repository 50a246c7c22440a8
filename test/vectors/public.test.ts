/** What the standards' own examples say, where the folder of public vectors lies beside the checkout. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readBase64url } from '@facet-id/credential/base64url'
import { openSdJwt, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { createStatusBits, setStatus, statusAt } from '@facet-id/credential/status-list'
import { hash, inflate } from '@facet-id/crypto/node'
import { readCredentialOffer } from '@facet-id/protocol/openid4vci'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
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
  claims_alternatives: 'feature_unsupported',
  complex_mdoc: 'feature_unsupported',
  credentials_alternatives: 'feature_unsupported',
  multi_credentials: 'feature_unsupported',
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

function text(folder: string | undefined, ...path: readonly string[]): string {
  return readFileSync(join(folder ?? '', ...path), 'utf8')
}
