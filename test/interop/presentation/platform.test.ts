/**
 * The Digital Credentials API between ours and Credo 0.6.3, as messages: what a page would give to its platform, and what
 * the platform would give back. The call of the platform is stood in for by handing them on.
 */
import { type JsonValue, readJson } from '@facet-id/credential/json'
import { expect, test } from 'vitest'
import { acceptOffer, credoHolder } from '../credo/holder.ts'
import { givenName } from '../ours.ts'
import { testAuthority } from './certificates.ts'
import { answerOfCredo } from './credo-holder.ts'
import { credoVerifier, seenIn } from './credo-verifier.ts'
import { ourHolderOf } from './our-holder.ts'
import { ourIssuerOfTwo } from './our-issuer.ts'
import { ourVerifierByEveryName, shownIn } from './our-verifier.ts'
import { staying } from './world.ts'

const ORIGIN = 'https://platform.example'

const parties = staying(async (closing) => {
  const authority = await testAuthority(closing)
  const issuer = await ourIssuerOfTwo(closing)
  const ours = await ourVerifierByEveryName({ issuers: [issuer.node.did], authority, closing })
  const theirs = await credoVerifier(authority, closing)
  const ourHolder = ourHolderOf({ authority, closing })
  const theirHolder = await credoHolder([authority.trusted])
  closing(() => theirHolder.shutdown())
  await ourHolder.accept(await issuer.offer())
  const { link, txCode } = await issuer.offer()
  await acceptOffer(theirHolder, link, txCode)
  return { ours, theirs, ourHolder, theirHolder }
})

/** Platforms hand on JSON. */
function handedOn(message: object): JsonValue {
  return readJson(JSON.stringify(message))
}

const signing = ['nobody', 'decentralized_identifier', 'x509_hash', 'x509_san_dns'] as const
const everyWay = signing.flatMap((signer) =>
  ([false, true] as const).map((encrypted) => ({
    signer,
    encrypted,
    mode: encrypted ? ('dc_api.jwt' as const) : ('dc_api' as const),
  })),
)

test.each(everyWay)(
  'our request, signed by $signer, a wallet of Credo answers by $mode',
  async ({ signer, encrypted }) => {
    const { ours, theirHolder } = parties()
    const { request, transactionId } = await ours.verifier.requestOnPlatform(givenName, {
      origin: ORIGIN,
      encrypted,
      as: signer === 'nobody' ? [] : [ours.names[signer]],
    })
    const data = await answerOfCredo(theirHolder, request.data, ORIGIN)
    expect(Object.keys(data)).toContain(encrypted ? 'response' : 'vp_token')
    const result = await ours.verifier.receive(transactionId, { data: handedOn(data) })
    expect(result).toMatchObject({ outcome: 'verified', flow: 'page' })
    expect(shownIn(result)).toEqual({ person: { given_name: 'Erika' } })
  },
)

test.each(everyWay)(
  'our holder answers a request of Credo, signed by $signer, by $mode',
  async ({ signer, mode }) => {
    const { theirs, ourHolder } = parties()
    const { object, sessionId } = await theirs.request(
      signer === 'nobody' ? 'redirect_uri' : signer,
      givenName,
      { responseMode: mode, expectedOrigins: [ORIGIN] },
    )
    const protocol = signer === 'nobody' ? 'openid4vp-v1-unsigned' : 'openid4vp-v1-signed'
    const data = handedOn(object)
    const { handOver } = await ourHolder.holder.presentToPlatform({ protocol, data, origin: ORIGIN })
    if (handOver?.by !== 'platform') throw new Error('it is handed to the platform')
    const { dcql } = await theirs.api.verifyAuthorizationResponse({
      verificationSessionId: sessionId,
      authorizationResponse: handOver.data,
      origin: ORIGIN,
    })
    expect(seenIn(dcql?.presentations)).toEqual({ person: [{ given_name: 'Erika' }] })
  },
)

test('a page at another origin gets no answer of ours, whatever its request says', async () => {
  const { theirs, ourHolder } = parties()
  const { object } = await theirs.request('x509_hash', givenName, {
    responseMode: 'dc_api',
    expectedOrigins: [ORIGIN],
  })
  const ask = { protocol: 'openid4vp-v1-signed', data: handedOn(object), origin: 'https://other.example' }
  await expect(ourHolder.holder.presentToPlatform(ask)).rejects.toMatchObject({
    code: 'request_not_authentic',
  })
})

test('what a wallet of Credo showed to a page at another origin is no answer to ours', async () => {
  const { ours, theirHolder } = parties()
  const { request, transactionId } = await ours.verifier.requestOnPlatform(givenName, {
    origin: ORIGIN,
    encrypted: false,
    as: [],
  })
  const data = handedOn(await answerOfCredo(theirHolder, request.data, 'https://other.example'))
  await expect(ours.verifier.receive(transactionId, { data })).rejects.toMatchObject({
    code: 'answer_unproven',
  })
  expect(await ours.verifier.result(transactionId)).toEqual({ outcome: 'pending' })
})

test('difference: a request with several signatures a wallet of Credo cannot read', async () => {
  const { ours, theirHolder, ourHolder } = parties()
  const { request, transactionId } = await ours.verifier.requestOnPlatform(givenName, {
    origin: ORIGIN,
    as: [ours.names.decentralized_identifier, ours.names.x509_hash],
  })
  expect(request.protocol).toBe('openid4vp-v1-multisigned')
  await expect(answerOfCredo(theirHolder, request.data, ORIGIN)).rejects.toThrow(
    'received object at "request"',
  )
  const { handOver } = await ourHolder.holder.presentToPlatform({ ...request, origin: ORIGIN })
  if (handOver?.by !== 'platform') throw new Error('it is handed to the platform')
  const result = await ours.verifier.receive(transactionId, { data: handOver.data })
  expect(result).toMatchObject({ outcome: 'verified' })
})

test('difference: that the person declined on a page, a verifier of Credo cannot read', async () => {
  const { theirs, ourHolder } = parties()
  const { object, sessionId } = await theirs.request('x509_hash', givenName, {
    responseMode: 'dc_api',
    expectedOrigins: [ORIGIN],
  })
  ourHolder.decideNext({ agreed: false })
  const ask = { protocol: 'openid4vp-v1-signed', data: handedOn(object), origin: ORIGIN }
  const declined = await ourHolder.holder.presentToPlatform(ask).catch((error: unknown) => error)
  expect(declined).toMatchObject({
    code: 'declined_by_person',
    handOver: { by: 'platform', data: { error: 'access_denied' } },
  })
  await expect(
    theirs.api.verifyAuthorizationResponse({
      verificationSessionId: sessionId,
      authorizationResponse: { error: 'access_denied' },
      origin: ORIGIN,
    }),
  ).rejects.toThrow('Failed to parse openid4vp authorization response')
})
