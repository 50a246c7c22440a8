import { BlockList, isIP, isIPv6 } from 'node:net'
import { seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { reachOf } from './address.ts'

const loopback = [
  '127.0.0.1',
  '127.255.255.254',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0X7F.1',
  '0x7f.0x0.0x0.0x1',
  '017700000001',
  '0177.0.0.01',
  '0177.1',
  '127.0.0.1.',
  '::1',
  '[::1]',
  '0:0:0:0:0:0:0:1',
  '0000:0000:0000:0000:0000:0000:0000:0001',
  '::0.0.0.1',
  '::1%lo',
  '[::1%25lo]',
  '::ffff:127.0.0.1',
  '[::ffff:7f00:1]',
  '0:0:0:0:0:ffff:127.0.0.1',
]

const restricted = [
  // This network, private, shared, link-local, assignments
  '0.0.0.0',
  '0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '10.1',
  '0xa000001',
  '167772161',
  '012.0.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '100.127.255.255',
  '168.63.129.16',
  '169.254.0.1',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.43518',
  '169.254.169.254.',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.168.257',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '4294967295',
  // No addresses, but numbers
  '4294967296',
  '256.0.0.1',
  '1.2.3.4.5',
  '1.2.3.256',
  '127.0.0.08',
  '0x',
  '1..2',
  'a.0x7f',
  'host.1',
  // IPv6: unspecified, local, multicast, documentation, and all that is not given out
  '::',
  '[::]',
  '::2',
  'fe80::1',
  'fe80::1%eth0',
  'FE80::A9FE:A9FE',
  'febf::1',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254',
  'fd20:ce::254',
  'fdff::1',
  'ff02::1',
  '100::1',
  '2001:db8::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'e000::1',
  // What embeds another address
  '::127.0.0.1',
  '::10.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:a9fe:a9fe',
  '::FFFF:192.168.0.1',
  '::ffff:0:127.0.0.1',
  '::ffff:0:8.8.8.8',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::8.8.8.8',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
  '2002:808:808::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  // No addresses, but colons
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '12345::',
  'g::1',
  '::1:',
  ':1::',
  '::256.0.0.1',
  '::1.2.3',
  '::1.2.3.4:5',
  '2606:4700:4700:1111',
]

const everywhere = [
  '1.1.1.1',
  '8.8.8.8',
  '8.8.8.8.',
  '134744072',
  '0x8.8.2056',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '168.63.129.15',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '[2606:4700:4700::1111]',
  '2a00:1450:4001:81b::200e',
  '2001:4860:4860::8888',
  '2003::1',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
]

test.each(loopback)('NET-21 %s is this machine', (host) => {
  expect(reachOf(host)).toBe('loopback')
})

test.each(restricted)('NET-21 %s is not reached from everywhere', (host) => {
  expect(reachOf(host)).toBe('restricted')
})

test.each(everywhere)('NET-21 %s is reached from everywhere', (host) => {
  expect(reachOf(host)).toBe('global')
})

test.each([
  'issuer.example',
  'localhost',
  'a1',
  '1a',
  '1.2.3.4.example',
  'x',
  '',
  'xn--bcher-kva.example',
  '0x7g',
])('NET-21 %j is a name', (host) => {
  expect(reachOf(host)).toBeUndefined()
})

test('NET-21 whatever a browser takes for an IPv4 address is read as the same address', () => {
  for (const host of [...loopback, ...restricted, ...everywhere]) {
    if (host.includes(':') || !URL.canParse(`https://${host}/`)) continue
    const { hostname } = new URL(`https://${host}/`)
    expect([host, isIP(hostname)]).toEqual([host, 4])
    expect([host, reachOf(hostname)]).toEqual([host, reachOf(host)])
  }
})

test('NET-21 full-width digits and percent-encoding do not get past a URL', () => {
  for (const host of ['１２７.0.0.1', '%31%32%37.0.0.1', '127。0。0。1']) {
    expect(reachOf(new URL(`https://${host}/`).hostname)).toBe('loopback')
  }
})

test('NET-21 the platform agrees on random addresses, in every notation that it writes', () => {
  const blocks = new BlockList()
  for (const [first, prefix] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const) {
    blocks.addSubnet(first, prefix)
  }
  const random = seededRandom('addresses')
  for (let i = 0; i < 5000; i++) {
    const host = [...random(4)].join('.')
    const refused = reachOf(host) !== 'global'
    if (refused !== blocks.check(host)) {
      expect(host).toMatch(/^(?:192\.(?:0\.[02]|88\.99)|198\.51\.100|203\.0\.113|168\.63\.129)\./)
    }
    expect(reachOf(`::ffff:${host}`)).toBe(reachOf(host))
    expect(reachOf(new URL(`http://[::ffff:${host}]/`).hostname)).toBe(reachOf(host))
  }
})

test('NET-21 what the platform does not take for IPv6 is never global', () => {
  const random = seededRandom('ipv6')
  const alphabet = '012fF:::.%g'
  for (let i = 0; i < 20_000; i++) {
    const host = `2606:${[...random(12)].map((byte) => alphabet[byte % alphabet.length]).join('')}`
    if (!isIPv6(host.replace(/%.*$/, ''))) expect([host, reachOf(host)]).toEqual([host, 'restricted'])
  }
})

test('NET-21 hostile lengths are read in no time', () => {
  for (const host of [
    '1.'.repeat(100_000),
    '0x'.repeat(100_000),
    ':'.repeat(100_000),
    `${'0'.repeat(100_000)}1`,
  ]) {
    expect(reachOf(host)).not.toBe('global')
  }
})
