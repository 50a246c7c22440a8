/** A wallet made of Credo 0.6.3 at our issuer and our verifier. */
import type { SdJwtVcRecord } from '@credo-ts/core'
import { expect, onTestFinished, test } from 'vitest'
import { acceptOffer, type CredoHolder, credoHolder, present } from './credo/holder.ts'
import { givenName, offered, ourIssuer, ourVerifier } from './ours.ts'

async function startedHolder(): Promise<CredoHolder> {
  const holder = await credoHolder()
  onTestFinished(() => holder.shutdown())
  return holder
}

function keysIn(records: readonly SdJwtVcRecord[]): readonly string[] {
  return records.flatMap(({ credentialInstances }) =>
    credentialInstances.map(({ compactSdJwtVc }) => {
      const [, payload = ''] = compactSdJwtVc.split('.')
      return JSON.parse(Buffer.from(payload, 'base64url').toString()).cnf.jwk.x
    }),
  )
}

test('takes a batch by a pre-authorized code from an issuer that is known by its DID, and shows a part of it', async () => {
  const node = await ourIssuer()
  const service = await ourVerifier(node.did)
  const holder = await startedHolder()
  const { link, txCode } = await offered(node)
  const { credentials } = await acceptOffer(holder, link, txCode)
  const keys = keysIn(credentials.map(({ record }) => record as SdJwtVcRecord))
  expect(new Set(keys).size).toBe(3)

  const { link: request, transactionId } = await service.verifier.request(givenName)
  expect(await present(holder, request)).toMatchObject({ ok: true, serverResponse: { status: 200 } })
  expect(await service.verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
})
