import { memoryStore } from '@facet-id/store'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { portOf, publicUrlOf, rememberPort } from './address.ts'

test('FCT-5 in production a service has an https address or none', () => {
  const production = (publicUrl?: string) =>
    outcomeOf(() => publicUrlOf({ development: false, ...(publicUrl === undefined ? {} : { publicUrl }) }))
  expect(production('https://issuer.example')).toBe('accepted')
  expect(production()).toBe('development_mode_needed')
  expect(production('http://issuer.example')).toBe('development_mode_needed')
  expect(production('http://127.0.0.1:8080')).toBe('development_mode_needed')
})

test('FCT-5 development mode adds plain http on loopback, and elsewhere nothing', () => {
  const development = (publicUrl: string) => outcomeOf(() => publicUrlOf({ development: true, publicUrl }))
  for (const url of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]', 'https://a.example']) {
    expect([url, development(url)]).toEqual([url, 'accepted'])
  }
  for (const url of ['http://issuer.example', 'http://10.0.0.1', 'http://127.0.0.1.issuer.example']) {
    expect([url, development(url)]).toEqual([url, 'development_mode_needed'])
  }
  expect(publicUrlOf({ development: true })).toBeUndefined()
})

test.each([
  '',
  'https://',
  'issuer.example',
  'https://issuer.example/?a=b',
  'https://issuer.example/#a',
  'https://user@issuer.example',
  'https://issuer.example/../',
  'ftp://issuer.example',
])('FCT-9 "%s" is no public URL', (publicUrl) => {
  expect(outcomeOf(() => publicUrlOf({ development: false, publicUrl }))).toBe('public_url_malformed')
})

test('a public URL is kept as it is, but for a slash at its end', () => {
  const read = (publicUrl: string) => publicUrlOf({ development: false, publicUrl })
  expect(read('https://issuer.example/')).toBe('https://issuer.example')
  expect(read('https://issuer.example/tenant/')).toBe('https://issuer.example/tenant')
  expect(read('https://issuer.example:8443/tenant')).toBe('https://issuer.example:8443/tenant')
})

test('FCT-3 a port is found again, unless another is asked for', async () => {
  const store = memoryStore({ now: () => 0 })
  expect(await portOf(store, { development: true })).toBe(0)
  await rememberPort(store, 4711)
  expect(await portOf(store, { development: true })).toBe(4711)
  expect(await portOf(store, { development: true, port: 0 })).toBe(0)
  expect(await portOf(store, { development: true, port: 80 })).toBe(80)
})
