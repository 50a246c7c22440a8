/** Our holder answers a verifier made of Credo 0.6.3. */
import { expect, test } from 'vitest'
import { givenName } from '../ours.ts'
import { testAuthority } from './certificates.ts'
import { credoVerifier } from './credo-verifier.ts'
import { ourHolderOf } from './our-holder.ts'
import { ourIssuerOfTwo } from './our-issuer.ts'
import { everyWay, failed, ourVerifierByEveryName } from './our-verifier.ts'
import { now, staying } from './world.ts'

/** Seconds by which the clock of one of our holders is behind. */
let behind = 0

const parties = staying(async (closing) => {
  const authority = await testAuthority(closing)
  const issuer = await ourIssuerOfTwo(closing)
  const credo = await credoVerifier(authority, closing)
  const ours = ourHolderOf({ authority, closing })
  // An offer brings ten copies, and each is shown once.
  for (let offers = 0; offers < 2; offers += 1) await ours.accept(await issuer.offer())
  const stranger = ourHolderOf({ authority: await testAuthority(closing), closing })
  const old = ourHolderOf({ authority, closing, clock: () => now() - behind })
  await old.accept(await issuer.offer())
  const { verifier, names } = await ourVerifierByEveryName({ issuers: [issuer.node.did], authority, closing })
  return { credo, stranger, old, verifier, names, ...ours }
})

test.each(everyWay)(
  'a client known by $prefix is answered by $responseMode',
  async ({ prefix, responseMode }) => {
    const { credo, holder, asked } = parties()
    const { link, sessionId } = await credo.request(prefix, givenName, { responseMode })
    expect(await holder.present(link)).toEqual({ accepted: true })
    expect(asked.at(-1)?.verifier.split(':')[0]).toBe(prefix)
    expect(await credo.seen(sessionId)).toEqual({ person: [{ given_name: 'Erika' }] })
  },
)

test('on the same device the person goes on where it says', async () => {
  const { credo, holder } = parties()
  const redirectUri = 'http://localhost/back?code=0123456789abcdef'
  const { link } = await credo.request('x509_hash', givenName, {
    authorizationResponseRedirectUri: redirectUri,
  })
  expect(await holder.present(link)).toEqual({ accepted: true, redirectUri })
})

test.each(['direct_post', 'direct_post.jwt'] as const)(
  'difference: that the person declined, by %s, it takes for an answer that it cannot read',
  async (responseMode) => {
    const { credo, holder, decideNext } = parties()
    const { link, sessionId } = await credo.request('x509_hash', givenName, { responseMode })
    decideNext({ agreed: false })
    await expect(holder.present(link)).rejects.toMatchObject({ code: 'declined_by_person' })
    expect(await credo.session(sessionId)).toEqual({
      state: 'Error',
      errorMessage: expect.stringContaining('Failed to parse openid4vp authorization response'),
    })
  },
)

test.each(['direct_post', 'direct_post.jwt'] as const)(
  'a request is answered once, by %s: the second time our holder says so, and calls nobody',
  async (responseMode) => {
    const { credo, holder } = parties()
    const { link } = await credo.request('redirect_uri', givenName, { responseMode })
    expect(await holder.present(link)).toEqual({ accepted: true })
    await expect(holder.present(link)).rejects.toMatchObject({ code: 'request_answered' })
  },
)

test.each(['x509_hash', 'x509_san_dns'] as const)(
  'a client known by %s whose authority our holder does not trust gets nothing, not even an error',
  async (prefix) => {
    const { credo, stranger } = parties()
    const { link, sessionId } = await credo.request(prefix, givenName)
    await expect(stranger.holder.present(link)).rejects.toMatchObject({ code: 'request_not_authentic' })
    expect(await credo.session(sessionId)).toEqual({ state: 'RequestUriRetrieved' })
  },
)

test('what nobody holds is answered as if the person had declined', async () => {
  const { credo, holder, asked } = parties()
  const [person] = givenName.credentials
  const query = { credentials: [{ ...person, meta: { vct_values: ['urn:example:other'] } }] }
  const { link, sessionId } = await credo.request('decentralized_identifier', query)
  await expect(holder.present(link)).rejects.toMatchObject({ code: 'nothing_matches' })
  expect(asked.at(-1)?.items).toEqual([])
  expect(await credo.session(sessionId)).toMatchObject({ state: 'Error' })
})

test("a request that is sent under the name of another client is nobody's", async () => {
  const { credo, holder } = parties()
  const { link } = await credo.request('decentralized_identifier', givenName)
  const url = new URL(link)
  url.searchParams.set('client_id', `x509_hash:${'A'.repeat(43)}`)
  await expect(holder.present(url.toString())).rejects.toMatchObject({ name: 'ProtocolError' })
})

test("what a verifier says of itself, and others attest of it, stands in no answer's way", async () => {
  const { credo, holder } = parties()
  const { link, sessionId } = await credo.request('x509_hash', givenName, {
    verifierInfo: [{ format: 'jwt', data: 'e30.e30.AA', credential_ids: ['person'] }],
  })
  expect(await holder.present(link)).toEqual({ accepted: true })
  expect(await credo.seen(sessionId)).toEqual({ person: [{ given_name: 'Erika' }] })
})

test('of two formats that it would take our holder answers in the one that it has', async () => {
  const { credo, holder } = parties()
  const mdoc = {
    id: 'mdl',
    format: 'mso_mdoc',
    meta: { doctype_value: 'org.iso.18013.5.1.mDL' },
    claims: [{ path: ['org.iso.18013.5.1', 'given_name'], intent_to_retain: false }],
  }
  const query = {
    credentials: [mdoc, ...givenName.credentials],
    credential_sets: [{ options: [['mdl'], ['person']] }],
  }
  const { link, sessionId } = await credo.request('x509_hash', query, { responseMode: 'direct_post.jwt' })
  expect(await holder.present(link)).toEqual({ accepted: true })
  expect(await credo.seen(sessionId)).toEqual({ person: [{ given_name: 'Erika' }] })
})

test('difference: it takes a key binding that is ten days old, which our verifier refuses', async () => {
  const { credo, old, verifier, names } = parties()
  behind = 10 * 86_400
  const { link, sessionId } = await credo.request('redirect_uri', givenName)
  expect(await old.holder.present(link)).toEqual({ accepted: true })
  expect(await credo.seen(sessionId)).toEqual({ person: [{ given_name: 'Erika' }] })
  const ours = await verifier.request(givenName, { as: names.redirect_uri })
  expect(await old.holder.present(ours.link)).toMatchObject({ accepted: false })
  expect(failed(await verifier.result(ours.transactionId))).toEqual([
    expect.objectContaining({ code: 'key_binding_time' }),
  ])
})
