import { readFile } from 'node:fs/promises'
import {
  type RevocationList,
  readCertificate,
  readPem,
  readRevocationList,
  type TrustAnchor,
} from '@facet-id/trust/x509'
import { expect, test } from 'vitest'
import { createAuthority, issueCertificate, revokeCertificate } from '../ca/authority.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { createCertificateKeys } from './certificate-keys.ts'

const temporary = temporaryDirectory()
const DAY = 86_400
let now = 1_800_000_000

/** An authority, a certificate of it, and a configuration that trusts it. */
async function world() {
  const ca = { directory: temporary.in('ca'), environment: {}, now: () => now }
  await createAuthority(ca, { name: 'Utopia', days: 100 })
  const issue = (purpose: 'issuer' | 'verifier') =>
    issueCertificate(ca, { purpose, name: 'Registry Office', dns: [], days: 10 })
  const { der, serialNumber } = await issue('issuer')
  const [anchor = new Uint8Array()] = readPem(
    await readFile(temporary.in('ca/authority.pem'), 'utf8'),
    'CERTIFICATE',
  )
  const readLists = async () =>
    readPem(await readFile(temporary.in('ca/revoked.pem'), 'utf8'), 'X509 CRL').map(readRevocationList)
  const configured: { anchors: readonly TrustAnchor[]; lists: readonly RevocationList[] } = {
    anchors: [{ id: 'uto', certificate: readCertificate(anchor) }],
    lists: await readLists(),
  }
  const keyOf = createCertificateKeys(
    { anchorsAt: () => configured.anchors, revocationLists: () => configured.lists },
    () => now,
  )
  return { ca, issue, chain: [der], serialNumber, readLists, configured, keyOf }
}

test('X509-22, X509-23 what a chain proves is its key and its identity, kept until a list, an anchor or the time changes it', async () => {
  const { ca, issue, chain, serialNumber, readLists, configured, keyOf } = await world()
  const first = await keyOf({ chain })
  expect(first).toMatchObject({
    key: { kty: 'EC', crv: 'P-256' },
    issuer: expect.stringMatching(/^x509_hash:[\w-]{43}$/),
    certificate: { anchor: 'uto', subject: 'C=UTO, O=Registry Office' },
    authorityKeyIdentifiers: [expect.stringMatching(/^[\w-]{27}$/)],
  })
  expect(await keyOf({ chain })).toBe(first)

  // The same, judged anew.
  configured.lists = await readLists()
  const second = await keyOf({ chain })
  expect(second).not.toBe(first)
  expect(second).toEqual(first)
  const { anchors } = configured
  configured.anchors = []
  expect(await keyOf({ chain })).toEqual({ refused: 'The chain leads to no authority that is trusted here.' })
  configured.anchors = anchors
  expect(await keyOf({ chain })).toEqual(first)

  now += 10 * DAY + 1
  expect(await keyOf({ chain })).toEqual({ refused: 'A certificate of the chain has expired.' })
  now -= 10 * DAY + 1
  expect(await keyOf({ chain })).toEqual(first)
  now -= 1
  expect(await keyOf({ chain })).toEqual({ refused: 'A certificate of the chain is not valid yet.' })
  now += 1

  await revokeCertificate(ca, serialNumber)
  configured.lists = await readLists()
  for (let round = 0; round < 2; round++) {
    expect(await keyOf({ chain })).toEqual({
      refused: 'A certificate of the chain was revoked by the authority that issued it.',
    })
  }
  const other = await issue('issuer')
  expect(await keyOf({ chain: [other.der] })).toHaveProperty('key')
  // Thirty days later nobody has renewed the list.
  now += 31 * DAY
  const late = await issueCertificate(ca, { purpose: 'issuer', name: 'Registry Office', dns: [], days: 10 })
  expect(await keyOf({ chain: [late.der] })).toHaveProperty('undetermined')
})

test('X509-24 a certificate for another purpose, and what is none, are refused in words', async () => {
  const { issue, keyOf } = await world()
  const { der } = await issue('verifier')
  expect(await keyOf({ chain: [der] })).toEqual({
    refused: 'The certificate of the party is for another purpose.',
  })
  expect(await keyOf({ chain: [Uint8Array.of(1)] })).toEqual({
    refused: expect.stringMatching(/\(der_malformed\)/),
  })
  expect(await keyOf({ chain: [] })).toEqual({ refused: expect.stringMatching(/one to 5 certificates/) })
})
