import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type LinkByReference, type RequestLink, readRequestLink, writeRequestLink } from './request-link.ts'

const link: LinkByReference = {
  client_id: 'decentralized_identifier:did:example:123',
  request_uri: 'https://verifier.example/requests/8KPTPqqv?a=b',
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vp/request-link/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readRequestLink(String(input)))).toBe(expected)
  })
}

test('VP-5.7-1 a link names the request and does not hold it', () => {
  const text = writeRequestLink({ ...link, request_uri_method: 'post' })
  expect(text).toBe(
    'openid4vp://?client_id=decentralized_identifier%3Adid%3Aexample%3A123' +
      '&request_uri=https%3A%2F%2Fverifier.example%2Frequests%2F8KPTPqqv%3Fa%3Db&request_uri_method=post',
  )
})

test('what was written is read', () => {
  const links: RequestLink[] = [
    link,
    { ...link, request_uri_method: 'get' },
    { ...link, request_uri_method: 'post' },
    { client_id: link.client_id, request: 'eyJ.e30.AA' },
    {
      client_id: 'redirect_uri:https://verifier.example/cb',
      parameters: { client_id: 'redirect_uri:https://verifier.example/cb', nonce: 'n' },
    },
  ]
  for (const each of links) {
    expect(readRequestLink(writeRequestLink(each))).toEqual(each)
  }
})

test('VP-5.10.1-3 reads no parameter of the request itself from the link', () => {
  const text = `${writeRequestLink(link)}&nonce=n&state=s&response_uri=https%3A%2F%2Fevil.example&dcql_query=%7B%7D`
  expect(readRequestLink(text)).toEqual(link)
})

test('VP-14.7-1 takes plain http to this machine in development mode only', () => {
  const local = writeRequestLink({ ...link, request_uri: 'http://127.0.0.1:3000/requests/1' })
  const remote = writeRequestLink({ ...link, request_uri: 'http://verifier.example/requests/1' })
  expect(outcomeOf(() => readRequestLink(local))).toBe('https_required')
  expect(outcomeOf(() => readRequestLink(local, 'https_or_loopback_http'))).toBe('accepted')
  expect(outcomeOf(() => readRequestLink(remote, 'https_or_loopback_http'))).toBe('https_required')
})

test('VP-5.7-1 wallets are found by another scheme, or by an address that one has claimed', () => {
  expect(writeRequestLink(link, 'haip-vp://')).toMatch(/^haip-vp:\/\/\?client_id=/)
  expect(readRequestLink(writeRequestLink(link, 'haip-vp://'))).toEqual(link)
  expect(writeRequestLink(link, 'https://wallet.example/ask')).toMatch(
    /^https:\/\/wallet\.example\/ask\?client_id=/,
  )
  expect(writeRequestLink(link, 'https://wallet.example/ask?y=1')).toMatch(
    /^https:\/\/wallet\.example\/ask\?y=1&client_id=[^?]*$/,
  )
})

test('VP-5-7 refuses a link of more than 131,072 characters', () => {
  const long = `${writeRequestLink(link)}&x=${'a'.repeat(131_072)}`
  expect(outcomeOf(() => readRequestLink(long))).toBe('message_too_large')
})
