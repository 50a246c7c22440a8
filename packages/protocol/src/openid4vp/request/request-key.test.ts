/** How the header of a request object names its key, by the prefix of the client. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput, writeX5c } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { writeVerifierAttestationInput } from '../client/verifier-attestation.ts'
import { readRequestObjectJwt } from './request-object-jwt.ts'

const signer = signerOf(keyPair().privateJwk)
const sign = (input: string): string => writeJws(input, signer.sign(utf8(input)))

const hash = 'x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk'
const dns = 'x509_san_dns:verifier.example'
const did = 'decentralized_identifier:did:example:123'
const attested = 'verifier_attestation:verifier.example'
const member = 'openid_federation:https://verifier.example'
const address = 'redirect_uri:https://verifier.example/responses'

const attestation = {
  iss: 'https://attester.example',
  sub: 'verifier.example',
  exp: 1_800_000_000,
  cnf: { jwk: keyPair().publicJwk },
}
const jwt = sign(writeVerifierAttestationInput(attestation, { alg: 'ES256', kid: '1' }))
const ofAnother = sign(writeVerifierAttestationInput({ ...attestation, sub: 'other' }, { alg: 'ES256' }))
const x5c = writeX5c([new Uint8Array(3)])

function read(client_id: string, header: JsonObject) {
  const token = sign(
    writeSigningInput({ alg: 'ES256', typ: 'oauth-authz-req+jwt', ...header }, { client_id }),
  )
  return readRequestObjectJwt(token, { client_id, request: token })
}

test.each<[client: string, header: JsonObject, key: object]>([
  [did, { kid: 'did:example:123#1' }, { by: 'did', kid: 'did:example:123#1' }],
  [hash, { x5c }, { by: 'certificate', x5c: [new Uint8Array(3)] }],
  [dns, { x5c, kid: 'x' }, { by: 'certificate', x5c: [new Uint8Array(3)] }],
  [attested, { jwt }, { by: 'attestation', attestation }],
  [member, { kid: '1' }, { by: 'federation', kid: '1' }],
  [member, { trust_chain: ['a', 'b'] }, { by: 'federation', trustChain: ['a', 'b'] }],
  ['verifier', { kid: '1' }, { by: 'registration', kid: '1' }],
  ['verifier', {}, { by: 'registration' }],
])(
  'VP-5.9.3-2, VP-5.9.3-4, VP-5.9.3-5, VP-5.9.3-6 the key of %s is where its prefix says',
  (client, header, key) => {
    expect(read(client, header).key).toMatchObject(key)
  },
)

test.each<[what: string, client: string, header: JsonObject, code: string]>([
  ['VP-5.9.3-6 no certificates', hash, { kid: '1' }, 'message_malformed'],
  ['VP-5.9.3-5 no certificates', dns, {}, 'message_malformed'],
  ['VP-5.9.3-4 no attestation', attested, {}, 'message_malformed'],
  ['VP-5.9.3-4 the attestation of another client', attested, { jwt: ofAnother }, 'message_malformed'],
  [
    'VP-5.9.3-4 an attestation that is none',
    attested,
    { jwt: sign(writeSigningInput({ alg: 'ES256', typ: 'JWT' }, {})) },
    'jws_typ_unexpected',
  ],
  ['VP-5.9.3-1 a signature', address, {}, 'message_malformed'],
  [
    'VP-8.5-8 certificates of what is proven by a DID',
    did,
    { kid: 'did:example:123#1', x5c },
    'jws_header_forbidden',
  ],
  ['VP-8.5-8 certificates of what is registered', 'verifier', { x5c }, 'jws_header_forbidden'],
  ['VP-8.5-8 certificates of what is attested', attested, { jwt, x5c }, 'jws_header_forbidden'],
  ['VP-5.9.3-2 a trust chain that is no list', member, { trust_chain: 'a' }, 'message_malformed'],
  [
    'VP-5.9.3-2 a trust chain with something else in it',
    member,
    { trust_chain: ['a', 1] },
    'message_malformed',
  ],
  [
    'VP-5-7 a trust chain that is too long',
    member,
    { trust_chain: Array.from({ length: 11 }, () => 'a') },
    'message_too_large',
  ],
])('%s in the request of its client refuses it', (_, client, header, code) => {
  expect(outcomeOf(() => read(client, header))).toBe(code)
})
