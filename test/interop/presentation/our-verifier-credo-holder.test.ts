/** Our verifier asks a wallet made of Credo 0.6.3. */
import { generateKey, signerOf } from '@facet-id/crypto/node'
import { expect, test } from 'vitest'
import { acceptOffer, credoHolder, present } from '../credo/holder.ts'
import { givenName } from '../ours.ts'
import { testAuthority } from './certificates.ts'
import { ourIssuerOfTwo } from './our-issuer.ts'
import { everyWay, ourVerifierByEveryName, shownIn } from './our-verifier.ts'
import { staying } from './world.ts'

const parties = staying(async (closing) => {
  const authority = await testAuthority(closing)
  const issuer = await ourIssuerOfTwo(closing)
  const signer = { ...signerOf(generateKey('ES256').privateJwk), kid: 'r' }
  const more = () => [{ client_id: 'platform', signer }]
  const ours = await ourVerifierByEveryName({ issuers: [issuer.node.did], authority, closing, more })
  const holder = await credoHolder([authority.trusted])
  closing(() => holder.shutdown())
  const { link, txCode } = await issuer.offer()
  await acceptOffer(holder, link, txCode)
  const other = await ourVerifierByEveryName({ issuers: [], authority, closing })
  const stranger = await credoHolder([])
  closing(() => stranger.shutdown())
  return { ...ours, holder, other, stranger }
})

test.each(everyWay)(
  'a client known by $prefix is answered by $responseMode',
  async ({ prefix, responseMode }) => {
    const { verifier, names, holder } = parties()
    const { link, transactionId } = await verifier.request(givenName, { as: names[prefix], responseMode })
    expect(await present(holder, link)).toMatchObject({ ok: true, serverResponse: { status: 200 } })
    expect(await verifier.result(transactionId)).toMatchObject({
      outcome: 'verified',
      reports: { person: { shown: { given_name: 'Erika' } } },
    })
  },
)

test('on the same device the wallet names the address where the person goes on, and only the session that asked is told', async () => {
  const { verifier, holder } = parties()
  const sameDevice = { session: 'of the browser that asks', returnTo: 'http://localhost/back?step=2' }
  const { link, transactionId } = await verifier.request(givenName, { sameDevice })
  const answer = await present(holder, link)
  if (!answer.ok || !('redirectUri' in answer)) throw new Error('it was taken')
  const back = new URL(answer.redirectUri ?? '')
  expect(back.searchParams.get('step')).toBe('2')
  expect(await verifier.result(transactionId)).toEqual({ outcome: 'awaiting_return' })
  const responseCode = back.searchParams.get('response_code') ?? ''
  const result = await verifier.returned({ responseCode, session: sameDevice.session })
  expect(result).toMatchObject({ outcome: 'verified', flow: 'same_device' })
  expect(shownIn(result)).toEqual({ person: { given_name: 'Erika' } })
})

test.each(['direct_post', 'direct_post.jwt'] as const)(
  'a request is answered once, by %s: the wallet hears of it the second time',
  async (responseMode) => {
    const { verifier, names, holder } = parties()
    // By value, for at the address there is no request any more.
    const { link } = await verifier.request(givenName, { as: names.x509_hash, responseMode, byValue: true })
    expect(await present(holder, link)).toMatchObject({ ok: true })
    expect(await present(holder, link)).toMatchObject({
      ok: false,
      serverResponse: { status: 400, body: { error: 'invalid_request' } },
    })
  },
)

test('an issuer that the verifier does not believe: the wallet hears that its answer was refused', async () => {
  const { other, holder } = parties()
  const { link, transactionId } = await other.verifier.request(givenName)
  expect(await present(holder, link)).toMatchObject({
    ok: false,
    serverResponse: { status: 400, body: { error: 'invalid_request' } },
  })
  expect(await other.verifier.result(transactionId)).toMatchObject({
    outcome: 'pending',
    attempts: [{ reasons: [{ queryId: 'person', code: 'trust' }] }],
  })
})

test.each(['x509_hash', 'x509_san_dns'] as const)(
  'a wallet that does not trust the authority of our certificate does not answer a client known by %s',
  async (prefix) => {
    const { verifier, names, stranger } = parties()
    const { link, transactionId } = await verifier.request(givenName, { as: names[prefix] })
    await expect(present(stranger, link)).rejects.toThrow()
    expect(await verifier.result(transactionId)).toEqual({ outcome: 'pending' })
  },
)

test('difference: a wallet of Credo knows no client that was registered with it', async () => {
  const { verifier, holder } = parties()
  const { link } = await verifier.request(givenName, { as: 'platform' })
  await expect(present(holder, link)).rejects.toThrow('Error during verification of jwt')
})
