import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { outcomeOf, seededRandom, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { now, root } from '../x509/authority.test-support.ts'
import { readPem, readX5c } from '../x509/pem.ts'
import { readCertificate } from './certificate.ts'
import { readRevocationList } from './crl.ts'

const codes = [
  'accepted',
  'der_malformed',
  'certificate_malformed',
  'certificate_unsupported',
  'crl_malformed',
]

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/certificate/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readCertificate(Buffer.from(String(input), 'base64')))).toBe(expected)
  })
}

test('reads what OpenSSL reads, as OpenSSL reads it', async () => {
  const { der } = await (await root()).issue({
    name: 'C=UTO, O=Zoë',
    dns: ['a.example'],
    until: 2_600_000_000,
  })
  const read = readCertificate(der)
  const second = new X509Certificate(der)
  expect(read.serialNumber).toBe(second.serialNumber.toLowerCase())
  expect(read.notBefore).toBe(second.validFromDate.getTime() / 1000)
  expect(read.notAfter).toBe(2_600_000_000)
  expect(read.subject.text).toBe('C=UTO, O=Zoë')
  expect(read.extensions.subjectAltNames).toEqual([{ kind: 'dns', name: 'a.example' }])
  expect(second.publicKey.export({ format: 'jwk' })).toEqual(read.key)
  // What was signed is a part of what came, byte for byte.
  expect(Buffer.from(der).indexOf(read.signed)).toBe(4)
})

test('X509-1 the roots of the web are canonical: those on curves of ours are read, as OpenSSL reads them', () => {
  const roots = rootCertificates.map((pem) => new X509Certificate(pem))
  const read = roots.flatMap((second) => {
    const der = new Uint8Array(second.raw)
    const outcome = outcomeOf(() => readCertificate(der))
    expect(['accepted', 'certificate_unsupported']).toContain(outcome)
    return outcome === 'accepted' ? [{ second, first: readCertificate(der) }] : []
  })
  expect(read.length).toBeGreaterThan(20)
  for (const { first, second } of read) {
    expect(first.serialNumber).toBe(second.serialNumber.toLowerCase())
    expect(first.notAfter).toBe(second.validToDate.getTime() / 1000)
    expect(second.publicKey.export({ format: 'jwk' })).toEqual(first.key)
    expect(first.extensions.basicConstraints?.ca).toBe(second.ca)
  }
})

test('X509-2 values inside values, deeper than any certificate: refused with a code', () => {
  for (const [open, close] of [
    [
      [0x30, 0x80],
      [0, 0],
    ],
    [
      [0xa0, 0x80],
      [0, 0],
    ],
    [
      [0x24, 0x80],
      [0, 0],
    ],
  ] as const) {
    const deep = Uint8Array.of(...Array(3000).fill(open).flat(), ...Array(3000).fill(close).flat())
    expect(outcomeOf(() => readCertificate(deep))).toBe('der_malformed')
    expect(outcomeOf(() => readRevocationList(deep))).toBe('der_malformed')
  }
})

test('X509-2 any one byte changed, anything cut off or put behind: read, or refused with a code', async () => {
  const { der } = await (await root()).issue({ dns: ['a.example'], purposes: ['1.2.3'] })
  const random = seededRandom('certificates')
  for (let at = 0; at < der.length; at++) {
    const changed = der.slice()
    changed.set([(changed[at] ?? 0) ^ (1 + ((random(1)[0] ?? 0) % 255))], at)
    expect(codes).toContain(outcomeOf(() => readCertificate(changed)))
    expect(outcomeOf(() => readCertificate(der.subarray(0, at)))).not.toBe('accepted')
  }
  expect(outcomeOf(() => readCertificate(Uint8Array.of(...der, 0)))).toBe('der_malformed')
})

test('X509-18 a certificate of thousands of values is refused before it is looked through', () => {
  const many = Array(8000).fill([5, 0]).flat()
  const bytes = Uint8Array.of(0x30, 0x82, many.length >> 8, many.length & 0xff, ...many)
  expect(outcomeOf(() => readCertificate(bytes))).toBe('der_malformed')
})

test('X509-2 random bytes are refused with a code', () => {
  const random = seededRandom('bytes')
  for (let round = 0; round < 2000; round++) {
    const bytes = random(round % 100)
    if (round % 2 === 0 && bytes.length > 2) bytes.set([0x30, bytes.length - 2])
    expect(codes.slice(1)).toContain(outcomeOf(() => readCertificate(bytes)))
    expect(codes.slice(1)).toContain(outcomeOf(() => readRevocationList(bytes)))
  }
})

test('X509-2 revocation lists too: any one byte changed', async () => {
  const list = new Uint8Array(await (await root()).revoke(['01', '02'], { until: now + 10 }))
  expect(outcomeOf(() => readRevocationList(list))).toBe('accepted')
  for (let at = 0; at < list.length; at++) {
    for (const flip of [1, 0x80, 0x20]) {
      const changed = list.slice()
      changed.set([(changed[at] ?? 0) ^ flip], at)
      expect(codes).toContain(outcomeOf(() => readRevocationList(changed)))
    }
  }
})

test('a text in a name cannot pass for another part of it', async () => {
  const { certificate } = await (await root()).issue({ name: 'O=Bar\\, O\\=Ministry' })
  expect(certificate.subject.text).toBe('O=Bar\\, O\\=Ministry')
})

test('X509-1 x5c and PEM hold base64 in its one form', async () => {
  const { der } = await root()
  const text = Buffer.from(der).toString('base64')
  expect(readX5c([text])).toEqual([der])
  const pem = `# an anchor\r\n-----BEGIN CERTIFICATE-----\r\n${text}\r\n-----END CERTIFICATE-----\r\n`
  expect(readPem(pem, 'CERTIFICATE')).toEqual([der])
  expect(outcomeOf(() => readPem(pem, 'X509 CRL'))).toBe('pem_malformed')
  for (const other of [
    null,
    [],
    text,
    [1],
    [''],
    [` ${text}`],
    [`-${text.slice(1)}`],
    [`${text}=`],
    ['QQ'],
    ['QR=='],
  ]) {
    expect(outcomeOf(() => readX5c(other))).toBe('certificate_malformed')
  }
})
