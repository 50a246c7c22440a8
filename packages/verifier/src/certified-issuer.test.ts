import type { PublicJwk } from '@facet-id/credential/jose'
import { createRuleSource, createTrust, type PartyRules } from '@facet-id/trust'
import { expect, test } from 'vitest'
import { presented, stage } from './stage.test-support.ts'
import { forge, PERSON } from './wallet.test-support.ts'

const sha256 = 'A'.repeat(43)
const certificate = { anchor: 'registry', subject: 'O=Bar', sanDns: [], sanUris: [], sha256 }

async function outcomeWith(iss: string, blocked: PartyRules['blocked']): Promise<string> {
  const issuers = [{ party: { anchor: 'registry' }, vcts: [PERSON] }]
  let key: PublicJwk | undefined
  const on = stage({
    ports: ({ now }) => ({
      issuerKeyOf: () =>
        key === undefined ? { refused: 'no key' } : { key, issuer: `x509_hash:${sha256}`, certificate },
      trust: createTrust([createRuleSource('own rules', { issuers, verifiers: [], blocked })], now),
    }),
    settings: { issuerKeys: { taken: ['x5c'] } },
  })
  key = on.issuer.key.publicJwk
  const held = forge(
    { issuer: on.issuer, issuedAt: on.time.now() - 3600, claims: { iss } },
    { x5c: ['MAA='] },
  )
  return (await presented(on, { held })).result.outcome
}

test('TRU-31 a verifier refuses an issuer by its certificate if it claims a name that is blocked', async () => {
  const blocked = [{ id: 'https://evil.example' }]
  expect(await outcomeWith('https://good.example', blocked)).toBe('verified')
  expect(await outcomeWith('https://evil.example', blocked)).toBe('refused')
})
