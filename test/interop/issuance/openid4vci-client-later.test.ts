/** A wallet made of `@openid4vc/openid4vci` 0.4.6 at our issuer: what is deferred, told of, sealed, and signed. */

import { Openid4vciClient } from '@openid4vc/openid4vci'
import { expect, test } from 'vitest'
import { type PeerKey, peerCallbacks, verifyingJwts } from '../openid4vc/callbacks.ts'
import { accessOf, ask, errorSeen, learn, peerWallet, proofs, redeem, textsIn } from '../openid4vc/wallet.ts'
import { certifiedIssuer } from './certified.ts'
import { encryption, offer, type ServedIssuer, servedIssuer } from './our-issuer.ts'

async function promisedBy(served: ServedIssuer) {
  const { link, txCode } = await offer(served)
  const wallet = peerWallet({ copies: 2 })
  const learned = await learn(wallet, link)
  const access = accessOf(await redeem(wallet, learned, { txCode }))
  const promised = await ask(wallet, learned, access, await proofs(wallet, learned))
  const collect = () =>
    wallet.client.retrieveDeferredCredentials({
      issuerMetadata: learned.issuerMetadata,
      transactionId: promised.transaction_id ?? '',
      ...access,
    })
  return { wallet, learned, access, promised, collect }
}

const approved = { configuration: { approval: 'required' } } as const

test('waits for what is deferred, and collects it', async () => {
  const served = await servedIssuer(approved)
  const { promised, collect } = await promisedBy(served)
  expect(promised).toMatchObject({ transaction_id: expect.any(String), interval: expect.any(Number) })
  const { deferredCredentialResponse: waiting } = await collect()
  expect(waiting).toMatchObject({ transaction_id: promised.transaction_id, interval: expect.any(Number) })
  for await (const { issuanceId } of served.issuer.deferred()) await served.issuer.approve(issuanceId)
  const { deferredCredentialResponse: collected } = await collect()
  expect(textsIn(collected)).toHaveLength(2)
})

test('hears that what was deferred is denied, and that a transaction is not known', async () => {
  const served = await servedIssuer(approved)
  const { wallet, learned, access, collect } = await promisedBy(served)
  for await (const { issuanceId } of served.issuer.deferred()) await served.issuer.deny(issuanceId)
  expect(await errorSeen(collect())).toBe('credential_request_denied')
  const unknown = wallet.client.retrieveDeferredCredentials({
    issuerMetadata: learned.issuerMetadata,
    transactionId: 'unknown',
    ...access,
  })
  expect(await errorSeen(unknown)).toBe('invalid_transaction_id')
})

test('refuses what was deferred and has a notification_id, which §9.2 lets it have', async () => {
  const served = await servedIssuer({ ...approved, settings: { notifications: true } })
  const { collect } = await promisedBy(served)
  for await (const { issuanceId } of served.issuer.deferred()) await served.issuer.approve(issuanceId)
  const refused = await collect().then(
    () => undefined,
    (error: { response: { deferredCredentialResponseResult: { success: boolean; error: Error } } }) =>
      error.response.deferredCredentialResponseResult,
  )
  expect(refused?.success).toBe(false)
  expect(refused?.error.message).toContain('notification_id')
})

test('tells what became of its credentials, and hears that a notification is not known', async () => {
  const served = await servedIssuer({ settings: { notifications: true } })
  const { link, txCode } = await offer(served)
  const wallet = peerWallet()
  const learned = await learn(wallet, link)
  const access = accessOf(await redeem(wallet, learned, { txCode }))
  const answer = await ask(wallet, learned, access, await proofs(wallet, learned))
  const tell = (notificationId: string) =>
    wallet.client.sendNotification({
      issuerMetadata: learned.issuerMetadata,
      notification: { notificationId, event: 'credential_accepted' },
      ...access,
    })
  await tell(answer.notification_id ?? '')
  const told: string[] = []
  for await (const { event } of served.issuer.notifications()) told.push(event)
  expect(told).toEqual(['credential_accepted'])
  expect(await errorSeen(tell('unknown'))).toBe('invalid_notification_id')
})

test('cannot encrypt: where that is required it hears invalid_encryption_parameters', async () => {
  const served = await servedIssuer({
    ports: { encryption: encryption() },
    settings: { encryption: { requests: 'required', responses: 'required' } },
  })
  const { link, txCode } = await offer(served)
  const wallet = peerWallet()
  const learned = await learn(wallet, link)
  const access = accessOf(await redeem(wallet, learned, { txCode }))
  const refused = ask(wallet, learned, access, await proofs(wallet, learned))
  expect(await errorSeen(refused)).toBe('invalid_encryption_parameters')
})

test('does not let a key for the answer be as §8.2 has it: with its alg inside, and none beside', async () => {
  const { link, txCode } = await offer(await servedIssuer({ ports: { encryption: encryption() } }))
  const wallet = peerWallet()
  const learned = await learn(wallet, link)
  const access = accessOf(await redeem(wallet, learned, { txCode }))
  const [key] = wallet.keys as [PeerKey]
  const jwk = { ...key.signer.publicJwk, use: 'enc', alg: 'ECDH-ES' }
  const refused = wallet.client.retrieveCredentials({
    ...learned,
    ...access,
    proofs: await proofs(wallet, learned),
    additionalRequestPayload: { credential_response_encryption: { jwk, enc: 'A256GCM' } },
  })
  await expect(refused).rejects.toThrow('Error validating credential request')
})

test('where encryption may be had it does without', async () => {
  const served = await servedIssuer({ ports: { encryption: encryption() } })
  const { link, txCode } = await offer(served)
  const wallet = peerWallet()
  const learned = await learn(wallet, link)
  const access = accessOf(await redeem(wallet, learned, { txCode }))
  expect(textsIn(await ask(wallet, learned, access, await proofs(wallet, learned)))).toHaveLength(1)
})

test.each(['did', 'certificate'] as const)('verifies our metadata, signed by a %s', async (by) => {
  const certificate = by === 'certificate' ? await certifiedIssuer() : undefined
  const served = await servedIssuer(certificate === undefined ? {} : { certificate })
  const seen = await metadataSeen(served, (url, init) =>
    fetch(url, { ...init, headers: { accept: 'application/jwt' } }),
  )
  expect(seen.credentialIssuer.credential_issuer).toBe(served.url)
  expect(seen.signedCredentialIssuer?.signer.method).toBe(by === 'did' ? 'did' : 'x5c')
})

test('never asks for signed metadata of itself, though it could verify it: it sends no Accept (§12.2.2)', async () => {
  const { signedCredentialIssuer } = await metadataSeen(await servedIssuer(), fetch)
  expect(signedCredentialIssuer).toBeUndefined()
})

async function metadataSeen({ url }: ServedIssuer, fetching: typeof fetch) {
  // What it declares knows nothing of the callback with which it verifies signed metadata.
  const callbacks = { ...peerCallbacks([]), verifyJwt: verifyingJwts, fetch: fetching }
  return new Openid4vciClient({ callbacks }).resolveIssuerMetadata(url)
}

test('gets credentials for keys that its proofs name by a DID', async () => {
  const { link, txCode } = await offer(await servedIssuer())
  const wallet = peerWallet()
  const learned = await learn(wallet, link)
  const access = accessOf(await redeem(wallet, learned, { txCode }))
  const { c_nonce: nonce } = await wallet.client.requestNonce(learned)
  const [key] = wallet.keys as [PeerKey]
  const did = `did:jwk:${Buffer.from(JSON.stringify(key.signer.publicJwk)).toString('base64url')}`
  const { jwt } = await wallet.client.createCredentialRequestJwtProof({
    ...learned,
    signer: { method: 'did', didUrl: `${did}#0`, alg: 'ES256' },
    nonce,
  })
  const [compact = ''] = textsIn(await ask(wallet, learned, access, { jwt: [jwt] }))
  const { cnf } = JSON.parse(Buffer.from(compact.split('.')[1] ?? '', 'base64url').toString())
  expect(cnf).toEqual({ jwk: key.signer.publicJwk })
})
