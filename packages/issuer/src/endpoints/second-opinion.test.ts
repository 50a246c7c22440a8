import type { JsonObject } from '@facet-id/credential/json'
import { openStoredSdJwt } from '@facet-id/credential/sd-jwt'
import { hash } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { IssuerError } from '../error.ts'
import type { SecondOpinion } from '../ports.ts'
import { credentialsIn, ready } from '../wallet.test-support.ts'
import { world } from '../world.test-support.ts'

/** Stands for an engine of another make. */
function read(compact: string): JsonObject {
  return openStoredSdJwt(compact, hash).opened.claims
}

test('FCT-11 every copy is read by the second engine before any is handed out', async () => {
  const seen: string[] = []
  const here = world({
    ports: {
      secondOpinion: async (compact) => {
        seen.push(compact)
        return read(compact)
      },
    },
  })
  const { request } = await ready(here, { copies: 4 })
  const credentials = credentialsIn(await here.send(request))
  expect([...seen].sort()).toEqual([...credentials].sort())
})

const without = (claims: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(claims).filter(([member]) => member !== name))

test.each<[string, SecondOpinion]>([
  ['sees another name', (compact) => ({ ...read(compact), family_name: 'Other' })],
  ['misses a claim', (compact) => without(read(compact), 'given_name')],
  ['sees a claim more', (compact) => ({ ...read(compact), admin: true })],
  ['sees nationalities in another order', (compact) => ({ ...read(compact), nationalities: ['ZZZ', 'UTO'] })],
  ['sees another kind', (compact) => ({ ...read(compact), age_equal_or_over: { '18': 'true' } })],
  ['sees another type', (compact) => ({ ...read(compact), vct: 'urn:facet:test:member' })],
  ['sees another issuer', (compact) => ({ ...read(compact), iss: 'did:example:other' })],
  ['sees another end', (compact) => ({ ...read(compact), exp: 1 })],
  ['sees no key', (compact) => without(read(compact), 'cnf')],
  [
    'sees another status',
    (compact) => ({ ...read(compact), status: { status_list: { idx: 0, uri: 'x:y' } } }),
  ],
  ['sees nothing', () => ({})],
  [
    'cannot read it',
    () => {
      throw new Error('Invalid digest of Anna Maria Eriksson')
    },
  ],
  ['cannot read it, and says so later', () => Promise.reject(new Error('Eriksson'))],
  [
    'cannot read it, in words that a wallet would be told',
    () => {
      throw new IssuerError('proof_invalid', 'Eriksson')
    },
  ],
])('FCT-11 when the second engine %s, nothing is issued, recorded or used up', async (_, secondOpinion) => {
  let doubts = true
  const here = world({
    ports: { secondOpinion: (compact) => (doubts ? secondOpinion(compact) : read(compact)) },
  })
  const { request } = await ready(here)
  const before = await here.state.rests()
  const response = await here.send(request)
  expect(response.status).toBe(500)
  expect(response.body).toBe('{"error":"server_error"}')
  expect(await here.state.rests()).toEqual(before)
  doubts = false
  expect(credentialsIn(await here.send(request))).toHaveLength(2)
})

test('FCT-11 one copy of many that is read differently is enough', async () => {
  let copies = 0
  const here = world({
    ports: { secondOpinion: (compact) => (++copies === 7 ? {} : read(compact)) },
  })
  const { request } = await ready(here, { copies: 10 })
  const before = await here.state.rests()
  expect((await here.send(request)).status).toBe(500)
  expect(await here.state.rests()).toEqual(before)
})
