/** The same verifier in plain node:http: three lines among other things that a server does. */
import { createServer } from 'node:http'
import { startVerifierService } from '@facet-id/facet'
import { mountRole } from '@facet-id/http/node'
import type { PresentationResult } from '@facet-id/verifier'
import { freePort, temporaryDirectory, walletWithCredential } from './neighbours.ts'

const directory = await temporaryDirectory()
const wallet = await walletWithCredential(directory)
const port = await freePort()
const service = await startVerifierService({
  dataDirectory: directory.in('verifier'),
  environment: {},
  development: true,
  mounted: true,
  publicUrl: `http://127.0.0.1:${port}/wallets`,
  issuers: [{ id: wallet.issuerDid, vcts: ['urn:facet:person:1'] }],
})

const role = mountRole(service.handle, { publicUrl: service.url })
const server = createServer((request, response) =>
  role(request, response, () => response.end('a page of ours')),
)
await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

const { link, transactionId } = await service.verifier.request('over 18, nationality UTO')
await wallet.show(link)

// Who has the transaction id, and nobody else, may also fetch the result.
const headers = { authorization: `Bearer ${transactionId}` }
const result = (await (await fetch(`${service.url}/results`, { headers })).json()) as PresentationResult
if ('reports' in result) {
  const { verdicts, shown } = result.reports.credential ?? {}
  console.log(result.outcome, verdicts, shown)
}
console.log('to others:', (await fetch(`${service.url}/results`)).status)
console.log('elsewhere:', await (await fetch(`http://127.0.0.1:${port}/`)).text())

role.close()
await new Promise((resolve) => server.close(resolve))
await service.close()
await wallet.close()
await directory.remove()
