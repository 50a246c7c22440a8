import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { defaultAuthorization } from './authorization/authorization-settings.ts'
import { findHaipGaps, profiled } from './profile.ts'
import { defaultSettings, type IssuerSettings } from './settings.ts'
import { ISSUER, person, world } from './world.test-support.ts'

const settings: IssuerSettings = {
  ...defaultSettings,
  credential_issuer: ISSUER,
  did: 'did:example:issuer',
  display: [],
  configurations: { person },
  profile: 'haip',
}

test('HAIP-4-0 what lacks is listed whole, each by its section, and what can be demanded is demanded', () => {
  const bare = findHaipGaps({ settings, ports: {} })
  expect(bare).toHaveLength(7)
  expect(bare.every((gap) => /^HAIP [4-7](\.\d)*: /.test(gap))).toBe(true)
  const wanted = profiled(settings)
  expect(wanted.authorization).toMatchObject({
    pushedRequests: 'required',
    dpop: 'required',
    clientAttestation: 'required',
  })
  expect(findHaipGaps({ settings: wanted, ports: {} })).toEqual(
    bare.filter((gap) => !/require|DPoP|attested/.test(gap)),
  )
  expect(profiled({ ...settings, profile: 'none' }).authorization).toEqual(defaultAuthorization)
})

test('HAIP-4-0 an issuer that lacks something is not made, and all of it is said', () => {
  const make = () => world({ settings: { profile: 'haip' } })
  expect(outcomeOf(make)).toBe('settings_invalid')
  expect(make).toThrow(/HAIP 4: persons are asked.*HAIP 4\.4\.1: providers.*knownBy is x5c.*status lists/)
})

test('HAIP-4.1-2, HAIP-4.3-2 a configuration without a scope, or with that of another type, is named', () => {
  const gaps = (configurations: IssuerSettings['configurations']) =>
    findHaipGaps({ settings: { ...settings, configurations }, ports: {} }).filter((gap) =>
      gap.includes('scope'),
    )
  expect(gaps({ person })).toEqual([])
  expect(gaps({ person, again: person })).toEqual([])
  expect(gaps({ person: { ...person, scope: '' } })).toEqual(['HAIP 4.1: configurations.person has a scope'])
  expect(gaps({ person, other: { ...person, vct: 'urn:uto:other' } })).toEqual([
    'HAIP 4.3: the scope of configurations.person is that of one type',
    'HAIP 4.3: the scope of configurations.other is that of one type',
  ])
})

test('HAIP-6.1.1-1 bytes that are no certificate, and no certificates, are no chain that can be sent', () => {
  const gaps = (chain: readonly Uint8Array[]) =>
    findHaipGaps({ settings: { ...settings, knownBy: { by: 'x5c', chain } }, ports: {} })
  for (const chain of [[], [new Uint8Array(3)]])
    expect(gaps(chain)).toContain('HAIP 6.1.1: no certificate is self-signed, and the root is not sent along')
})

test('FAPI-5.3.2.2-1 a pushed request lives for less than ten minutes', () => {
  const gaps = (pushedLifetime: number) =>
    findHaipGaps({
      settings: { ...settings, authorization: { ...settings.authorization, pushedLifetime } },
      ports: {},
    }).filter((gap) => gap.includes('600 seconds'))
  expect(gaps(599)).toEqual([])
  expect(gaps(600)).toHaveLength(1)
})
