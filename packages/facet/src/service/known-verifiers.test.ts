import { generateKey } from '@facet-id/crypto/node'
import { readCertificate } from '@facet-id/trust/x509'
import { expect, test } from 'vitest'
import { createAuthority, issueCertificate } from '../ca/authority.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import type { AskingParties } from '../trust/asking-parties.ts'
import type { FollowedTrust } from '../trust/followed-trust.ts'
import { knownVerifiers } from './known-verifiers.ts'

const temporary = temporaryDirectory()
const now = 1_800_000_000

/** As a wallet has it that was told this of those who ask. */
function followedWith(asking: Partial<AskingParties>): FollowedTrust {
  const all: AskingParties = {
    clients: new Map(),
    attesters: new Map(),
    freely: new Set(),
    transactionTypes: [],
    ...asking,
  }
  return { configured: () => ({ asking: all }) } as FollowedTrust
}

test('FCT-PARTIES who has a certificate of an anchor that is trusted freely may be answered at any host', async () => {
  const ca = { directory: temporary.in('ca'), environment: {}, now: () => now }
  const root = await createAuthority(ca, { name: 'Utopia', days: 100 })
  const dns = ['platform.example']
  const { der } = await issueCertificate(ca, { purpose: 'verifier', name: 'Platform', dns, days: 10 })
  const certificates = {
    anchorsAt: () => [{ id: 'registry', certificate: readCertificate(root.der) }],
    revocationLists: () => [],
  }
  const answerWith = (freely: readonly string[]) =>
    knownVerifiers({
      certificates,
      followed: followedWith({ freely: new Set(freely) }),
      now: () => now + 1,
    }).certificateOf?.({ x5c: [der] })
  expect(await answerWith(['registry'])).toMatchObject({ trustedFreely: true })
  expect(await answerWith(['another'])).not.toHaveProperty('trustedFreely')
})

test('FCT-PARTIES an attester is known by its name, and its key by its own where there are several', async () => {
  const [one, other] = ['a', 'b'].map((kid) => ({ ...generateKey().publicJwk, kid }))
  if (one === undefined || other === undefined) throw new Error('there are two')
  const attesters = new Map([
    ['https://attester.example', [one, other]],
    ['https://single.example', [one]],
  ])
  const { attesterKeyOf } = knownVerifiers({
    certificates: undefined,
    followed: followedWith({ attesters }),
    now: () => now,
  })
  expect(attesterKeyOf?.({ attester: 'https://attester.example', kid: 'b' })).toEqual({ key: other })
  expect(attesterKeyOf?.({ attester: 'https://single.example' })).toEqual({ key: one })
  for (const asked of [
    { attester: 'https://attester.example' },
    { attester: 'https://attester.example', kid: 'c' },
    { attester: 'https://stranger.example', kid: 'a' },
  ])
    expect(attesterKeyOf?.(asked)).toHaveProperty('refused')
})
