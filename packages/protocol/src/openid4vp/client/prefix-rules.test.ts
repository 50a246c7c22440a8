import { expect, test } from 'vitest'
import { readClientId } from './client-id.ts'
import { isAddressOf, type KnownAddresses, prefixRules } from './prefix-rules.ts'

const hash = 'Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk'
const here = 'https://verifier.example/responses/1'
const elsewhere = 'https://evil.example/responses/1'

test('VP-8.5-8 each prefix says whether a request is signed, and by whose key', () => {
  const rules = Object.entries(prefixRules).map(([prefix, { signature, key }]) => [prefix, signature, key])
  expect(rules).toEqual([
    ['decentralized_identifier', 'required', 'did'],
    ['openid_federation', 'required', 'federation'],
    ['pre-registered', 'as_registered', 'registration'],
    ['redirect_uri', 'forbidden', 'none'],
    ['verifier_attestation', 'required', 'attestation'],
    ['x509_hash', 'required', 'certificate'],
    ['x509_san_dns', 'required', 'certificate'],
  ])
})

const bound: readonly [client: string, address: string, known: KnownAddresses, is: boolean][] = [
  [`redirect_uri:${here}`, here, {}, true],
  [`redirect_uri:${here}`, `${here}?a=b`, {}, false],
  [`redirect_uri:${here}`, elsewhere, { trustedFreely: true }, false],
  ['x509_san_dns:verifier.example', here, {}, true],
  ['x509_san_dns:verifier.example', 'https://VERIFIER.example:8443/x', {}, true],
  ['x509_san_dns:verifier.example', 'https://sub.verifier.example/', {}, false],
  ['x509_san_dns:verifier.example', 'https://verifier.example.evil.example/', {}, false],
  ['x509_san_dns:verifier.example', elsewhere, {}, false],
  ['x509_san_dns:verifier.example', elsewhere, { trustedFreely: true }, true],
  ['x509_san_dns:verifier.example', 'verifier.example', {}, false],
  ['x509_san_dns:verifier.example', elsewhere, { addresses: [elsewhere] }, false],
  [`x509_hash:${hash}`, elsewhere, {}, true],
  [`x509_hash:${hash}`, elsewhere, { addresses: [here] }, false],
  ['decentralized_identifier:did:example:123', elsewhere, {}, true],
  ['decentralized_identifier:did:example:123', elsewhere, { addresses: [here] }, false],
  ['verifier_attestation:verifier.example', elsewhere, {}, true],
  ['verifier_attestation:verifier.example', elsewhere, { addresses: [here] }, false],
  ['verifier_attestation:verifier.example', here, { addresses: [here] }, true],
  ['verifier_attestation:verifier.example', here, { addresses: [] }, false],
  ['openid_federation:https://verifier.example', here, {}, false],
  ['openid_federation:https://verifier.example', here, { addresses: [here] }, true],
  ['openid_federation:https://verifier.example', elsewhere, { addresses: [here] }, false],
  ['openid_federation:https://verifier.example', elsewhere, { trustedFreely: true }, false],
  ['verifier', here, {}, false],
  ['verifier', here, { addresses: [here] }, true],
  ['verifier', `${here}/`, { addresses: [here] }, false],
]

test.each(bound)('VP-8.2-2, VP-14.4-1 %s is answered at %s, with %j: %s', (client, address, known, is) => {
  expect(isAddressOf(readClientId(client), address, known)).toBe(is)
})
