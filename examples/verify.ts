/** Verify: ask a wallet whether its holder is 18 or over, and read the report. */
import { personQuery, startVerifierService } from '@facet-id/facet'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { temporaryDirectory, walletWithCredential } from './neighbours.ts'

const directory = await temporaryDirectory()
const { issuerDid, show, close } = await walletWithCredential(directory)

const service = await startVerifierService({
  dataDirectory: directory.in('verifier'),
  environment: {},
  development: true,
  issuers: [{ id: issuerDid, vcts: ['urn:facet:person:1'] }],
})

const { link, transactionId } = await service.verifier.request(readDcqlQuery(personQuery({ age: 18 })))
await show(link) // a QR code, in real life

const result = await service.verifier.result(transactionId)
if ('reports' in result) {
  for (const { checks, shown } of Object.values(result.reports)) {
    for (const { code, outcome } of checks) console.log(outcome, code)
    console.log(result.outcome, shown)
  }
}

await service.close()
await close()
await directory.remove()
