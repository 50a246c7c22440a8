import { jwsAlgorithms } from '@facet-id/credential/jose'
import { expect, test } from 'vitest'
import { ISSUER, type MemoryStage, memoryStage, VERIFIER } from './memory.ts'
import { askedOf, issuedOn } from './steps.ts'

const metadataOf = async ({ issuer }: MemoryStage) => {
  const url = `${ISSUER}/.well-known/openid-credential-issuer`
  const { body } = await issuer.handle({ method: 'GET', url, headers: {} })
  return JSON.parse(body).credential_configurations_supported.person
}

test('JWT-3.1-2 the metadata names the algorithms of proofs that the setting says, and the one of the key that signs', async () => {
  const all = await metadataOf(memoryStage({ algs: { issuer: 'EdDSA' } }))
  expect(all.credential_signing_alg_values_supported).toEqual(['EdDSA'])
  expect(all.proof_types_supported.jwt.proof_signing_alg_values_supported).toEqual(jwsAlgorithms)
  const one = await metadataOf(memoryStage({ issuer: { settings: { proofAlgs: ['ES384'] } } }))
  expect(one.credential_signing_alg_values_supported).toEqual(['ES256'])
  expect(one.proof_types_supported.jwt.proof_signing_alg_values_supported).toEqual(['ES384'])
})

test('JWT-3.1-4 a wallet proves no key that its issuer does not take, and keeps none', async () => {
  const stage = memoryStage({ algs: { holder: 'EdDSA' }, issuer: { settings: { proofAlgs: ['ES256'] } } })
  await expect(issuedOn(stage)).rejects.toMatchObject({ code: 'offer_unsupported' })
  expect(stage.sent.map(({ url }) => url)).not.toContain(`${ISSUER}/credential`)
  expect(await stage.holder.credentials()).toEqual([])
  for await (const { key } of stage.stores.holder.range('holder/key')) throw new Error(`${key} is left`)
})

test('JWT-3.1-3 a verifier asks for the algorithms that the setting says, and a wallet with others shows nothing', async () => {
  const stage = memoryStage({ verifierSettings: { algs: ['ES384', 'EdDSA'] } })
  await issuedOn(stage)
  const { link, transactionId } = await askedOf(stage)
  await expect(stage.holder.present(link)).rejects.toMatchObject({ code: 'nothing_matches' })
  expect(await stage.verifier.result(transactionId)).toMatchObject({ outcome: 'declined' })
  const answers = stage.sent.filter(({ url }) => url.startsWith(`${VERIFIER}/responses/`))
  expect(answers.map(({ body }) => body?.includes('vp_token'))).toEqual([false])
})

test('JWT-3.1-1 a wallet that takes ES256 alone refuses a credential and a request that are signed otherwise', async () => {
  const narrow = { algs: ['ES256'] } as const
  const issuing = memoryStage({ algs: { issuer: 'ES384' }, holderSettings: narrow })
  await expect(issuedOn(issuing)).rejects.toMatchObject({ code: 'credential_refused' })
  expect(await issuing.holder.credentials()).toEqual([])

  const asking = memoryStage({ algs: { verifier: 'ES384' }, holderSettings: narrow })
  await issuedOn(asking)
  const { link, transactionId } = await askedOf(asking)
  await expect(asking.holder.present(link)).rejects.toMatchObject({ code: 'jws_alg_not_allowed' })
  expect(await asking.verifier.result(transactionId)).toMatchObject({ outcome: 'pending' })
})
