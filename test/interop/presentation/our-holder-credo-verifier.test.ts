/** Our holder answers a verifier made of Credo 0.6.3. */
import { expect, test } from 'vitest'
import { givenName } from '../ours.ts'
import { testAuthority } from './certificates.ts'
import { credoVerifier } from './credo-verifier.ts'
import { ourHolderOf } from './our-holder.ts'
import { ourIssuerOfTwo } from './our-issuer.ts'
import { everyWay } from './our-verifier.ts'
import { staying } from './world.ts'

const parties = staying(async (closing) => {
  const authority = await testAuthority(closing)
  const issuer = await ourIssuerOfTwo(closing)
  const credo = await credoVerifier(authority, closing)
  const ours = ourHolderOf({ authority, closing })
  await ours.accept(await issuer.offer())
  return { credo, ...ours }
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
