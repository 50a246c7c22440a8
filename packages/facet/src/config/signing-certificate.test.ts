import { readFile, writeFile } from 'node:fs/promises'
import { generateKey } from '@facet-id/crypto/node'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createAuthority, issueCertificate } from '../ca/authority.ts'
import { checkSigningCertificate, readSigningCertificate } from './signing-certificate.ts'
import { temporaryDirectory } from './temporary-directory.test-support.ts'

const temporary = temporaryDirectory()
const DAY = 86_400
const now = 1_800_000_000
const environment = {}
const ca = () => ({ directory: temporary.in('ca'), environment, now: () => now })

async function issued(purpose: 'issuer' | 'verifier' | 'status') {
  const { serialNumber } = await issueCertificate(ca(), {
    purpose,
    name: 'Registry Office',
    dns: [],
    days: 10,
  })
  return temporary.in(`ca/${serialNumber}`)
}

const read = (of: string, key = of) =>
  readSigningCertificate({ certificate: `${of}.pem`, key: `${key}.key`, environment })

test('X509-25 an issuer signs with its own certificate, in its time and for its purpose, or does not start', async () => {
  await createAuthority(ca(), { name: 'Utopia', days: 100 })
  const first = await issued('issuer')
  const own = await read(first)
  const { chain, publicJwk } = await checkSigningCertificate(own, now)
  expect(chain.map(({ der }) => der)).toEqual(own.chain)
  expect(publicJwk.x).toBe(own.privateJwk.x)

  const why = (of: Promise<unknown>): Promise<string> =>
    of.then(
      () => 'accepted',
      ({ code, message }) => `${code}: ${/\((\w+)\)$/.exec(message)?.[1]}`,
    )
  expect(await why(checkSigningCertificate(own, now + 11 * DAY))).toBe('certificate_unusable: expired')
  expect(await why(checkSigningCertificate(own, now - 1))).toBe('certificate_unusable: not_yet_valid')
  for (const purpose of ['verifier', 'status'] as const) {
    const other = await read(await issued(purpose))
    expect(await why(checkSigningCertificate(other, now))).toBe('certificate_unusable: purpose_wrong')
  }
  const mixed = await read(first, await issued('issuer'))
  expect(await why(checkSigningCertificate(mixed, now))).toBe('certificate_unusable: key_mismatch')
  const { privateJwk } = generateKey('ES384')
  expect(await why(checkSigningCertificate({ ...own, privateJwk }, now))).toBe(
    'certificate_unusable: key_mismatch',
  )
})

test('X509-25 the root may stand at the end of the file, and is not sent; in front it is out of order', async () => {
  await createAuthority(ca(), { name: 'Utopia', days: 100 })
  const own = await issued('issuer')
  const [leaf, root] = await Promise.all(
    [`${own}.pem`, temporary.in('ca/authority.pem')].map((file) => readFile(file, 'utf8')),
  )
  await writeFile(`${own}.pem`, `${leaf}${root}`)
  expect((await checkSigningCertificate(await read(own), now)).chain).toHaveLength(1)
  await writeFile(`${own}.pem`, `${root}${leaf}`)
  expect(await outcomeOf(async () => checkSigningCertificate(await read(own), now))).toBe(
    'certificate_unusable',
  )
})

test('X509-25 files that are missing, or hold something else, are refused by their names', async () => {
  await createAuthority(ca(), { name: 'Utopia', days: 100 })
  const own = await issued('issuer')
  expect(await outcomeOf(() => read(own, temporary.in('ca/none')))).toBe('file_unusable')
  expect(await outcomeOf(() => read(temporary.in('ca/none')))).toBe('file_unusable')
  await writeFile(`${own}.pem`, 'no certificate')
  expect(await outcomeOf(() => read(own))).toBe('pem_malformed')
})
