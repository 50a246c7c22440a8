/** A wallet made of Credo at our issuer and our verifier. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type IssuanceNode,
  PERSON_CONFIGURATION,
  PERSON_VCT,
  startIssuanceNode,
  startVerifierService,
  type VerifierService,
} from '@facet-id/facet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptOffer, type CredoHolder, credoHolder, present } from './credo/holder.ts'

let directory: string
let node: IssuanceNode
let service: VerifierService
let wallet: CredoHolder

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'facet-interop-'))
  const options = { environment: {}, development: true }
  node = await startIssuanceNode({ ...options, dataDirectory: join(directory, 'issuer') })
  service = await startVerifierService({
    ...options,
    dataDirectory: join(directory, 'verifier'),
    issuers: [{ id: node.did, vcts: [PERSON_VCT] }],
  })
  wallet = await credoHolder()
})
afterAll(async () => {
  await wallet.shutdown()
  await service.close()
  await node.close()
  await rm(directory, { recursive: true })
})

const claims = {
  given_name: 'Erika',
  family_name: 'Specimen',
  birthdate: '1990-01-01',
  nationalities: ['UTO'],
  document_number: 'UTO0000000',
  age_equal_or_over: { '18': true },
}

test('takes a batch from our issuer by a pre-authorized code', async () => {
  const { link, txCode } = await node.issuer.offer({ configurationId: PERSON_CONFIGURATION, claims })
  const { credentials } = await acceptOffer(wallet, link, txCode)
  console.log(JSON.stringify(credentials.map((c) => c.record.toJSON()), null, 1).slice(0, 1500))
})

test('presents', async () => {
  const { link, transactionId } = await service.verifier.request({
    credentials: [{ id: 'person', format: 'dc+sd-jwt', meta: { vct_values: [PERSON_VCT] }, claims: [{ path: ['given_name'] }] }],
  })
  const answer = await present(wallet, link)
  console.log(answer.ok, answer.serverResponse)
  expect(await service.verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
})
