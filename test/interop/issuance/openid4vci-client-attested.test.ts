/** A wallet made of `@openid4vc/openid4vci` 0.4.6, attested and with attested keys, at our issuer. */
import { expect, test } from 'vitest'
import {
  ATTESTER,
  type AttestedWallet,
  attestedWallet,
  attestingByDpop,
  attestingItself,
  attestingToChallenges,
  keyAttestation,
} from '../openid4vc/attested.ts'
import { newPeerKey, type PeerKey } from '../openid4vc/callbacks.ts'
import {
  accessOf,
  ask,
  authorize,
  errorSeen,
  learn,
  peerWallet,
  proofs,
  redeem,
  textsIn,
} from '../openid4vc/wallet.ts'
import { believingProvider, offer, type ServedIssuer, servedIssuer } from './our-issuer.ts'

function attestingIssuer({ provider }: AttestedWallet): Promise<ServedIssuer> {
  return servedIssuer({
    authorization: {
      clients: {},
      clientAttestation: 'required',
      pushedRequests: 'required',
      dpop: 'required',
    },
    ports: believingProvider(provider.signer.publicJwk as never),
  })
}

test('is known by its attestation and a proof of its key, with the challenge that it was given', async () => {
  const attested = await attestedWallet()
  const { issuer } = await attestingIssuer(attested)
  const { link } = await issuer.invite({ configurationIds: ['person'] })
  const key = newPeerKey()
  const wallet = peerWallet({ more: [key], clientAuthentication: attestingToChallenges(attested) })
  const learned = await learn(wallet, link)
  const dpop = { signer: key.signer }
  const access = accessOf(await authorize(wallet, learned, dpop), dpop)
  expect(textsIn(await ask(wallet, learned, access, await proofs(wallet, learned)))).toHaveLength(1)
})

test('is known by its attestation alone where its DPoP proof shows the key that is attested', async () => {
  const attested = await attestedWallet()
  const made = await offer(await attestingIssuer(attested))
  const wallet = peerWallet({ more: [attested.instance], clientAuthentication: attestingByDpop(attested) })
  const learned = await learn(wallet, made.link)
  const dpop = { signer: attested.instance.signer }
  const access = accessOf(await redeem(wallet, learned, { txCode: made.txCode, dpop }), dpop)
  expect(textsIn(await ask(wallet, learned, access, await proofs(wallet, learned)))).toHaveLength(1)
})

test('of itself it knows no challenges, which a server may demand: it is refused, and does not try again', async () => {
  const attested = await attestedWallet()
  const made = await offer(await attestingIssuer(attested))
  const key = newPeerKey()
  const wallet = peerWallet({ more: [key], clientAuthentication: attestingItself(attested) })
  const learned = await learn(wallet, made.link)
  const redeemed = redeem(wallet, learned, { txCode: made.txCode, dpop: { signer: key.signer } })
  expect(await errorSeen(redeemed)).toBe('use_attestation_challenge')
})

const levels = { key_storage: ['iso_18045_high'], user_authentication: ['iso_18045_high'] } as const

function keyAttestingIssuer(attester: PeerKey): Promise<ServedIssuer> {
  return servedIssuer({
    configuration: { proofs: { jwt: { keyAttestations: levels }, attestation: { keyAttestations: levels } } },
    ports: {
      keyAttesters: {
        keyOf: (signedBy) =>
          signedBy.by === 'kid' && signedBy.kid === ATTESTER
            ? (attester.signer.publicJwk as never)
            : undefined,
      },
    },
  })
}

async function askedWith(use: 'jwt' | 'attestation', typ?: 'key-attestation+jwt'): Promise<string[]> {
  const attester = newPeerKey()
  const made = await offer(await keyAttestingIssuer(attester))
  const wallet = peerWallet({ copies: 2 })
  const learned = await learn(wallet, made.link)
  const access = accessOf(await redeem(wallet, learned, { txCode: made.txCode }))
  const { c_nonce: nonce } = await wallet.client.requestNonce(learned)
  const attestation = await keyAttestation(attester, { keys: wallet.keys, nonce, use }, typ)
  const [first] = wallet.keys
  const given =
    use === 'attestation'
      ? { attestation: [attestation] as [string] }
      : await proofs({ ...wallet, keys: first === undefined ? [] : [first] }, learned, {
          nonce,
          keyAttestationJwt: attestation,
        })
  return textsIn(await ask(wallet, learned, access, given))
}

test.each(['jwt', 'attestation'] as const)(
  'gets a credential for each key that is attested, by a proof of the type %s',
  async (use) => {
    expect(await askedWith(use, 'key-attestation+jwt')).toHaveLength(2)
  },
)

test.each(['jwt', 'attestation'] as const)(
  'by a proof of the type %s: of itself it names the type of attestations as drafts before 1.0 did, and is refused',
  async (use) => {
    expect(await errorSeen(askedWith(use))).toBe('invalid_proof')
  },
)
