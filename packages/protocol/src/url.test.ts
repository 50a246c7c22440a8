import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readHttpUrl, readIdentifierUrl, wellKnownUrl } from './url.ts'

const development = 'https_or_loopback_http'

test('an address is taken apart as it is written', () => {
  expect(readHttpUrl('https://Issuer.example:8443/a/%7Eb;c=d?e=f/?#g?')).toEqual({
    href: 'https://Issuer.example:8443/a/%7Eb;c=d?e=f/?#g?',
    origin: 'https://Issuer.example:8443',
    scheme: 'https',
    host: 'Issuer.example:8443',
    path: '/a/%7Eb;c=d',
    query: 'e=f/?',
    fragment: 'g?',
  })
  expect(readHttpUrl('https://issuer.example').path).toBe('')
  expect(readHttpUrl('https://[2001:db8::1]:1/').host).toBe('[2001:db8::1]:1')
})

test('whatever is taken, the platform takes for the same host, path and query', () => {
  const taken = [
    'https://issuer.example',
    'https://a_b.example-1.test:65535/x//y/?z',
    'https://xn--bcher-kva.example/%C3%A9?q=%20#f',
    'https://10.0.0.1/a;b=c/d@e:f',
    'https://[::ffff:1.2.3.4]/x',
  ]
  for (const text of taken) {
    const own = readHttpUrl(text)
    const platform = new URL(text)
    expect(platform.hostname.length).toBeGreaterThan(0)
    expect(platform.username + platform.password).toBe('')
    expect(platform.pathname).toBe(own.path === '' ? '/' : own.path)
    expect(platform.search).toBe(own.query === undefined || own.query === '' ? '' : `?${own.query}`)
  }
})

test('what programs read in different ways is refused', () => {
  const refused = [
    '',
    'issuer.example',
    '//issuer.example',
    '/path',
    'https:issuer.example',
    'https:/issuer.example',
    'https:///issuer.example',
    'HTTPS://issuer.example',
    ' https://issuer.example',
    'https://issuer.example ',
    'https://issuer.example\n',
    'https://issuer.example/a b',
    'https://issuer.example/a\tb',
    'https://issuer.example\\@evil.example',
    'https://issuer.example@evil.example/',
    'https://user:password@issuer.example/',
    'https://issuer.example%2eevil.example/',
    'https://issuer.example./',
    'https://.issuer.example/',
    'https://issuer..example/',
    'https://-issuer.example/',
    `https://${'a'.repeat(64)}.example/`,
    'https://bücher.example/',
    'https://issuer.example:/',
    'https://issuer.example:0/',
    'https://issuer.example:080/',
    'https://issuer.example:65536/',
    'https://issuer.example:1e3/',
    'https://issuer.example/.',
    'https://issuer.example/../x',
    'https://issuer.example/x/%2e%2E/y',
    'https://issuer.example/x/.%2e',
    'https://issuer.example/%',
    'https://issuer.example/%g0',
    'https://issuer.example/é',
    'https://issuer.example/<script>',
    'https://issuer.example/#a#b',
    'https://[::1',
    'https://[::1]x/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/html,x',
    'ftp://issuer.example',
  ]
  for (const text of refused)
    expect([text, outcomeOf(() => readHttpUrl(text, development))]).toEqual([text, 'message_malformed'])
  const start = 'https://issuer.example/'
  expect(outcomeOf(() => readHttpUrl(start.padEnd(2048, 'a')))).toBe('accepted')
  expect(outcomeOf(() => readHttpUrl(start.padEnd(2049, 'a')))).toBe('message_too_large')
})

test('plain http is taken in development mode only, and to this machine only', () => {
  const loopback = ['http://localhost', 'http://127.0.0.1:8080/x', 'http://127.255.0.3', 'http://[::1]:1/']
  for (const text of loopback) {
    expect(outcomeOf(() => readHttpUrl(text))).toBe('https_required')
    expect(outcomeOf(() => readHttpUrl(text, 'https'))).toBe('https_required')
    expect(readHttpUrl(text, development).scheme).toBe('http')
  }
  const elsewhere = [
    'http://issuer.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://128.0.0.1',
    'http://127.1',
    'http://127.0.0.256',
    'http://0177.0.0.1',
    'http://127.0.0.01',
    'http://2130706433',
    'http://0x7f000001',
    'http://0.0.0.0',
    'http://[::]',
    'http://[::ffff:127.0.0.1]',
    'http://[0:0:0:0:0:0:0:1]',
    'http://192.168.0.1',
    'http://169.254.169.254/latest',
    'http://LOCALHOST',
  ]
  for (const text of elsewhere) {
    expect([text, outcomeOf(() => readHttpUrl(text, development))]).toEqual([text, 'https_required'])
  }
})

test('VCI-12.2.1-1 an identifier has neither query nor fragment, not even an empty one', () => {
  expect(readIdentifierUrl('https://issuer.example:8443/tenant/1').path).toBe('/tenant/1')
  for (const tail of ['?a', '?', '#a', '#']) {
    expect(outcomeOf(() => readIdentifierUrl(`https://issuer.example${tail}`))).toBe('message_malformed')
  }
  expect(outcomeOf(() => readIdentifierUrl('http://issuer.example'))).toBe('https_required')
})

test('VCI-12.2.2-1, VCI-12.2.2-8, ASM-3.1-1 the well-known name goes between host and path', () => {
  const at = (identifier: string): string => wellKnownUrl(readIdentifierUrl(identifier), 'name')
  expect(at('https://issuer.example')).toBe('https://issuer.example/.well-known/name')
  expect(at('https://issuer.example/')).toBe('https://issuer.example/.well-known/name')
  expect(at('https://issuer.example/tenant')).toBe('https://issuer.example/.well-known/name/tenant')
  expect(at('https://issuer.example:8443/a/b/')).toBe('https://issuer.example:8443/.well-known/name/a/b')
})

test('no address takes long to refuse', () => {
  for (const part of ['a', 'a.', '-', '/', '%20', '/.', ':', '[', '@']) {
    const text = `https://${part.repeat(2000)}`.slice(0, 2048)
    outcomeOf(() => readHttpUrl(text))
    outcomeOf(() => readHttpUrl(`${text.slice(0, 2047)}\n`))
  }
})
