import { createRuleSource, createTrust } from '@facet-id/trust'
import { expect, test } from 'vitest'
import { ISSUER, issuerIdentity, PERSON_VCT } from '../issuer.test-support.ts'
import { world } from '../wallet.test-support.ts'

const anchor = 'https://anchor.example'

function federatedWorld(isMember: boolean) {
  const asked: string[] = []
  const vcts = [PERSON_VCT]
  const rules = {
    issuers: [
      { party: { federation: anchor }, vcts },
      { party: { id: issuerIdentity.did }, vcts },
    ],
    verifiers: [],
    blocked: [],
  }
  const on = world({
    ports: {
      trust: createTrust([createRuleSource('own rules', rules)], () => 1_800_000_000),
      federationOf({ entityId }) {
        asked.push(entityId)
        return isMember ? { entityId, anchor, trustMarks: [] } : undefined
      },
    },
  })
  return { ...on, asked }
}

test('TRU-29 attack 30: a wallet asks about the issuer of an offer, and trusts the member of a federation that rules name', async () => {
  const { holder, issuer, person, asked } = federatedWorld(true)
  await holder.accept(issuer.link)
  expect(person.offers.flatMap(({ credentials }) => credentials.map(({ trust }) => trust.decision))).toEqual([
    'trusted',
  ])
  // Its copies are signed by a DID, which no federation is asked about.
  expect(new Set(asked)).toEqual(new Set([ISSUER]))
})

test('TRU-29 attack 30: who is no member is refused, before the person is asked', async () => {
  const { holder, issuer, person } = federatedWorld(false)
  await expect(holder.accept(issuer.link)).rejects.toMatchObject({ code: 'issuer_not_trusted' })
  expect(person.offers).toEqual([])
})
