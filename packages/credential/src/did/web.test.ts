import { keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { findVerificationMethod } from './document.ts'
import { readDidDocument } from './read-document.ts'
import { didWebUrl, writeDidDocument, writeDidWeb } from './web.ts'
import { readDidWebvh, webvhLogUrl, webvhWitnessUrl } from './webvh/did.ts'

const scid = 'QmY8n5j6nkyzPrjtVvVTkqtbiEk15D3GVzxiPUjTMPwr9f'

test.each([
  ['issuer.example', 'https://issuer.example/.well-known/'],
  ['w3c-ccg.github.io', 'https://w3c-ccg.github.io/.well-known/'],
  ['w3c-ccg.github.io:user:alice', 'https://w3c-ccg.github.io/user/alice/'],
  ['issuer.example%3A3000:user:alice', 'https://issuer.example:3000/user/alice/'],
  ['issuer.example%3a3000', 'https://issuer.example:3000/.well-known/'],
  ['issuer.example%3A65535', 'https://issuer.example:65535/.well-known/'],
  ['issuer.example:a%20b', 'https://issuer.example/a%20b/'],
  ['issuer.example:%E7%94%A8', 'https://issuer.example/%E7%94%A8/'],
  ['issuer.example:%e7%94%a8', 'https://issuer.example/%E7%94%A8/'],
  ['issuer.example:a%2525', 'https://issuer.example/a%2525/'],
  ['xn--fsq.example', 'https://xn--fsq.example/.well-known/'],
  ['%E4%BE%8B.example', 'https://例.example/.well-known/'],
  ['1.a.example', 'https://1.a.example/.well-known/'],
])('DWEB-1, WVH-S4 %s is at %s', (place, folder) => {
  expect(didWebUrl(`did:web:${place}`)).toBe(`${folder}did.json`)
  const webvh = readDidWebvh(`did:webvh:${scid}:${place}`)
  expect(webvhLogUrl(webvh)).toBe(`${folder}did.jsonl`)
  expect(webvhWitnessUrl(webvh)).toBe(`${folder}did-witness.json`)
})

const hostile: readonly (readonly [what: string, place: string])[] = [
  ['an address', '127.0.0.1'],
  ['an address of the internet', '93.184.216.34'],
  ['an address with a port', '127.0.0.1%3A8080'],
  ['a short address', '127.1'],
  ['an address as one number', 'a.2130706433'],
  ['an address in hexadecimal', '0x7f.0.0.0x1'],
  ['an address in octal', '0177.0.0.01'],
  ['an IPv6 address', '%5B%3A%3A1%5D'],
  ['an IPv4-mapped IPv6 address', '%5B%3A%3Affff%3A127.0.0.1%5D'],
  ['an IPv6 address without brackets', '%3A%3A1'],
  ['full-width digits', '%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1'],
  ['a full-width dot', 'a%EF%BC%8Eexample'],
  ['an ideographic dot', 'a%E3%80%82example'],
  ['this machine', 'localhost'],
  ['this machine, with a port', 'localhost%3A8080'],
  ['one label', 'intranet'],
  ['an empty label', 'a..example'],
  ['a dot at the end', 'issuer.example.'],
  ['a label of 64 characters', `${'a'.repeat(64)}.example`],
  ['a domain of 254 characters', `${'a.'.repeat(124)}example`],
  ['a label that ends in a hyphen', 'a-.example'],
  ['an underscore', 'a_b.example'],
  ['a user', 'user%40issuer.example'],
  ['a path in the domain', 'issuer.example%2Fa'],
  ['a fragment in the domain', 'issuer.example%23a'],
  ['a query in the domain', 'issuer.example%3Fa'],
  ['a NUL in the domain', 'issuer.example%00'],
  ['a domain that is encoded twice', 'issuer%252Eexample'],
  ['a letter of the domain, encoded', '%69ssuer.example'],
  ['a dot of the domain, encoded', 'issuer%2eexample'],
  ['a digit of the domain, encoded', 'issuer%31.example%3A8443'],
  ['port 0', 'issuer.example%3A0'],
  ['port 65536', 'issuer.example%3A65536'],
  ['no port', 'issuer.example%3A'],
  ['two ports', 'issuer.example%3A80%3A81'],
  ['a port that is no number', 'issuer.example%3Ahttp'],
  ['a port in the middle', 'issuer%3A80.example'],
  ['an empty segment', 'issuer.example::a'],
  ['..', 'issuer.example:..:a'],
  ['.', 'issuer.example:.'],
  ['.. encoded', 'issuer.example:%2e%2e:a'],
  ['.. half encoded', 'issuer.example:.%2E'],
  ['a slash', 'issuer.example:a%2Fb'],
  ['a backslash', 'issuer.example:a%5Cb'],
  ['../ encoded', 'issuer.example:%2e%2e%2fa'],
  ['a NUL', 'issuer.example:a%00'],
  ['a blank in front', 'issuer.example:%20a'],
  ['a blank behind', 'issuer.example:a%20'],
  ['bytes that are no UTF-8', 'issuer.example:%FF'],
  ['an overlong slash', 'issuer.example:%C0%AF'],
]

test.each(hostile)('DWEB-5, WVH-S1, WVH-S2, WVH-T2, WVH-T3 refuses %s', (_, place) => {
  expect(outcomeOf(() => didWebUrl(`did:web:${place}`))).toBe('did_malformed')
  expect(outcomeOf(() => readDidWebvh(`did:webvh:${scid}:${place}`))).toBe('did_malformed')
})

test.each(['/a', '?versionId=1', '#key', '/../../x', '#a.example'])(
  'WVH-S3 a DID URL (%s) is no DID to transform',
  (rest) => {
    expect(outcomeOf(() => didWebUrl(`did:web:issuer.example${rest}`))).toBe('did_malformed')
    expect(outcomeOf(() => readDidWebvh(`did:webvh:${scid}:issuer.example${rest}`))).toBe('did_malformed')
  },
)

test.each([
  ['no SCID', 'did:webvh:issuer.example'],
  ['a SCID alone', `did:webvh:${scid}`],
  ['a placeholder', 'did:webvh:%7BSCID%7D:issuer.example'],
  ['a SCID of another hash', `did:webvh:${'z'.repeat(46)}:issuer.example`],
  ['a SCID that is too short', `did:webvh:${scid.slice(1)}:issuer.example`],
  ['a SCID with a letter outside of its base', `did:webvh:${scid.replace('8', '0')}:issuer.example`],
])('WVH-S1 refuses %s', (_, did) => {
  expect(outcomeOf(() => readDidWebvh(did))).toBe('did_malformed')
})

test('DWEB-1 this machine is a place where that was asked for, without TLS, and no address is', () => {
  const rules = { localhost: true }
  expect(didWebUrl('did:web:localhost%3A8080', rules)).toBe('http://localhost:8080/.well-known/did.json')
  expect(outcomeOf(() => didWebUrl('did:web:127.0.0.1', rules))).toBe('did_malformed')
  expect(outcomeOf(() => didWebUrl('did:web:a.localhost%3A1:..', rules))).toBe('did_malformed')
})

test('DWEB-1 a DID is written for a place, and found there', () => {
  expect(writeDidWeb('issuer.example')).toBe('did:web:issuer.example')
  const did = writeDidWeb('issuer.example:8443', ['dids', 'a b', '用'])
  expect(did).toBe('did:web:issuer.example%3A8443:dids:a%20b:%E7%94%A8')
  expect(didWebUrl(did)).toBe('https://issuer.example:8443/dids/a%20b/%E7%94%A8/did.json')
  for (const [host, path] of [
    ['127.0.0.1'],
    ['issuer.example', '..'],
    ['issuer.example', 'a/b'],
    ['issuer.example/a'],
  ]) {
    expect(outcomeOf(() => writeDidWeb(host ?? '', path === undefined ? [] : [path]))).toBe('did_malformed')
  }
})

test('DWEB-3, DID-DOC-2 what is published is read, with every DID URL absolute', () => {
  const did = 'did:web:issuer.example'
  const { publicJwk } = keyPair()
  const document = writeDidDocument(did, {
    keys: [
      { fragment: 'issuing', key: publicJwk, relationships: ['assertionMethod'] },
      { fragment: 'requests', key: publicJwk, relationships: ['authentication', 'assertionMethod'] },
    ],
    alsoKnownAs: ['did:web:other.example'],
    service: [{ id: `${did}#a`, type: 'A', serviceEndpoint: 'https://issuer.example/a' }],
  })
  expect(readDidDocument(JSON.stringify(document), did)).toEqual(document)
  expect(document.assertionMethod).toEqual([`${did}#issuing`, `${did}#requests`])
  expect(findVerificationMethod(document, `${did}#issuing`, 'authentication')).toBeUndefined()
  const badName = { fragment: 'a#b', key: publicJwk, relationships: [] }
  expect(outcomeOf(() => writeDidDocument(did, { keys: [badName] }))).toBe('did_malformed')
})
