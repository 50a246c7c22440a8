import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { chooseAuthorizationServer } from './authorization-server.ts'
import { readCredentialIssuerId } from './credential-issuer-id.ts'

const credential_issuer = readCredentialIssuerId('https://issuer.example')
const authorization_servers = ['https://a.example', 'https://b.example']

test('VCI-12.2.4-5 an issuer that lists no servers is its own', () => {
  expect(chooseAuthorizationServer({ credential_issuer }, {})).toBe(credential_issuer)
})

test('VCI-4.1.1-6 the server that the offer names is asked, else the first', () => {
  const metadata = { credential_issuer, authorization_servers }
  expect(chooseAuthorizationServer(metadata, {})).toBe('https://a.example')
  expect(chooseAuthorizationServer(metadata, { authorization_server: 'https://b.example' })).toBe(
    'https://b.example',
  )
})

test('VCI-12.2.4-7 an offer that names a server of somebody else is refused', () => {
  for (const named of ['https://evil.example', 'https://b.example/', 'https://B.example']) {
    for (const metadata of [{ credential_issuer }, { credential_issuer, authorization_servers }]) {
      expect(outcomeOf(() => chooseAuthorizationServer(metadata, { authorization_server: named }))).toBe(
        'message_malformed',
      )
    }
  }
})
