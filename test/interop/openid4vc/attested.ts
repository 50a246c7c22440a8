/** A wallet made of `@openid4vc/*` whose provider attests it, and whose keys are attested. */
import {
  type CallbackContext,
  clientAuthenticationClientAttestationJwt,
  createClientAttestationJwt,
} from '@openid4vc/oauth2'
import { Openid4vciWalletProvider } from '@openid4vc/openid4vci'
import { WALLET } from '../issuance/our-issuer.ts'
import { newPeerKey, type PeerKey, peerCallbacks } from './callbacks.ts'

type ClientAuthentication = CallbackContext['clientAuthentication']

export interface AttestedWallet<Instance = PeerKey> {
  /** Of its provider. */
  readonly provider: PeerKey
  /** Of the instance. */
  readonly instance: Instance
  readonly attestation: string
}

/** A key that somebody keeps. */
export type AttestedKey = Pick<PeerKey, 'signer'>

export async function attestedWallet(): Promise<AttestedWallet> {
  return attestedAs(newPeerKey())
}

export async function attestedAs<Instance extends AttestedKey>(
  instance: Instance,
): Promise<AttestedWallet<Instance>> {
  const provider = newPeerKey()
  const attestation = await createClientAttestationJwt({
    callbacks: peerCallbacks([provider]),
    issuer: 'https://provider.example',
    clientId: WALLET,
    confirmation: { jwk: instance.signer.publicJwk },
    expiresAt: new Date(Date.now() + 3_600_000),
    signer: provider.signer,
  })
  return { provider, instance, attestation: withoutJwk(attestation, provider) }
}

/** As the library does it by itself. */
export function attestingItself({ attestation, instance }: AttestedWallet): ClientAuthentication {
  return clientAuthenticationClientAttestationJwt({
    clientAttestationJwt: attestation,
    callbacks: peerCallbacks([instance]),
  })
}

/** With the challenge of the server's endpoint, as drafts from 07 on have it (§6.1): the library leaves that to its caller. */
export function attestingToChallenges({ attestation, instance }: AttestedWallet): ClientAuthentication {
  return async ({ headers, authorizationServerMetadata }) => {
    const { challenge_endpoint: endpoint, issuer: aud } = authorizationServerMetadata
    const asked = await fetch(String(endpoint), { method: 'POST' })
    const { attestation_challenge: challenge } = (await asked.json()) as { attestation_challenge: string }
    const { jwt } = await peerCallbacks([instance]).signJwt(instance.signer, {
      header: { typ: 'oauth-client-attestation-pop+jwt', alg: 'ES256' },
      payload: { aud, iss: WALLET, jti: crypto.randomUUID(), iat: Math.floor(Date.now() / 1000), challenge },
    })
    headers.set('OAuth-Client-Attestation', attestation)
    headers.set('OAuth-Client-Attestation-PoP', jwt)
  }
}

/** The DPoP proof shows the key of the instance (§7.3), so nothing comes beside the attestation. */
export function attestingByDpop({ attestation }: AttestedWallet): ClientAuthentication {
  return ({ headers }) => headers.set('OAuth-Client-Attestation', attestation)
}

/** The name of whoever attests keys. */
export const ATTESTER = 'did:example:attester#1'

/** A statement about keys, under the type that the library writes or the one that OpenID4VCI 1.0 App. D.1 demands. */
export async function keyAttestation(
  attester: PeerKey,
  about: {
    readonly keys: readonly AttestedKey[]
    readonly nonce: string
    readonly use: 'jwt' | 'attestation'
  },
  typ?: 'key-attestation+jwt',
): Promise<string> {
  const callbacks = peerCallbacks([attester])
  const provider = new Openid4vciWalletProvider({
    callbacks: {
      ...callbacks,
      signJwt: (_, { header, payload }) =>
        callbacks.signJwt(attester.signer, {
          header: { ...header, ...(typ === undefined ? {} : { typ }) },
          payload,
        }),
    },
  })
  return provider.createKeyAttestationJwt({
    signer: { method: 'did', didUrl: ATTESTER, alg: 'ES256' },
    attestedKeys: about.keys.map(({ signer }) => signer.publicJwk),
    keyStorage: ['iso_18045_high'],
    userAuthentication: ['iso_18045_high'],
    nonce: about.nonce,
    issuedAt: new Date(),
    expiresAt: new Date(Date.now() + 3_600_000),
    use: `proof_type.${about.use}`,
  })
}

/** An attestation that is believed for the key of its provider does not carry that key. */
function withoutJwk(attestation: string, provider: PeerKey): string {
  const [header = '', payload = ''] = attestation.split('.')
  const { jwk: _, ...rest } = JSON.parse(Buffer.from(header, 'base64url').toString())
  const input = `${Buffer.from(JSON.stringify(rest)).toString('base64url')}.${payload}`
  return `${input}.${provider.sign(input)}`
}
