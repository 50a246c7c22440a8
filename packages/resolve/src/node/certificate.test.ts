import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { selfSigned } from './certificate.test-support.ts'
import { httpPeer } from './peer.test-support.ts'
import type { TransportOptions } from './transport.ts'
import { get, openTransport } from './transports.test-support.ts'

const known = selfSigned('peer.example')
const atHome: Partial<TransportOptions> = {
  authorities: [known.cert],
  resolveName: async () => [{ address: '127.0.0.1', family: 4 }],
}

test('NET-28 a peer whose certificate is valid for its name is spoken to', async () => {
  const peer = await httpPeer((_, response) => response.end('it'), known)
  const answer = await openTransport(atHome).send(get(`https://peer.example:${peer.port}/`))
  expect(answer.body).toBe('it')
})

test('NET-28 the certificate must be valid: its maker, its name, its time', async () => {
  const outcome = async (certificate = known, name = 'peer.example') => {
    const peer = await httpPeer((_, response) => response.end('it'), certificate)
    const authorities = [known.cert, expired.cert]
    const result = await outcomeOf(() =>
      openTransport({ ...atHome, authorities }).send(get(`https://${name}:${peer.port}/`)),
    )
    expect(peer.asked).toHaveLength(result === 'accepted' ? 1 : 0)
    return result
  }
  const expired = selfSigned('peer.example', '210101000000Z')
  expect(await outcome()).toBe('accepted')
  expect(await outcome(selfSigned('peer.example'))).toBe('peer_unreachable')
  expect(await outcome(known, 'other.example')).toBe('peer_unreachable')
  expect(await outcome(expired)).toBe('peer_unreachable')
})

test('NET-28 the environment cannot switch that off', async () => {
  const peer = await httpPeer((_, response) => response.end('it'), selfSigned('peer.example'))
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  try {
    const sent = outcomeOf(() => openTransport(atHome).send(get(`https://peer.example:${peer.port}/`)))
    expect(await sent).toBe('peer_unreachable')
  } finally {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
  }
})
