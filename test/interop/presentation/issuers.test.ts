/** Credentials of our issuer, however it is known, shown between ours and Credo 0.6.3; and those that it revoked. */
import { PERSON_VCT } from '@facet-id/facet'
import { createRuleSource } from '@facet-id/trust'
import { expect, onTestFinished, test } from 'vitest'
import { acceptOffer, credoHolder, present } from '../credo/holder.ts'
import { givenName, ourVerifier, walletOf } from '../ours.ts'
import { testAuthority } from './certificates.ts'
import { credoVerifier } from './credo-verifier.ts'
import { ourHolderOf } from './our-holder.ts'
import { type OurIssuer, ourIssuerOfTwo } from './our-issuer.ts'
import { failed, shownIn } from './our-verifier.ts'
import { staying } from './world.ts'

const parties = staying(async (closing) => {
  const authority = await testAuthority(closing)
  const credo = await credoVerifier(authority, closing)
  const { certificate, privateJwk } = await authority.certify('localhost', 'issuer')
  const knownBy = { chain: [certificate.der], privateJwk }
  const issuer = await ourIssuerOfTwo(closing, { knownBy })
  const { authorityKeyIdentifier = new Uint8Array() } = certificate.extensions
  return { authority, credo, issuer, aki: Buffer.from(authorityKeyIdentifier).toString('base64url') }
})

/** Asks for a person of an issuer whom that authority certified. */
function ofAuthority(aki: string) {
  const [person] = givenName.credentials
  return { credentials: [{ ...person, trusted_authorities: [{ type: 'aki' as const, values: [aki] }] }] }
}

/** A wallet of Credo that holds a person of that issuer. */
async function credoHolding(issuer: OurIssuer) {
  const holder = await credoHolder([parties().authority.trusted])
  onTestFinished(() => holder.shutdown())
  const { link, txCode } = await issuer.offer()
  await acceptOffer(holder, link, txCode)
  return holder
}

test('our wallet shows a credential of an issuer by a certificate to a verifier of Credo that asks for its authority', async () => {
  const { authority, credo, issuer, aki } = parties()
  const wallet = await walletOf(issuer.node, { certificates: authority.certificates })
  const { link, sessionId } = await credo.request('x509_hash', ofAuthority(aki))
  expect(await wallet.holder.present(link)).toEqual({ accepted: true })
  expect(await credo.seen(sessionId)).toEqual({ person: [{ given_name: 'Erika' }] })
  const other = await credo.request('x509_hash', ofAuthority('AAAA'))
  await expect(wallet.holder.present(other.link)).rejects.toMatchObject({ code: 'nothing_matches' })
})

test('a wallet of Credo shows a credential of an issuer by a certificate to our verifier that asks for its authority', async () => {
  const { authority, issuer, aki } = parties()
  const issuers = [{ party: { anchor: 'utopia' }, vcts: [PERSON_VCT] }]
  const service = await ourVerifier('did:example:nobody', {
    certificates: authority.certificates,
    sources: [createRuleSource('by certificate', { issuers, verifiers: [], blocked: [] })],
  })
  const holder = await credoHolding(issuer)
  const { link, transactionId } = await service.verifier.request(ofAuthority(aki))
  expect(await present(holder, link)).toMatchObject({ ok: true })
  const result = await service.verifier.result(transactionId)
  expect(result).toMatchObject({ outcome: 'verified' })
  expect(shownIn(result)).toEqual({ person: { given_name: 'Erika' } })
})

test('difference: of an issuer that is known by its address a verifier of Credo finds no key', async () => {
  const { authority, credo } = parties()
  const issuer = await ourIssuerOfTwo(onTestFinished, { knownBy: 'address' })
  const { holder, accept } = ourHolderOf({ authority, closing: onTestFinished })
  await accept(await issuer.offer())
  const { link, sessionId } = await credo.request('decentralized_identifier', givenName)
  expect(await holder.present(link)).toMatchObject({ accepted: false })
  expect(await credo.session(sessionId)).toEqual({
    state: 'Error',
    errorMessage: expect.stringContaining('Only did and x5c are supported'),
  })
  const service = await ourVerifier(issuer.node.credentialIssuer)
  expect(await holder.present((await service.verifier.request(givenName)).link)).toEqual({ accepted: true })
})

test('what its issuer revoked neither verifier takes', async () => {
  const { authority, credo } = parties()
  const issuer = await ourIssuerOfTwo(onTestFinished)
  const service = await ourVerifier(issuer.node.did)
  const ours = ourHolderOf({ authority, closing: onTestFinished })
  await ours.accept(await issuer.offer())
  const theirs = await credoHolding(issuer)
  for await (const { issuanceId } of issuer.node.issuer.issuances())
    await issuer.node.issuer.revoke(issuanceId)

  const { link, transactionId } = await service.verifier.request(givenName)
  expect(await present(theirs, link)).toMatchObject({ ok: false, serverResponse: { status: 400 } })
  expect(failed(await service.verifier.result(transactionId))).toEqual([
    { queryId: 'person', code: 'status', reason: 'revoked' },
  ])
  const asked = await credo.request('decentralized_identifier', givenName)
  expect(await ours.holder.present(asked.link)).toMatchObject({ accepted: false })
  expect(await credo.session(asked.sessionId)).toMatchObject({
    state: 'Error',
    errorMessage: expect.stringContaining('Status is not valid'),
  })
})
