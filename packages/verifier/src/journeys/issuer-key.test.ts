import { createRuleSource, createTrust, type TrustSource, unheardSource } from '@facet-id/trust'
import { expect, test } from 'vitest'
import { presented, reportIn, stage } from '../stage.test-support.ts'
import { forge, PERSON } from '../wallet.test-support.ts'

const scid = 'QmaMbCSY5mzmf1mKrsrVWkhFhzgNsHJdNfTLhJfCqQ3Jqm'
const fetched = [`did:webvh:${scid}:issuer.example`, 'did:web:issuer.example', 'did:other:issuer.example']

function rules(did: string, vcts: readonly string[]): TrustSource {
  const issuers = [{ party: { id: did }, vcts }]
  return createRuleSource('own rules', { issuers, verifiers: [], blocked: [] })
}

/** What comes of a credential of that DID, and which DIDs were resolved for it. */
async function judged(did: string, sources: (did: string) => readonly TrustSource[]) {
  const asked: string[] = []
  const on = stage({
    ports: ({ now }) => ({
      resolveKey(question) {
        asked.push(question.did)
        return { key: on.issuer.key.publicJwk }
      },
      trust: createTrust(sources(did), now),
    }),
  })
  const kid = `${did}#a`
  const held = forge({ issuer: { ...on.issuer, did, kid }, issuedAt: on.time.now() - 60 })
  const { result } = await presented(on, { held })
  const faults = reportIn(result).checks.filter(
    ({ outcome }) => outcome === 'fail' || outcome === 'undetermined',
  )
  return { asked, verified: reportIn(result).verified, faults: faults.map(({ reason }) => reason) }
}

test.each(fetched)('DRES-11 of a stranger nothing is fetched: %s', async (did) => {
  const stranger = { asked: [], verified: false, faults: ['issuer_key_refused'] }
  expect(await judged(did, () => [])).toEqual(stranger)
  expect(await judged(did, () => [rules('did:web:another.example', [PERSON])])).toEqual(stranger)
  expect(await judged(did, (known) => [rules(known, ['urn:facet:test:library-card'])])).toEqual(stranger)
})

test.each(fetched)(
  'DRES-11 while it is not known whether an issuer is trusted, nothing is fetched: %s',
  async (did) => {
    expect(await judged(did, () => [unheardSource('list', false, 'The list was never fetched.')])).toEqual({
      asked: [],
      verified: false,
      faults: ['issuer_key_undetermined'],
    })
  },
)

test.each(fetched)(
  'DRES-11 the key of an issuer that is trusted for the type is looked up: %s',
  async (did) => {
    expect(await judged(did, (known) => [rules(known, [PERSON])])).toEqual({
      asked: [did],
      verified: true,
      faults: [],
    })
  },
)
