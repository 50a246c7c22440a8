import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { PRE_AUTHORIZED_CODE_GRANT } from '../oauth/token-request.ts'
import { type OfferLink, readCredentialOffer, readOfferLink, writeOfferLink } from './credential-offer.ts'

const at = (area: string): URL => new URL(`../../vectors/openid4vci/${area}/`, import.meta.url)
const development = 'https_or_loopback_http'

for (const { requirement, comment, input, expect: expected } of vectors(at('offer-link'))) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readOfferLink(String(input)))).toBe(expected)
  })
}

for (const { requirement, comment, input, expect: expected } of vectors(at('credential-offer'))) {
  test(`${requirement} ${comment}`, () => {
    const json = typeof input === 'string' ? input : JSON.stringify(input)
    expect(outcomeOf(() => readCredentialOffer(json))).toBe(expected)
  })
}

const json = `{"credential_issuer":"https://issuer.example","credential_configuration_ids":["person"],"grants":{"${PRE_AUTHORIZED_CODE_GRANT}":{"pre-authorized_code":"a b+c&d=ü","tx_code":{}}}}`

test('VCI-4.1-1, VCI-12.1-1 a link that was written is read again, and by the platform alike', () => {
  const offer = readCredentialOffer(json)
  const link = writeOfferLink({ by: 'value', offer })
  expect(readOfferLink(link)).toEqual({ by: 'value', offer })
  expect(new URL(link).protocol).toBe('openid-credential-offer:')
  expect([...new URL(link).searchParams]).toEqual([['credential_offer', json]])
})

test('VCI-4.1-1, VCI-4.1-2 a link with an address has the address and nothing else', () => {
  const reference: OfferLink = {
    by: 'reference',
    credential_offer_uri: 'https://issuer.example/offers/1?x=y',
  }
  const link = writeOfferLink(reference)
  expect([...new URL(link).searchParams]).toEqual([['credential_offer_uri', reference.credential_offer_uri]])
  expect(readOfferLink(link)).toEqual(reference)
})

test('VCI-4.1-2 an address on plain http is taken in development mode only, and to this machine', () => {
  const link = writeOfferLink({ by: 'reference', credential_offer_uri: 'http://127.0.0.1:4001/offers/1' })
  expect(outcomeOf(() => readOfferLink(link))).toBe('https_required')
  expect(readOfferLink(link, development).by).toBe('reference')
})

test('VCI-12.2.1-1 an issuer on this machine is taken on plain http in development mode only', () => {
  const local = json.replace('https://issuer.example', 'http://localhost:4001')
  expect(outcomeOf(() => readCredentialOffer(local))).toBe('https_required')
  expect(readCredentialOffer(local, development).credential_issuer).toBe('http://localhost:4001')
})

test('VCI-13.5-1 an offer of more than 64 KiB is refused', () => {
  const large = { ...JSON.parse(json), x: 'a'.repeat(66_000) }
  expect(outcomeOf(() => readCredentialOffer(JSON.stringify(large)))).toBe('message_too_large')
})

test('VCI-4.1.1-8 an empty transaction code object stays in the offer', () => {
  expect(readCredentialOffer(json).grants[PRE_AUTHORIZED_CODE_GRANT]).toEqual({
    'pre-authorized_code': 'a b+c&d=ü',
    tx_code: {},
  })
})
