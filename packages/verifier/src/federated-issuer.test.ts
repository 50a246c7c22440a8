import type { PublicJwk } from '@facet-id/credential/jose'
import { createRuleSource, createTrust, type FederationIdentity } from '@facet-id/trust'
import { expect, test } from 'vitest'
import { presented, stage } from './stage.test-support.ts'
import { forge, PERSON } from './wallet.test-support.ts'

const issuerUrl = 'https://issuer.example'
const anchor = 'https://anchor.example'
const rules = {
  issuers: [{ party: { federation: anchor }, vcts: [PERSON] }],
  verifiers: [],
  blocked: [],
}

async function outcomeWith(federation: FederationIdentity | undefined) {
  const asked: string[] = []
  let key: PublicJwk | undefined
  const on = stage({
    ports: ({ now }) => ({
      issuerKeyOf: () => (key === undefined ? { refused: 'no key' } : { key, issuer: issuerUrl }),
      trust: createTrust([createRuleSource('own rules', rules)], now),
      federationOf({ entityId }) {
        asked.push(entityId)
        return federation
      },
    }),
    settings: { issuerKeys: { taken: ['jwt_vc_issuer'] } },
  })
  key = on.issuer.key.publicJwk
  const held = forge(
    { issuer: on.issuer, issuedAt: on.time.now() - 3600, claims: { iss: issuerUrl } },
    { kid: 'k' },
  )
  const { result } = await presented(on, { held })
  return { outcome: result.outcome, asked }
}

test('TRU-29 a verifier believes an issuer by its address if rules name its federation, and it is a member', async () => {
  const member = { entityId: issuerUrl, anchor, trustMarks: [] }
  expect(await outcomeWith(member)).toEqual({ outcome: 'verified', asked: [issuerUrl] })
  for (const other of [
    undefined,
    { ...member, anchor: 'https://other.example' },
    { ...member, entityId: anchor },
  ])
    expect((await outcomeWith(other)).outcome).not.toBe('verified')
})

test('TRU-29 nobody is asked about an issuer that is known by a DID', async () => {
  const asked: string[] = []
  const on = stage({
    ports: () => ({
      federationOf({ entityId }) {
        asked.push(entityId)
        return undefined
      },
    }),
  })
  expect((await presented(on)).result.outcome).toBe('verified')
  expect(asked).toEqual([])
})
