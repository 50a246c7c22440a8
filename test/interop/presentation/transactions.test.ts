/** Transaction data between ours and Credo 0.6.3: hashes over the text as it was received. OpenID4VP 1.0 §8.4, §B.3.3. */
import { expect, test } from 'vitest'
import { acceptOffer, credoHolder } from '../credo/holder.ts'
import { givenName } from '../ours.ts'
import { testAuthority } from './certificates.ts'
import { authorizeByCredo } from './credo-holder.ts'
import { credoVerifier } from './credo-verifier.ts'
import { ourHolderOf } from './our-holder.ts'
import { ourIssuerOfTwo } from './our-issuer.ts'
import { ourVerifierByEveryName } from './our-verifier.ts'
import { staying } from './world.ts'

const PAYMENT = 'urn:example:payment'

const parties = staying(async (closing) => {
  const authority = await testAuthority(closing)
  const issuer = await ourIssuerOfTwo(closing)
  const ours = await ourVerifierByEveryName({ issuers: [issuer.node.did], authority, closing })
  const theirs = await credoVerifier(authority, closing)
  const transactionTypes = [
    { type: PAYMENT, members: { payee: { kind: 'text' }, cents: { kind: 'number' } } },
  ] as const
  const ourHolder = ourHolderOf({ authority, closing, transactionTypes })
  const theirHolder = await credoHolder([authority.trusted])
  closing(() => theirHolder.shutdown())
  await ourHolder.accept(await issuer.offer())
  const { link, txCode } = await issuer.offer()
  await acceptOffer(theirHolder, link, txCode)
  return { ours, theirs, ourHolder, theirHolder }
})

const payments = [
  { payee: 'Specimen Shop', cents: 1250 },
  { payee: 'Café Zenith', cents: 300 },
]

test('two payments that our verifier asks for are authorized by a wallet of Credo', async () => {
  const { ours, theirHolder } = parties()
  const { link, transactionId } = await ours.verifier.request(givenName, {
    transactions: payments.map((data) => ({ type: PAYMENT, credential_ids: ['person'], data })),
  })
  expect(await authorizeByCredo(theirHolder, link, ['person', 'person'])).toMatchObject({ ok: true })
  const result = await ours.verifier.result(transactionId)
  expect(result).toMatchObject({ outcome: 'verified' })
  const { checks = [] } = 'reports' in result ? (result.reports.person ?? {}) : {}
  expect(checks).toContainEqual(expect.objectContaining({ code: 'transaction_data', outcome: 'pass' }))
})

const asked = (data: object, more: object = { transaction_data_hashes_alg: ['sha-256'] }) => ({
  type: PAYMENT,
  credential_ids: ['person'] as [string],
  ...more,
  ...data,
})

test('two payments that a verifier of Credo asks for are authorized by our holder, whose person saw them', async () => {
  const { theirs, ourHolder } = parties()
  const { link, sessionId } = await theirs.request('x509_hash', givenName, {
    transactionData: payments.map((data) => asked(data)),
  })
  expect(await ourHolder.holder.present(link)).toEqual({ accepted: true })
  expect(ourHolder.asked.at(-1)?.transactions.map(({ lines }) => lines)).toMatchObject(
    payments.map(({ payee, cents }) => [
      { path: ['payee'], value: payee },
      { path: ['cents'], value: cents },
    ]),
  )
  const { transactionData } = await theirs.api.getVerifiedAuthorizationResponse(sessionId)
  expect(transactionData).toEqual(
    payments.map((data, transactionDataIndex) => ({
      credentialId: 'person',
      transactionDataIndex,
      decoded: asked(data),
      encoded: expect.any(String),
      presentations: [
        { presentationHashIndex: transactionDataIndex, hashAlg: 'sha-256', hash: expect.any(String) },
      ],
    })),
  )
})

test.each(['sha-256', 'sha-384', 'sha-512'])(
  'a payment is authorized by a hash of %s, as a verifier of Credo wants it',
  async (alg) => {
    const { theirs, ourHolder } = parties()
    const { link, sessionId } = await theirs.request('x509_hash', givenName, {
      transactionData: [asked({ payee: 'Specimen Shop', cents: 1 }, { transaction_data_hashes_alg: [alg] })],
    })
    expect(await ourHolder.holder.present(link)).toEqual({ accepted: true })
    const { transactionData } = await theirs.api.getVerifiedAuthorizationResponse(sessionId)
    expect(transactionData).toMatchObject([{ presentations: [{ hashAlg: alg }] }])
  },
)

test('difference: where it named no algorithm, a verifier of Credo wants one named all the same', async () => {
  const { theirs, ourHolder } = parties()
  const { link, sessionId } = await theirs.request('x509_hash', givenName, {
    transactionData: [asked({ payee: 'Specimen Shop', cents: 1 }, {})],
  })
  expect(await ourHolder.holder.present(link)).toEqual({ accepted: false })
  expect(await theirs.session(sessionId)).toEqual({
    state: 'Error',
    errorMessage: expect.stringContaining("Property 'transaction_data_hashes_alg'"),
  })
})

test('of what our person cannot be shown nothing is authorized, and a verifier of Credo gets no presentation', async () => {
  const { theirs, ourHolder } = parties()
  const before = ourHolder.asked.length
  const { link, sessionId } = await theirs.request('x509_hash', givenName, {
    transactionData: [{ type: 'urn:example:other', credential_ids: ['person'], amount: 1 }],
  })
  await expect(ourHolder.holder.present(link)).rejects.toMatchObject({ code: 'transaction_data_invalid' })
  expect(ourHolder.asked).toHaveLength(before)
  expect(await theirs.session(sessionId)).toMatchObject({ state: 'Error' })
})
