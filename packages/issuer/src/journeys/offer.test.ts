import type { JsonObject } from '@facet-id/credential/json'
import { openStoredSdJwt } from '@facet-id/credential/sd-jwt'
import { hash, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { SecondOpinion } from '../ports.ts'
import { specimen, world } from '../world.test-support.ts'

/** Stands for an engine of another make. */
const read: SecondOpinion = (compact) => openStoredSdJwt(compact, hash).opened.claims
const refuse: SecondOpinion = () => Promise.reject(new Error('what is this?'))

const worldWith = (secondReading: SecondOpinion) => world({ ports: { secondReading } })

test('FCT-REHEARSAL what an offer promises was read by the second engine as it would be written', async () => {
  const seen: JsonObject[] = []
  const here = worldWith(async (compact) => {
    const claims = await read(compact)
    seen.push(claims)
    return claims
  })
  await here.offer()
  expect(seen).toEqual([expect.objectContaining({ ...specimen, vct: 'urn:facet:test:person' })])
})

test.each<[string, SecondOpinion]>([
  ['cannot read', refuse],
  [
    'throws at',
    () => {
      throw new Error('what is this?')
    },
  ],
  ['sees less in', () => ({})],
  ['sees another value in', async (compact) => ({ ...(await read(compact)), given_name: 'Somebody' })],
])(
  'FCT-REHEARSAL claims that the second engine %s are not offered, and nothing is kept or stopped',
  async (_, second) => {
    const here = worldWith(second)
    expect(await outcomeOf(() => here.offer())).toBe('claims_do_not_fit')
    expect(await here.state.rests()).toEqual([])
    expect(await here.issuer.stopped()).toEqual([])
    await expect(here.offer()).rejects.not.toThrow(/Anna|Eriksson/)
  },
)

test('FCT-REHEARSAL what the second engine reads meanwhile changes nothing in what is kept', async () => {
  const claims = structuredClone(specimen) as Record<string, string>
  const here = worldWith((compact) => {
    claims.family_name = 'Changed'
    return read(compact)
  })
  await here.offer({ claims })
  expect(JSON.stringify(await here.state.rests())).not.toContain('Changed')
})
