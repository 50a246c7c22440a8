/** Proofs that name their key, or have it attested. */
import { utf8 } from '@facet-id/credential/base64url'
import { bareJwk, type PublicJwk, writeJws } from '@facet-id/credential/jose'
import { isJsonObject, readJsonObject } from '@facet-id/credential/json'
import { type CredentialRequest, credentialRequest } from '@facet-id/protocol/openid4vci'
import {
  type KeyAttestationClaims,
  type ProofClaims,
  writeKeyAttestationInput,
  writeProofInput,
} from '@facet-id/protocol/openid4vci/key-proof'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { type KeyPair, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { tokenOf } from '../access.test-support.ts'
import type { ProofsTaken } from '../issuance/issuance-settings.ts'
import type { IssuerPorts } from '../ports.ts'
import { CREDENTIAL, credentialsIn, nonceFrom, refusalIn, tokenFor } from '../wallet.test-support.ts'
import { ISSUER, person, type World, world } from '../world.test-support.ts'

const holder = keyPair()
const provider = keyPair()
const sign = (input: string, { privateJwk }: KeyPair): string =>
  writeJws(input, signerOf(privateJwk).sign(utf8(input)))

/** Believes one provider, under one name and one certificate. */
const keyAttesters: NonNullable<IssuerPorts['keyAttesters']> = {
  keyOf: (signedBy) => {
    const name = signedBy.by === 'kid' ? signedBy.kid : String(signedBy.chain[0])
    return name === 'provider' || name === String(Uint8Array.of(0x30, 9)) ? provider.publicJwk : undefined
  },
  holds: ({ idx }) => idx === 1,
}

const attesting = (proofs: ProofsTaken = { jwt: {}, attestation: {} }): World =>
  world({ settings: { configurations: { person: { ...person, proofs } } }, ports: { keyAttesters } })

function attestation(
  here: World,
  nonce: string,
  {
    by = provider,
    status,
    ...changes
  }: Partial<KeyAttestationClaims> & {
    readonly by?: KeyPair
    readonly status?: { readonly idx: number; readonly uri: string }
  } = {},
): string {
  const claims = {
    iat: here.time.now(),
    exp: here.time.now() + 600,
    attested_keys: [holder.publicJwk],
    key_storage: ['iso_18045_high'],
    nonce,
    ...changes,
  }
  return sign(writeKeyAttestationInput(claims, { alg: 'ES256', kid: 'provider' }, status), by)
}

function proof(here: World, nonce: string, changes: Partial<ProofClaims> = {}, by: KeyPair = holder): string {
  const claims = {
    audience: ISSUER,
    issuedAt: here.time.now(),
    jwk: by.publicJwk,
    alg: 'ES256',
    nonce,
  } as const
  return sign(writeProofInput({ ...claims, ...changes }), by)
}

function asking(token: string, proofs: CredentialRequest['proofs']): WireRequest {
  const body = { credential_configuration_id: 'person', ...(proofs === undefined ? {} : { proofs }) }
  return credentialRequest(CREDENTIAL, token, body)
}

/** The keys to which what was issued is bound. */
function boundTo(response: WireResponse): readonly unknown[] {
  return credentialsIn(response).map((compact) => {
    const { cnf } = readJsonObject(Buffer.from(compact.split('.')[1] ?? '', 'base64url').toString())
    expect(isJsonObject(cnf) && Object.keys(cnf)).toEqual(['jwk'])
    return isJsonObject(cnf) ? cnf.jwk : undefined
  })
}

const bare = (keys: readonly KeyPair[]): readonly unknown[] =>
  keys.map(({ publicJwk }) => ({ ...bareJwk(publicJwk) }))

/** Refused, and nothing spent: the same token is good for the right proof. */
async function refused(here: World, proofs: (nonce: string) => CredentialRequest['proofs']): Promise<string> {
  const token = await tokenFor(here)
  const before = await here.state.rests()
  const refusal = refusalIn(await here.send(asking(token, proofs(await nonceFrom(here)))))
  expect(await here.state.rests()).toEqual(before)
  expect(here.state.allotted()).toBe(0)
  return refusal
}

const did = 'did:example:holder#key-1'
const naming = (found: PublicJwk | undefined): World =>
  world({ ports: { resolveKey: () => found }, settings: { didMethods: ['did:example'] } })

test('VCI-F.1-3, VCI-12.2.4-11 a proof that names its key by a DID is taken, and the credential has the key itself', async () => {
  const here = naming(holder.publicJwk)
  const nonce = await nonceFrom(here)
  const jwt = [proof(here, nonce, { named: { kid: did } })]
  const answer = await here.send(asking(await tokenFor(here), { jwt }))
  expect(boundTo(answer)).toEqual(bare([holder]))
  expect(answer.body).not.toContain(Buffer.from(did).toString('base64url').slice(2, 20))
})

test('VCI-F.1-4 a proof that shows certificates is taken for the key in the first', async () => {
  const seen: unknown[] = []
  const here = world({
    settings: { certifiedProofs: true },
    ports: {
      resolveKey: (named) => {
        seen.push(named)
        return holder.publicJwk
      },
    },
  })
  const x5c = [Uint8Array.of(0x30, 1), Uint8Array.of(0x30, 2)]
  const jwt = [proof(here, await nonceFrom(here), { named: { x5c } })]
  expect(boundTo(await here.send(asking(await tokenFor(here), { jwt })))).toEqual(bare([holder]))
  expect(seen).toEqual([{ by: 'x5c', chain: x5c }])
})

test('VCI-F.1-10, VCI-8.3.1-6 a name that leads nowhere, to another key, or to one of another kind proves nothing', async () => {
  const named = (nonce: string, here: World) => ({ jwt: [proof(here, nonce, { named: { kid: did } })] })
  for (const found of [undefined, keyPair().publicJwk]) {
    const here = naming(found)
    expect(await refused(here, (nonce) => named(nonce, here))).toBe('400 invalid_proof')
  }
  const { x } = keyPair().publicJwk
  const ed = naming({ kty: 'OKP', crv: 'Ed25519', x })
  expect(await refused(ed, (nonce) => named(nonce, ed))).toBe('400 invalid_proof')
  const without = world()
  expect(await refused(without, (nonce) => named(nonce, without))).toBe('400 invalid_proof')
})

test('VCI-F.1-17 a key that is named in a way that no setting takes is refused, and nobody is asked about it', async () => {
  const asked: unknown[] = []
  const here = world({
    settings: { didMethods: ['did:example'] },
    ports: {
      resolveKey: (named) => {
        asked.push(named)
        return holder.publicJwk
      },
    },
  })
  for (const named of [
    { kid: 'did:web:attacker.example#key-1' },
    { kid: 'did:examples:holder#key-1' },
    { kid: 'did:EXAMPLE:holder#key-1' },
    { x5c: [Uint8Array.of(0x30, 1)] },
  ]) {
    expect(await refused(here, (nonce) => ({ jwt: [proof(here, nonce, { named })] }))).toBe(
      '400 invalid_proof',
    )
  }
  expect(asked).toEqual([])
})

test('VCI-8.3-4 one key by name and by itself is one key, and serves one copy', async () => {
  const here = naming(holder.publicJwk)
  const twice = (nonce: string) => ({
    jwt: [proof(here, nonce), proof(here, nonce, { named: { kid: did } })],
  })
  expect(await refused(here, twice)).toBe('400 invalid_proof')
})

test('VCI-F.1-6 who said who it is when it got the token says the same in its proofs, or nothing', async () => {
  const here = world()
  const clientId = 'https://wallet.example'
  const ask = async (client?: string) => {
    const allowed = [{ configurationId: 'person', claims: { given_name: 'A', family_name: 'E' } }]
    const token = await tokenOf(here, { clientId, allowed })
    const jwt = [proof(here, await nonceFrom(here), client === undefined ? {} : { client })]
    return here.send(asking(token, { jwt }))
  }
  expect((await ask(clientId)).status).toBe(200)
  expect((await ask()).status).toBe(200)
  expect(refusalIn(await ask('https://other.example'))).toBe('400 invalid_proof')
})

test('VCI-F.3-1, VCI-F.3-2, VCI-F.1-15 an attestation alone proves all its keys, and each gets one credential', async () => {
  const here = attesting()
  const keys = [holder, keyPair(), keyPair()]
  const attested_keys = keys.map(({ publicJwk }) => publicJwk)
  const one = attestation(here, await nonceFrom(here), { attested_keys })
  const bound = boundTo(await here.send(asking(await tokenFor(here), { attestation: [one] })))
  expect(bound).toHaveLength(3)
  expect(bound).toEqual(expect.arrayContaining([...bare(keys)]))
})

test('VCI-F.1-13, VCI-F.1-14, VCI-F.1-15 a proof with an attestation proves one of its keys, and each of them gets one credential', async () => {
  const here = attesting()
  const keys = [holder, keyPair()]
  const nonce = await nonceFrom(here)
  const keyAttestation = attestation(here, nonce, { attested_keys: keys.map(({ publicJwk }) => publicJwk) })
  const one = { jwt: [proof(here, nonce, { keyAttestation })] }
  const bound = boundTo(await here.send(asking(await tokenFor(here), one)))
  expect(bound).toHaveLength(2)
  expect(bound).toEqual(expect.arrayContaining([...bare(keys)]))
  // Proofs of all of them with the same attestation come to the same.
  const again = await nonceFrom(here)
  const shared = attestation(here, again, { attested_keys: keys.map(({ publicJwk }) => publicJwk) })
  const jwt = keys.map((pair) => proof(here, again, { keyAttestation: shared }, pair))
  expect(boundTo(await here.send(asking(await tokenFor(here), { jwt })))).toHaveLength(2)
})

const wrong: readonly (readonly [
  string,
  (here: World, nonce: string) => CredentialRequest['proofs'],
  string?,
])[] = [
  [
    'VCI-D.1-3 an attestation by somebody who is not believed',
    (here, nonce) => {
      const claims = {
        iat: here.time.now(),
        exp: here.time.now() + 60,
        attested_keys: [holder.publicJwk],
        nonce,
      }
      return {
        attestation: [sign(writeKeyAttestationInput(claims, { alg: 'ES256', kid: 'stranger' }), provider)],
      }
    },
  ],
  [
    'VCI-D.1-3 an attestation that another signed in the name of who is believed',
    (here, nonce) => ({
      attestation: [attestation(here, nonce, { by: keyPair() })],
    }),
  ],
  [
    'VCI-F.3-2 an attestation without a nonce',
    (here) => {
      const claims = { iat: here.time.now(), attested_keys: [holder.publicJwk] }
      return {
        attestation: [sign(writeKeyAttestationInput(claims, { alg: 'ES256', kid: 'provider' }), provider)],
      }
    },
  ],
  [
    'VCI-F.3-2 an attestation with a nonce that is none of ours',
    (here) => ({
      attestation: [attestation(here, 'n-0S6_WzA2Mj')],
    }),
    '400 invalid_nonce',
  ],
  [
    'VCI-F.1-13 an attestation with another nonce than its proof',
    (here, nonce) => ({
      jwt: [proof(here, nonce, { keyAttestation: attestation(here, `${nonce}x`) })],
    }),
    '400 invalid_nonce',
  ],
  [
    'VCI-F.1-14 a proof by a key that is not attested',
    (here, nonce) => ({
      jwt: [proof(here, nonce, { keyAttestation: attestation(here, nonce) }, keyPair())],
    }),
  ],
  [
    'VCI-D.1-2 an attestation in a proof that never expires',
    (here, nonce) => {
      const claims = { iat: here.time.now(), attested_keys: [holder.publicJwk], nonce }
      const keyAttestation = sign(
        writeKeyAttestationInput(claims, { alg: 'ES256', kid: 'provider' }),
        provider,
      )
      return { jwt: [proof(here, nonce, { keyAttestation })] }
    },
  ],
  [
    'VCI-D.1-2 an attestation that has expired',
    (here, nonce) => ({
      attestation: [attestation(here, nonce, { exp: here.time.now() - 31 })],
    }),
  ],
  [
    'VCI-D.1-2 an attestation from the future',
    (here, nonce) => ({
      attestation: [attestation(here, nonce, { iat: here.time.now() + 31 })],
    }),
  ],
  [
    'VCI-D.1-2 an attestation that was taken back',
    (here, nonce) => ({
      attestation: [attestation(here, nonce, { status: { idx: 2, uri: 'https://provider.example/1' } })],
    }),
  ],
  [
    'VCI-12.2.4-17 more attested keys than a batch has',
    (here, nonce) => ({
      attestation: [
        attestation(here, nonce, { attested_keys: Array.from({ length: 11 }, () => keyPair().publicJwk) }),
      ],
    }),
    '400 invalid_credential_request',
  ],
  ['ATK-39 a proof in the place of an attestation', (here, nonce) => ({ attestation: [proof(here, nonce)] })],
  ['ATK-39 an attestation in the place of a proof', (here, nonce) => ({ jwt: [attestation(here, nonce)] })],
]

for (const [title, proofs, expected = '400 invalid_proof'] of wrong) {
  test(`${title} is refused`, async () => {
    const here = attesting()
    expect(await refused(here, (nonce) => proofs(here, nonce))).toBe(expected)
  })
}

test('VCI-D.1-2 an attestation whose status holds is taken, and one whose status nobody can tell is not', async () => {
  const status = { idx: 1, uri: 'https://provider.example/1' }
  const here = attesting()
  const one = { attestation: [attestation(here, await nonceFrom(here), { status })] } as const
  expect((await here.send(asking(await tokenFor(here), one))).status).toBe(200)
  const { keyOf } = keyAttesters
  const blind = world({
    settings: { configurations: { person: { ...person, proofs: { attestation: {} } } } },
    ports: { keyAttesters: { keyOf } },
  })
  const refusal = await refused(blind, (nonce) => ({ attestation: [attestation(blind, nonce, { status })] }))
  expect(refusal).toBe('400 invalid_proof')
})

test('VCI-D.2-1, VCI-D.1-3, VCI-12.2.4-14 keys are kept as the configuration demands it, or nothing is issued', async () => {
  const keyAttestations = { key_storage: ['iso_18045_high'], user_authentication: ['iso_18045_high'] }
  const here = attesting({ jwt: { keyAttestations } })
  const levels = { user_authentication: ['iso_18045_high'] }
  const bare = (nonce: string) => ({ jwt: [proof(here, nonce)] })
  expect(await refused(here, bare)).toBe('400 invalid_proof')
  const low = (nonce: string) => ({
    jwt: [proof(here, nonce, { keyAttestation: attestation(here, nonce) })],
  })
  expect(await refused(here, low)).toBe('400 invalid_proof')
  const alone = (nonce: string) => ({ attestation: [attestation(here, nonce, levels)] as const })
  expect(await refused(here, alone)).toBe('400 invalid_proof')
  const nonce = await nonceFrom(here)
  const right = { jwt: [proof(here, nonce, { keyAttestation: attestation(here, nonce, levels) })] }
  expect((await here.send(asking(await tokenFor(here), right))).status).toBe(200)
})

test('VCI-D.1-3 without anybody to believe no attestation is taken, and none can be asked for', async () => {
  const here = world()
  const carried = (nonce: string) => ({
    jwt: [proof(here, nonce, { keyAttestation: attestation(here, nonce) })],
  })
  expect(await refused(here, carried)).toBe('400 invalid_proof')
  for (const proofs of [{}, { attestation: {} }, { jwt: { keyAttestations: {} } }]) {
    const settings = { configurations: { person: { ...person, proofs } } }
    expect(outcomeOf(() => world({ settings }))).toBe('settings_invalid')
  }
  expect(outcomeOf(() => world({ settings: { didMethods: ['did:key'] } }))).toBe('settings_invalid')
  expect(outcomeOf(() => world({ settings: { certifiedProofs: true } }))).toBe('settings_invalid')
})
