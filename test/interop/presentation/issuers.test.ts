/** Credentials of our issuer, however it is known, shown between ours and Credo 0.6.3; and those that it revoked. */
import { PERSON_VCT } from '@facet-id/facet'
import { createRuleSource } from '@facet-id/trust'
import { expect, onTestFinished, test } from 'vitest'
import { acceptOffer, credoHolder, present } from '../credo/holder.ts'
import { givenName, offered, ourIssuer, ourVerifier, walletOf } from '../ours.ts'
import { testAuthority } from './certificates.ts'
import { credoVerifier } from './credo-verifier.ts'
import { failed, shownIn } from './our-verifier.ts'

async function onStage() {
  const authority = await testAuthority(onTestFinished)
  const credo = await credoVerifier(authority, onTestFinished)
  const { certificate, privateJwk } = await authority.certify('localhost', 'issuer')
  const byCertificate = { chain: [certificate.der], privateJwk }
  const { authorityKeyIdentifier = new Uint8Array() } = certificate.extensions
  const aki = Buffer.from(authorityKeyIdentifier).toString('base64url')
  const [person] = givenName.credentials
  const ofAuthority = (value: string) => ({
    credentials: [{ ...person, trusted_authorities: [{ type: 'aki' as const, values: [value] }] }],
  })
  return { authority, credo, byCertificate, ofAuthority, aki }
}

test('our wallet shows a credential of an issuer by a certificate to a verifier of Credo that asks for its authority', async () => {
  const { authority, credo, byCertificate, ofAuthority, aki } = await onStage()
  const node = await ourIssuer({ knownBy: byCertificate })
  const wallet = await walletOf(node, { certificates: authority.certificates })
  const { link, sessionId } = await credo.request('x509_hash', ofAuthority(aki))
  expect(await wallet.holder.present(link)).toEqual({ accepted: true })
  expect(await credo.seen(sessionId)).toEqual({ person: [{ given_name: 'Erika' }] })
  const other = await credo.request('x509_hash', ofAuthority('AAAA'))
  await expect(wallet.holder.present(other.link)).rejects.toMatchObject({ code: 'nothing_matches' })
})

test('a wallet of Credo shows a credential of an issuer by a certificate to our verifier that asks for its authority', async () => {
  const { authority, byCertificate, ofAuthority, aki } = await onStage()
  const node = await ourIssuer({ knownBy: byCertificate })
  const issuers = [{ party: { anchor: 'utopia' }, vcts: [PERSON_VCT] }]
  const service = await ourVerifier('did:example:nobody', {
    certificates: authority.certificates,
    sources: [createRuleSource('by certificate', { issuers, verifiers: [], blocked: [] })],
  })
  const holder = await credoHolder([authority.trusted])
  onTestFinished(() => holder.shutdown())
  const { link, txCode } = await offered(node)
  await acceptOffer(holder, link, txCode)
  const asked = await service.verifier.request(ofAuthority(aki))
  expect(await present(holder, asked.link)).toMatchObject({ ok: true })
  const result = await service.verifier.result(asked.transactionId)
  expect(result).toMatchObject({ outcome: 'verified' })
  expect(shownIn(result)).toEqual({ person: { given_name: 'Erika' } })
})

test('difference: of an issuer that is known by its address a verifier of Credo finds no key', async () => {
  const { credo } = await onStage()
  const node = await ourIssuer({ knownBy: 'address' })
  const wallet = await walletOf(node)
  const { link, sessionId } = await credo.request('decentralized_identifier', givenName)
  expect(await wallet.holder.present(link)).toMatchObject({ accepted: false })
  expect(await credo.session(sessionId)).toEqual({
    state: 'Error',
    errorMessage: expect.stringContaining('Only did and x5c are supported'),
  })
  const service = await ourVerifier(node.credentialIssuer)
  const asked = await service.verifier.request(givenName)
  expect(await wallet.holder.present(asked.link)).toMatchObject({ accepted: true })
})

test('what its issuer revoked neither verifier takes', async () => {
  const { authority, credo } = await onStage()
  const node = await ourIssuer({ statusListTtl: 1 })
  const service = await ourVerifier(node.did)
  const wallet = await walletOf(node)
  const holder = await credoHolder([authority.trusted])
  onTestFinished(() => holder.shutdown())
  const { link, txCode } = await offered(node)
  await acceptOffer(holder, link, txCode)
  for await (const { issuanceId } of node.issuer.issuances()) await node.issuer.revoke(issuanceId)

  const ours = await service.verifier.request(givenName)
  expect(await present(holder, ours.link)).toMatchObject({ ok: false, serverResponse: { status: 400 } })
  expect(failed(await service.verifier.result(ours.transactionId))).toEqual([
    expect.objectContaining({ code: 'status', reason: 'revoked' }),
  ])
  const theirs = await credo.request('decentralized_identifier', givenName)
  expect(await wallet.holder.present(theirs.link)).toMatchObject({ accepted: false })
  expect(await credo.session(theirs.sessionId)).toMatchObject({ state: 'Error' })
})
