/**
 * A page that asks through its browser (Digital Credentials API). What stands between page and wallet is stood in for:
 * `navigator.credentials.get({ digital: { requests: [request] } })` in a browser, one call here. All else is as it is.
 */
import { startVerifierService } from '@facet-id/facet'
import { temporaryDirectory, walletWithCredential } from './neighbours.ts'

const directory = await temporaryDirectory()
const wallet = await walletWithCredential(directory)
const service = await startVerifierService({
  dataDirectory: directory.in('verifier'),
  environment: {},
  development: true,
  issuers: [{ id: wallet.issuerDid, vcts: ['urn:facet:person:1'] }],
})
const origin = service.url

const { request, transactionId } = await service.verifier.requestOnPlatform('over 18', { origin })
console.log('the page asks by', request.protocol)
const data = await wallet.showToPage(request, origin) // the browser says which page asks
console.log('the page is given', Object.keys(data).join(), 'and hands it to its server')

const result = await service.verifier.receive(transactionId, { data })
if ('reports' in result) console.log(result.outcome, result.flow, result.reports.credential?.shown)

const again = await service.verifier.receive(transactionId, { data }).catch(({ code }) => code)
console.log('a second time:', again)

await service.close()
await wallet.close()
await directory.remove()
