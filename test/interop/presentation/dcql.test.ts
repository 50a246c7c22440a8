/** Each query between our verifier and a wallet made of Credo 0.6.3, and between our holder and its verifier. */
import { PERSON_VCT } from '@facet-id/facet'
import type { Asking } from '@facet-id/verifier'
import { expect, test } from 'vitest'
import { acceptOffer, credoHolder, present } from '../credo/holder.ts'
import { testAuthority } from './certificates.ts'
import { leaving } from './credo-holder.ts'
import { credoVerifier } from './credo-verifier.ts'
import { ourHolderOf } from './our-holder.ts'
import { LICENCE, ourIssuerOfTwo } from './our-issuer.ts'
import { failed, ourVerifierByEveryName, shownIn } from './our-verifier.ts'
import { queryCases } from './queries.ts'
import { staying } from './world.ts'

const parties = staying(async (closing) => {
  const authority = await testAuthority(closing)
  const issuer = await ourIssuerOfTwo(closing)
  const vcts = [PERSON_VCT, LICENCE]
  const ours = await ourVerifierByEveryName({ issuers: [issuer.node.did], vcts, authority, closing })
  const theirs = await credoVerifier(authority, closing)
  const ourHolder = ourHolderOf({ authority, closing })
  const theirHolder = await credoHolder([authority.trusted])
  closing(() => theirHolder.shutdown())
  for (const type of ['person', 'licence'] as const) {
    await ourHolder.accept(await issuer.offer(type))
    const { link, txCode } = await issuer.offer(type)
    await acceptOffer(theirHolder, link, txCode)
  }
  await ourHolder.accept(await issuer.offer())
  return { ours, theirs, ourHolder, theirHolder }
})

const ofElements = queryCases.filter(({ elements }) => elements === true)
const others = queryCases.filter((one) => !ofElements.includes(one))

test.each(others)('our verifier asks a wallet of Credo for $about', async ({ query, shown }) => {
  const { ours, theirHolder } = parties()
  const { link, transactionId } = await ours.verifier.request(query as Asking)
  const answer = await present(theirHolder, link)
  expect(answer).toMatchObject({ ok: true })
  expect(await leaving(answer)).toEqual(shown)
  const result = await ours.verifier.result(transactionId)
  expect(result).toMatchObject({ outcome: 'verified', flow: 'cross_device' })
  expect(shownIn(result)).toEqual(shown)
})

test.each(ofElements)(
  'difference: asked for $about, a wallet of Credo shows a list without its elements, and that is no answer',
  async ({ query }) => {
    const { ours, theirHolder } = parties()
    const { link, transactionId } = await ours.verifier.request(query as Asking)
    expect(await present(theirHolder, link)).toMatchObject({
      ok: false,
      serverResponse: { status: 400, body: { error: 'invalid_request' } },
    })
    const result = await ours.verifier.result(transactionId)
    expect(failed(result)).toEqual([{ queryId: 'person', code: 'query', reason: 'claim_absent' }])
  },
)

test.each(queryCases)('our holder is asked by a verifier of Credo for $about', async ({ query, shown }) => {
  const { theirs, ourHolder } = parties()
  const { link, sessionId } = await theirs.request('decentralized_identifier', query)
  expect(await ourHolder.holder.present(link)).toEqual({ accepted: true })
  const each = Object.entries(shown).map(([id, claims]) => [id, [claims]])
  expect(await theirs.seen(sessionId)).toEqual(Object.fromEntries(each))
})

test('our holder shows several credentials for one query to a verifier of Credo that asks for several', async () => {
  const { theirs, ourHolder } = parties()
  const query = {
    credentials: [
      {
        id: 'person',
        format: 'dc+sd-jwt',
        meta: { vct_values: [PERSON_VCT] },
        claims: [{ path: ['given_name'] }],
        multiple: true,
      },
    ],
  }
  const held = await ourHolder.holder.credentials()
  const persons = held.filter(({ vct }) => vct === PERSON_VCT).map(({ credentialId }) => credentialId)
  expect(persons).toHaveLength(2)
  ourHolder.decideNext({ agreed: true, choice: { credentials: { person: persons } } })
  const { link, sessionId } = await theirs.request('decentralized_identifier', query)
  expect(await ourHolder.holder.present(link)).toEqual({ accepted: true })
  expect(await theirs.seen(sessionId)).toEqual({
    person: [{ given_name: 'Erika' }, { given_name: 'Erika' }],
  })
})
