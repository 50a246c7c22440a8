/**
 * Issue, hold, present, verify in one process, without a network: each role's `handle` is the other's transport.
 * Prints what the verifier was shown, as JSON.
 */
import { writeDidJwk } from '@facet-id/credential/did'
import {
  checkSignatures,
  deflate,
  generateKey,
  hash,
  inflate,
  macOf,
  random,
  signerOf,
} from '@facet-id/crypto/node'
import { createHolder, defaultSettings as holderDefaults, softwareKeys } from '@facet-id/holder'
import { createIssuer, defaultSettings as issuerDefaults } from '@facet-id/issuer'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { Transport } from '@facet-id/protocol/wire'
import { createKeyResolver, createStatusLists } from '@facet-id/resolve'
import { memoryStore } from '@facet-id/store'
import { createAllowList } from '@facet-id/trust'
import { createVerifier, defaultSettings as verifierDefaults } from '@facet-id/verifier'

const ISSUER = 'https://issuer.example'
const PLATFORM = 'https://platform.example'
const VCT = 'urn:facet:test:person'

function identity() {
  const { publicJwk, privateJwk } = generateKey()
  const did = writeDidJwk(publicJwk)
  const kid = `${did}#0`
  return { did, signer: { ...signerOf(privateJwk, kid), kid } }
}

const now = () => Math.floor(Date.now() / 1000)
const newStore = () => memoryStore({ now: Date.now })
const [registry, platform] = [identity(), identity()]
const transport: Transport = {
  send: (request) => (request.url.startsWith(ISSUER) ? issuer.handle(request) : verifier.handle(request)),
}
const { resolveKey } = createKeyResolver()
const { statusOf } = createStatusLists({ transport, checkSignatures, resolveKey, inflate, now })
const judging = { checkSignatures, hash, random, now, resolveKey, statusOf }

const issuer = createIssuer(
  {
    store: newStore(),
    signer: registry.signer,
    checkSignatures,
    hash,
    random,
    mac: macOf(random(32)),
    deflate,
    now,
  },
  {
    ...issuerDefaults,
    credential_issuer: ISSUER,
    did: registry.did,
    display: [{ name: 'Registry', locale: 'en' }],
    configurations: {
      person: {
        vct: VCT,
        scope: 'person',
        display: [{ name: 'Person', locale: 'en' }],
        claims: [{ path: ['given_name'] }, { path: ['nationalities'] }],
        lifetime: 24 * 3600,
      },
    },
  },
)
const verifier = createVerifier(
  {
    ...judging,
    store: newStore(),
    signer: platform.signer,
    trust: createAllowList({ issuers: [{ id: registry.did, vcts: [VCT] }], verifiers: [] }),
  },
  { ...verifierDefaults, client_id: `decentralized_identifier:${platform.did}`, baseUrl: PLATFORM },
)
const undecided = { decision: 'undetermined', why: 'The person decides.' } as const
const store = newStore()
const holder = createHolder(
  {
    ...judging,
    store,
    keys: softwareKeys({ store, generateKey, signerOf }),
    transport,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true }),
      toPresent: () => ({ agreed: true }),
    },
    trust: { mayIssue: () => undecided, mayAsk: () => undecided },
  },
  { ...holderDefaults, copies: 1 },
)

const claims = { given_name: 'Anna Maria', nationalities: ['UTO', 'ZZZ'] }
const offer = await issuer.offer({ configurationId: 'person', claims, txCodeLength: 0 })
await holder.accept(offer.link)
const query = readDcqlQuery({
  credentials: [
    {
      id: 'person',
      format: 'dc+sd-jwt',
      meta: { vct_values: [VCT] },
      claims: [{ path: ['nationalities', null], values: ['UTO'] }],
    },
  ],
})
const { link, transactionId } = await verifier.request(query)
await holder.present(link)
const result = await verifier.result(transactionId)
const shown = 'reports' in result ? Object.values(result.reports).map((report) => report.shown) : []
process.stdout.write(`${JSON.stringify({ outcome: result.outcome, shown })}\n`)
