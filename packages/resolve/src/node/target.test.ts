import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { ResolveName } from './checked-lookup.ts'
import { barePeer, httpPeer } from './peer.test-support.ts'
import { safeTransport } from './transport.ts'

/** A resolver that answers so, and remembers what it was asked. */
function resolver(...answers: readonly (readonly string[])[]): {
  readonly names: string[]
  readonly resolveName: ResolveName
} {
  const names: string[] = []
  const resolveName: ResolveName = async (name) => {
    const answer = answers[Math.min(names.length, answers.length - 1)] ?? []
    names.push(name)
    return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  return { names, resolveName }
}

function get(
  url: string,
  mode: 'production' | 'development',
  resolveName: ResolveName = resolver().resolveName,
) {
  const transport = safeTransport({ mode, resolveName, limits: { totalTimeoutMs: 5000 } })
  return outcomeOf(() => transport.send({ method: 'GET', url, headers: {} }).finally(transport.close))
}

/** One peer, called by every notation of its address. */
const notations = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.0.0.1.',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::1]',
  '[::]',
  '0.0.0.0',
  '0',
  '１２７.0.0.1',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'a.localhost',
]

test('NET-20, NET-21 attack 6: this machine is not called in production, however it is spelt', async () => {
  const peer = await barePeer(() => {})
  const { names, resolveName } = resolver(['127.0.0.1'])
  for (const host of notations) {
    expect([host, await get(`https://${host}:${peer.port}/`, 'production', resolveName)]).toEqual([
      host,
      'address_refused',
    ])
    expect([host, await get(`http://${host}:${peer.port}/`, 'production', resolveName)]).toEqual([
      host,
      'https_required',
    ])
  }
  expect(peer.connections()).toBe(0)
  expect(names).toEqual([])
})

test.each([
  '10.0.0.1',
  '0xa.1',
  '169.254.169.254',
  '2852039166',
  '0251.0376.0251.0376',
  '[::ffff:169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:a9fe:a9fe::]',
  '100.100.100.200',
  '168.63.129.16',
  '192.168.0.1',
  '172.16.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[fe80::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
])('NET-21 attack 6: %s is called in no mode', async (host) => {
  const { names, resolveName } = resolver(['8.8.8.8'])
  expect(await get(`https://${host}/latest/meta-data`, 'production', resolveName)).toBe('address_refused')
  expect(await get(`https://${host}/latest/meta-data`, 'development', resolveName)).toBe('address_refused')
  expect(await get(`http://${host}/latest/meta-data`, 'development', resolveName)).toBe('https_required')
  expect(names).toEqual([])
})

test('NET-22 attack 6: a name is worth no more than its addresses', async () => {
  const peer = await barePeer(() => {})
  for (const address of [
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    'fe80::1%2',
    'fd00::1',
  ]) {
    const { names, resolveName } = resolver([address])
    expect(await get(`https://metadata.example:${peer.port}/`, 'production', resolveName)).toBe(
      'address_refused',
    )
    expect(names).toEqual(['metadata.example'])
  }
  expect(peer.connections()).toBe(0)
})

test('NET-22 one address that may not be called spoils the name, and so does none, and nonsense', async () => {
  const peer = await barePeer(() => {})
  for (const answer of [
    ['8.8.8.8', '127.0.0.1'],
    ['2606:4700:4700::1111', 'fd00::1'],
    [],
    ['nonsense'],
    [''],
  ]) {
    expect(await get(`https://peer.example:${peer.port}/`, 'production', resolver(answer).resolveName)).toBe(
      'address_refused',
    )
  }
  expect(peer.connections()).toBe(0)
})

test('NET-22, SVC-7.1-2 attack 6: a name that is looked up once cannot change its mind before the connection', async () => {
  const peer = await httpPeer((_, response) => response.end('it'))
  const { names, resolveName } = resolver(['127.0.0.1'], ['10.0.0.1'])
  expect(await get(`http://localhost:${peer.port}/`, 'development', resolveName)).toBe('accepted')
  expect(names).toEqual(['localhost'])
  expect(peer.connections()).toBe(1)
})

test('NET-22 in development a name of this machine that leads elsewhere is refused', async () => {
  for (const address of ['8.8.8.8', '10.0.0.1', '169.254.169.254']) {
    const { resolveName } = resolver([address])
    expect(await get('http://localhost/', 'development', resolveName)).toBe('address_refused')
    expect(await get('http://wallet.localhost/', 'development', resolveName)).toBe('address_refused')
  }
  expect(await get('https://peer.example/', 'development', resolver(['10.0.0.1']).resolveName)).toBe(
    'address_refused',
  )
})

test('NET-22 a name that is not found is a peer that is not reached', async () => {
  const resolveName: ResolveName = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
  expect(await get('https://nowhere.example/', 'production', resolveName)).toBe('peer_unreachable')
})

test('NET-20 plain http reaches this machine in development mode, by every name of it', async () => {
  const peer = await httpPeer((_, response) => response.end('it'))
  const { resolveName } = resolver(['127.0.0.1'])
  for (const host of ['127.0.0.1', '127.1', '2130706433', '[::ffff:127.0.0.1]', 'localhost', 'a.localhost']) {
    expect([host, await get(`http://${host}:${peer.port}/`, 'development', resolveName)]).toEqual([
      host,
      'accepted',
    ])
  }
})

test.each([
  'http://issuer.example/',
  'http://127.0.0.1.issuer.example/',
  'http://localhost.issuer.example/',
  'http://8.8.8.8/',
  'http://localhos/',
  'ftp://localhost/',
  'file:///etc/passwd',
  'data:text/plain,x',
  'urn:facet:list:1',
  'ws://localhost/',
])('NET-20 %s is called in no mode', async (url) => {
  const { names, resolveName } = resolver(['127.0.0.1'])
  expect(await get(url, 'development', resolveName)).toBe('https_required')
  expect(await get(url, 'production', resolveName)).toBe('https_required')
  expect(names).toEqual([])
})

test.each([
  '',
  '/token',
  'issuer.example',
  'https://',
  'https://[fe80::1%25eth0]/',
  'https://1.2.3.4.5/',
  'https://a b/',
  'https://x:99999/',
  'https://user@issuer.example/',
  'https://:secret@issuer.example/',
  'https://issuer.example@127.0.0.1/',
])('NET-29 %j is no address that can be read', async (url) => {
  const { names, resolveName } = resolver(['127.0.0.1'])
  expect(await get(url, 'production', resolveName)).toBe('message_malformed')
  expect(await get(url, 'development', resolveName)).toBe('message_malformed')
  expect(names).toEqual([])
})
