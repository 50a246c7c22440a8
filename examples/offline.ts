/** Judging where nothing can be asked: what was known beforehand decides, and the report says how old that was. */
import { checkSignatures, expandPoint, hash, inflate } from '@facet-id/crypto/node'
import { startVerifierService } from '@facet-id/facet'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { createDidResolver, createStatusLists } from '@facet-id/resolve'
import { safeTransport } from '@facet-id/resolve/node'
import { createAllowList } from '@facet-id/trust'
import { defaultSettings } from '@facet-id/verifier'
import { judge, type Material, type Requested } from '@facet-id/verifier/offline'
import { temporaryDirectory, walletWithCredential } from './neighbours.ts'

const directory = await temporaryDirectory()
const { issuerDid, statusListUri, showToPage, close } = await walletWithCredential(directory)
const now = () => Math.floor(Date.now() / 1000)

// Taken along: whom one believes, and what the registry has revoked.
const transport = safeTransport({ mode: 'development' })
const ports = { transport, checkSignatures, hash, expandPoint, inflate, now }
const { listOf } = createStatusLists({ ...ports, ...createDidResolver(ports) })
const found = await listOf({ issuer: issuerDid, uri: statusListUri })
if (!('list' in found)) throw new Error('the registry gives its list to everybody')
const { bits, bytes, askedAt } = found.list
const list = { uri: statusListUri, issuer: issuerDid, bits, bytes, asOf: askedAt }
const issuers = [{ id: issuerDid, vcts: ['urn:facet:person:1'] }]
const { mayIssue } = createAllowList({ issuers, verifiers: [] })
const trust = { mayIssue, asOf: now() }
const material: Material = { checkSignatures, hash, keys: [], trust, statusLists: [list] }
transport.close()

// Asked and shown, as a device at a door and a phone do it: a request that is not signed, an answer in the clear.
const dataDirectory = directory.in('verifier')
const service = await startVerifierService({ dataDirectory, environment: {}, development: true, issuers: [] })
const origin = service.url
const way = { origin, as: [], encrypted: false } as const
const { request } = await service.verifier.requestOnPlatform('over 18', way)
const { vp_token } = await showToPage(request, origin)
await service.close()
await close()

// From here on no network, no disk and no waiting.
const token = vp_token as Parameters<typeof judge>[0]
const requested: Requested = {
  dcql_query: readDcqlQuery(request.data.dcql_query ?? {}),
  nonce: String(request.data.nonce),
  audience: `origin:${origin}`,
  now: now(),
  settings: defaultSettings,
}
const { outcome, reports, used } = judge(token, requested, material)
console.log(outcome, reports.credential?.verdicts, reports.credential?.shown)
for (const { kind } of used) console.log('went by', kind)

// A week later the same list is too old for somebody who does not take it older than a day.
const stale = { ...material, statusLists: [{ ...list, asOf: askedAt - 604_800 }], maxAge: { status: 86_400 } }
const later = judge(token, requested, stale)
console.log(later.outcome, later.reports.credential?.verdicts)

await directory.remove()
