/** A wallet made of Credo 0.6.3 at our issuer: each way to get a credential. */
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type CredoHolder, credoHolder } from '../credo/holder.ts'
import {
  authorized,
  credentialsIn,
  keysOf,
  newAttestedKey,
  newDidUrl,
  redeemed,
  requested,
  whyRefused,
} from '../credo/receiving.ts'
import { ATTESTER, attestedAs, keyAttestation } from '../openid4vc/attested.ts'
import { newPeerKey } from '../openid4vc/callbacks.ts'
import { ourIssuer } from '../ours.ts'
import { base64Of, certifiedIssuer } from './certified.ts'
import { type IssuerChanges, offer, type ServedIssuer, servedIssuer } from './our-issuer.ts'

/** One for all tests that trust no certificates: it takes longer to start than to be issued to. */
let plain: Promise<CredoHolder> | undefined
afterAll(async () => (await plain)?.shutdown())

async function startedHolder(trusted: readonly string[] = []): Promise<CredoHolder> {
  if (trusted.length === 0) {
    plain ??= credoHolder()
    return plain
  }
  const holder = await credoHolder(trusted)
  onTestFinished(() => holder.shutdown())
  return holder
}

test('knows an issuer by its certificate', async () => {
  const certificate = await certifiedIssuer()
  const { link, txCode } = await offer(await servedIssuer({ certificate }))
  const holder = await startedHolder([base64Of(certificate.anchor)])
  const { credentials } = await requested(holder, await redeemed(holder, link, txCode), keysOf(holder, 3))
  expect(credentialsIn(credentials)).toHaveLength(3)
})

test('refuses an issuer whose certificate leads to no anchor of its own', async () => {
  const { link, txCode } = await offer(await servedIssuer({ certificate: await certifiedIssuer() }))
  const holder = await startedHolder([base64Of((await certifiedIssuer()).anchor)])
  const refused = requested(holder, await redeemed(holder, link, txCode))
  expect(await whyRefused(refused)).toMatch(/certificate/i)
})

test('knows no issuer by its address, which SD-JWT VC §4 has', async () => {
  const node = await ourIssuer({ knownBy: 'address' })
  const { link, txCode } = await offer({ issuer: node.issuer, url: node.credentialIssuer, did: node.did })
  const holder = await startedHolder()
  const refused = requested(holder, await redeemed(holder, link, txCode))
  expect(await whyRefused(refused)).toContain('Only did and x5c are supported')
})

const bound: IssuerChanges = {
  authorization: { pushedRequests: 'required', dpop: 'required', refreshLifetime: 3600 },
  settings: { notifications: true },
}

async function invited(served: ServedIssuer): Promise<string> {
  return (await served.issuer.invite({ configurationIds: ['person'] })).link
}

test('takes a credential by an authorization code, pushed and bound by DPoP; tells so; and gets it anew', async () => {
  const served = await servedIssuer(bound)
  const holder = await startedHolder()
  const granted = await authorized(holder, await invited(served))
  expect(new URL(granted.asked).searchParams.has('request_uri')).toBe(true)
  expect(granted.token.accessTokenResponse.token_type).toBe('DPoP')
  const { credentials, dpop } = await requested(holder, granted)
  const [received] = credentials
  const api = holder.openid4vc.holder
  await api.sendNotification({
    metadata: granted.resolvedCredentialOffer.metadata,
    notificationId: received?.notificationId ?? '',
    accessToken: granted.token.accessToken,
    notificationEvent: 'credential_accepted' as never,
    ...(dpop === undefined ? {} : { dpop }),
  })
  const told: string[] = []
  for await (const { event } of served.issuer.notifications()) told.push(event)
  expect(told).toEqual(['credential_accepted'])

  const token = await api.refreshToken({
    refreshToken: granted.token.refreshToken ?? '',
    issuerMetadata: granted.resolvedCredentialOffer.metadata,
    clientId: 'wallet',
    ...(dpop === undefined ? {} : { dpop }),
  })
  const again = await requested(holder, { ...granted, token: { ...granted.token, ...token } })
  expect(credentialsIn(again.credentials)).toHaveLength(1)
})

test('collects what was deferred', async () => {
  const served = await servedIssuer({ configuration: { approval: 'required' } })
  const { link, txCode } = await offer(served)
  const holder = await startedHolder()
  const granted = await redeemed(holder, link, txCode)
  const { deferredCredentials } = await requested(holder, granted, keysOf(holder, 2))
  const [promised] = deferredCredentials
  if (promised === undefined) throw new Error('nothing was deferred')
  for await (const { issuanceId } of served.issuer.deferred()) await served.issuer.approve(issuanceId)
  const { accessToken, dpop } = granted.token
  const { credentials } = await holder.openid4vc.holder.requestDeferredCredentials({
    issuerMetadata: granted.resolvedCredentialOffer.metadata,
    ...promised,
    accessToken,
    ...(dpop === undefined ? {} : { dpop }),
  } as never)
  expect(credentialsIn(credentials)).toHaveLength(2)
})

test('asks for keys that it names by DIDs, and takes none that a credential names as HAIP has it, by a jwk', async () => {
  const { link, txCode } = await offer(await servedIssuer())
  const holder = await startedHolder()
  const didUrls = [await newDidUrl(holder), await newDidUrl(holder)]
  const granted = await redeemed(holder, link, txCode)
  const refused = requested(holder, granted, () => ({ method: 'did', didUrls }))
  expect(await whyRefused(refused)).toContain('Missing kmsKeyId for jwk')
})

test('is refused where wallets must be attested: it answers no challenge', async () => {
  const holder = await startedHolder()
  const { provider, attestation } = await attestedAs(await newAttestedKey(holder))
  const served = await servedIssuer({
    authorization: { ...bound.authorization, clients: {}, clientAttestation: 'required' },
    ports: { walletProviderKey: () => provider.signer.publicJwk as never },
  })
  const refused = authorized(holder, await invited(served), { walletAttestationJwt: attestation })
  expect(await whyRefused(refused)).toBe('use_attestation_challenge')
})

test.each(['jwt', 'attestation'] as const)(
  'takes a credential for each of its keys that are attested, by a proof of the type %s',
  async (use) => {
    const attester = newPeerKey()
    const keyAttestations = { key_storage: ['iso_18045_high'] } as const
    const { link, txCode } = await offer(
      await servedIssuer({
        configuration: { proofs: { [use]: { keyAttestations } } },
        ports: {
          keyAttesters: {
            keyOf: ({ by, ...named }) =>
              by === 'kid' && 'kid' in named && named.kid === ATTESTER
                ? (attester.signer.publicJwk as never)
                : undefined,
          },
        },
      }),
    )
    const holder = await startedHolder()
    const keys = [await newAttestedKey(holder), await newAttestedKey(holder)]
    const granted = await redeemed(holder, link, txCode)
    const { credentials } = await requested(holder, granted, async ({ cNonce: nonce }) => ({
      method: 'attestation',
      keyAttestationJwt: await keyAttestation(attester, { keys, nonce, use }, 'key-attestation+jwt'),
    }))
    expect(credentialsIn(credentials)).toHaveLength(2)
  },
)
