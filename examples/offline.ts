/** Judging where nothing can be asked: what was known beforehand decides, and the report says how old that was. */
import { checkSignatures, hash } from '@facet-id/crypto/node'
import { startVerifierService } from '@facet-id/facet'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { createAllowList } from '@facet-id/trust'
import { defaultSettings } from '@facet-id/verifier'
import { judge } from '@facet-id/verifier/offline'
import { temporaryDirectory, walletWithCredential } from './neighbours.ts'

const directory = await temporaryDirectory()
const wallet = await walletWithCredential(directory)
const service = await startVerifierService({
  dataDirectory: directory.in('verifier'),
  environment: {},
  development: true,
  issuers: [],
})
const origin = service.url
// An unsigned request, in the clear: what a device at a door shows to a phone.
const asked = { origin, as: [], encrypted: false } as const
const { request } = await service.verifier.requestOnPlatform('over 18', asked)
const { vp_token } = await wallet.showToPage(request, origin)
await service.close()
await wallet.close()

// From here on no network, no disk and no waiting.
const now = Math.floor(Date.now() / 1000)
const trusted = createAllowList({
  issuers: [{ id: wallet.issuerDid, vcts: ['urn:facet:person:1'] }],
  verifiers: [],
})
const material = {
  checkSignatures,
  hash,
  keys: [],
  trust: { mayIssue: trusted.mayIssue, asOf: now - 86_400 },
  statusLists: [],
}
const requested = {
  dcql_query: readDcqlQuery(request.data.dcql_query ?? {}),
  nonce: String(request.data.nonce),
  audience: `origin:${origin}`,
  now,
  settings: { ...defaultSettings, requiredClaims: ['exp'] },
}
const { outcome, reports, staleness } = judge(vp_token as Parameters<typeof judge>[0], requested, material)
console.log(outcome, reports.credential?.verdicts)
for (const { code, outcome, text } of reports.credential?.checks ?? [])
  if (outcome === 'undetermined') console.log(outcome, code, text)
console.log('the oldest of it was known', staleness / 3600, 'hours ago')

await directory.remove()
