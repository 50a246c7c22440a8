import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { checkSignatures, generateKey, hash } from '@facet-id/crypto/node'
import { outcomeOf } from '@facet-id/testkit'
import {
  beginPath,
  type Certificate,
  checksOfPath,
  judgePath,
  type PathOutcome,
  purposes,
  readCertificate,
  readPem,
  readRevocationList,
} from '@facet-id/trust/x509'
import { expect, test } from 'vitest'
import { openSealedKey } from '../config/sealed-key.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { type Authority, createAuthority, issueCertificate, revokeCertificate } from './authority.ts'
import { readBook } from './book.ts'
import type { CertificatePurpose } from './certificate-writer.ts'

const temporary = temporaryDirectory()
let now = 1_800_000_000
const authority = (): Authority => ({ directory: temporary.in('ca'), environment: {}, now: () => now })
const wishes = { name: 'Bar Zum Ufer, O=Ministry', dns: ['bar.example'], days: 10 }

type Judged = Exclude<CertificatePurpose, 'wallet'>

async function judge(certificate: Certificate, purpose: Judged): Promise<PathOutcome> {
  const read = (name: string): Promise<string> => readFile(temporary.in(`ca/${name}`), 'utf8')
  const path = beginPath([certificate.der], {
    anchors: readPem(await read('authority.pem'), 'CERTIFICATE').map((der) => ({
      id: 'uto',
      certificate: readCertificate(der),
    })),
    revocationLists: readPem(await read('revoked.pem'), 'X509 CRL').map(readRevocationList),
    revocation: 'required',
    purposes: purposes[purpose],
    purpose: 'required',
    now,
  })
  return judgePath(path, checkSignatures(checksOfPath(path)), hash)
}

test('X509-19 what is issued proves its party for its purpose, and for no other', async () => {
  await createAuthority(authority(), { name: 'Authority of Utopia', days: 100 })
  const all: readonly Judged[] = ['issuer', 'verifier', 'status']
  for (const purpose of [...all, 'wallet' as const]) {
    const certificate = await issueCertificate(authority(), { ...wishes, purpose })
    for (const asked of all) {
      const outcome = await judge(certificate, asked)
      expect(outcome).toMatchObject(
        asked === purpose
          ? {
              outcome: 'proven',
              identity: {
                anchor: 'uto',
                subject: 'C=UTO, O=Bar Zum Ufer\\, O\\=Ministry',
                sanDns: ['bar.example'],
              },
              notes: [],
            }
          : { outcome: 'refused', code: 'purpose_wrong' },
      )
    }
  }
})

test('X509-19 a key that is brought along is certified, and nothing of it is kept', async () => {
  await createAuthority(authority(), { name: 'Utopia', days: 100 })
  const { publicJwk } = generateKey('EdDSA')
  const { key, serialNumber, notAfter } = await issueCertificate(authority(), {
    ...wishes,
    purpose: 'issuer',
    key: publicJwk,
    days: 1000,
  })
  expect(key).toEqual(publicJwk)
  expect(existsSync(temporary.in(`ca/${serialNumber}.key`))).toBe(false)
  expect(notAfter).toBe(now + 100 * 86_400)
})

test('X509-20 what was revoked is refused by the next list, whose number is higher', async () => {
  await createAuthority(authority(), { name: 'Utopia', days: 100 })
  const [one, two] = [
    await issueCertificate(authority(), { ...wishes, purpose: 'verifier' }),
    await issueCertificate(authority(), { ...wishes, purpose: 'verifier' }),
  ]
  expect((await readBook(temporary.in('ca'))).listNumber).toBe(1)
  now += 60
  const first = await revokeCertificate(authority(), one.serialNumber)
  expect(await judge(one, 'verifier')).toMatchObject({ outcome: 'refused', code: 'revoked' })
  expect(await judge(two, 'verifier')).toMatchObject({ outcome: 'proven' })
  now += 60
  expect(await revokeCertificate(authority(), one.serialNumber)).toEqual(first)
  expect((await readBook(temporary.in('ca'))).listNumber).toBe(3)
  expect(await outcomeOf(() => revokeCertificate(authority(), '0badc0de'))).toBe('certificate_unknown')
})

test('X509-21 private keys rest sealed under their names, and only the owner may read them', async () => {
  await createAuthority(authority(), { name: 'Utopia', days: 100 })
  const { serialNumber, key } = await issueCertificate(authority(), { ...wishes, purpose: 'issuer' })
  const place = { directory: temporary.in('ca'), name: `${serialNumber}.key`, environment: {} }
  const { d, ...opened } = await openSealedKey(place)
  expect(opened).toEqual(key)
  for (const name of await readdir(temporary.in('ca'))) {
    const text = await readFile(temporary.in(`ca/${name}`), 'utf8')
    expect([name, text.includes(d)]).toEqual([name, false])
    if (name.endsWith('.key')) expect((await stat(temporary.in(`ca/${name}`))).mode & 0o777).toBe(0o600)
  }
  const moved = { ...place, name: 'authority.key' }
  expect(await outcomeOf(() => openSealedKey(moved))).toBe('accepted')
  const { copyFile } = await import('node:fs/promises')
  await copyFile(temporary.in(`ca/${serialNumber}.key`), temporary.in('ca/authority.key'))
  expect(await outcomeOf(() => openSealedKey(moved))).toBe('seal_broken')
})

test('X509-21 an authority is not made over another, nor without its key file', async () => {
  await createAuthority(authority(), { name: 'Utopia', days: 100 })
  expect(await outcomeOf(() => createAuthority(authority(), { name: 'Utopia', days: 100 }))).toBe(
    'authority_present',
  )
  const { rm } = await import('node:fs/promises')
  await rm(`${temporary.in('ca')}.key`)
  expect(await outcomeOf(() => issueCertificate(authority(), { ...wishes, purpose: 'issuer' }))).toBe(
    'key_file_missing',
  )
})
