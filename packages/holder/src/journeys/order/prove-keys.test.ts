import { writeKeyAttestationInput } from '@facet-id/protocol/openid4vci/key-proof'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type Identity, identity, sign } from '../../identity.test-support.ts'
import { type IssuerWays, json, NOW, testIssuer } from '../../issuer.test-support.ts'
import type { HolderPorts } from '../../ports.ts'
import { keysIn, textIn, world } from '../../wallet.test-support.ts'

const provider: Identity = identity()
const algs = { proof_signing_alg_values_supported: ['ES256'] }
const attested = { ...algs, key_attestations_required: {} }

/** What the wallet's provider was asked, and what it says. */
function attesting() {
  const asked: Parameters<NonNullable<HolderPorts['keyAttestation']>>[0][] = []
  const keyAttestation: HolderPorts['keyAttestation'] = (of) => {
    asked.push(of)
    const { keys, nonce } = of
    const claims = { iat: NOW, exp: NOW + 300, attested_keys: keys.map(({ publicJwk }) => publicJwk) }
    const input = writeKeyAttestationInput(
      { ...claims, ...(nonce === undefined ? {} : { nonce }) },
      { alg: 'ES256', kid: provider.kid },
    )
    const [header = '', payload = ''] = input.split('.')
    const read = (text: string): object => JSON.parse(Buffer.from(text, 'base64url').toString())
    return sign(read(header), read(payload), provider)
  }
  return { asked, keyAttestation }
}

/** The proofs that came to an issuer which takes those types. */
async function proofsFor(types: object, ports: Partial<HolderPorts>) {
  let proofs: { jwt?: string[]; attestation?: string[] } = {}
  const credential: NonNullable<IssuerWays['around']>['credential'] = (_, { body }) => {
    proofs = JSON.parse(body ?? '').proofs
    return json({ error: 'credential_request_denied' }, { status: 400 })
  }
  const issuer = testIssuer({ configuration: { proof_types_supported: types }, around: { credential } })
  const of = world({ issuer, ports })
  const outcome = await outcomeOf(() => of.holder.accept(of.issuer.link))
  return { ...of, proofs, outcome }
}

test('VCI-8.2-6 keys are proven by a signature of each where that is enough, and nobody is asked to vouch for them', async () => {
  const { asked, keyAttestation } = attesting()
  const { proofs } = await proofsFor({ attestation: algs, jwt: algs }, { keyAttestation })
  expect(Object.keys(proofs)).toEqual(['jwt'])
  expect(proofs.jwt).toHaveLength(4)
  expect(asked).toEqual([])
})

test('VCI-F.1-13 where an attestation of the keys is demanded, one proof brings it, with the nonce, for all keys', async () => {
  const { asked, keyAttestation } = attesting()
  const { proofs } = await proofsFor({ jwt: attested }, { keyAttestation })
  expect(proofs.jwt).toHaveLength(1)
  expect(asked).toHaveLength(1)
  const [header, payload] = partsOf(proofs.jwt?.[0])
  expect(header.jwk).toEqual(asked[0]?.keys[0]?.publicJwk)
  const [, said] = partsOf(String(header.key_attestation))
  expect(said.attested_keys).toEqual(asked[0]?.keys.map(({ publicJwk }) => publicJwk))
  expect(said.attested_keys).toHaveLength(4)
  expect(payload.nonce).toBe(said.nonce)
  expect(typeof said.nonce).toBe('string')
})

test('VCI-F.3-1 where an attestation alone is taken, it is the only proof, and nothing is signed with the keys', async () => {
  const { asked, keyAttestation } = attesting()
  const signed: string[] = []
  const { keys } = world().ports
  const { proofs } = await proofsFor(
    { attestation: algs },
    {
      keyAttestation,
      keys: {
        ...keys,
        sign(keyId, data) {
          signed.push(keyId)
          return keys.sign(keyId, data)
        },
      },
    },
  )
  expect(Object.keys(proofs)).toEqual(['attestation'])
  expect(proofs.attestation).toHaveLength(1)
  expect(asked[0]?.keys).toHaveLength(4)
  expect(signed).toEqual([])
})

test.each([
  ['with signed proofs', { jwt: attested }],
  ['alone', { attestation: algs }],
])(
  'VCI-12.2.4-14 a wallet without attestations refuses an issuer that demands them %s, before the person is asked',
  async (_, types) => {
    const { outcome, person, store } = await proofsFor(types, {})
    expect(outcome).toBe('offer_unsupported')
    expect(person.offers).toEqual([])
    expect(await textIn(store)).toBe('')
    expect(await keysIn(store)).toEqual([])
  },
)

test('VCI-F.1-1 keys are made for an algorithm that the issuer takes, where the device can', async () => {
  const wanted: unknown[] = []
  const { keys } = world().ports
  const create: HolderPorts['keys']['create'] = (names, takes) => {
    wanted.push(takes)
    return keys.create(names, takes)
  }
  await proofsFor(
    { jwt: { proof_signing_alg_values_supported: ['ES384', 'RS256', 'ES256'] } },
    { keys: { ...keys, create } },
  )
  expect(wanted).toContainEqual(['ES384', 'ES256'])
})

function partsOf(jwt = ''): [Record<string, unknown>, Record<string, unknown>] {
  const [header = '', payload = ''] = jwt.split('.')
  const read = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString())
  return [read(header), read(payload)]
}
