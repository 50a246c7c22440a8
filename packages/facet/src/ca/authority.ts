/**
 * A development authority: a directory that issues certificates to issuers, verifiers and signers of status
 * lists, and revokes them. What it is not: a place for the keys of a production authority.
 *
 * ```
 * DIR/authority.pem      the anchor: what others configure
 * DIR/authority.key      its private key, sealed with DIR.key
 * DIR/issued.json        what was issued, and what was revoked
 * DIR/revoked.pem        the revocation list
 * DIR/<serial>.pem       each certificate; DIR/<serial>.key its private key, sealed, where it was made here
 * ```
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { PublicJwk } from '@facet-id/credential/jose'
import { generateKey } from '@facet-id/crypto/node'
import { type Certificate, readCertificate, readPem } from '@facet-id/trust/x509'
import type { Environment } from '../config/data-directory.ts'
import { openSealedKey, readText, writeSealedKey, writeWhole } from '../config/sealed-key.ts'
import { FacetError } from '../error.ts'
import { type Book, bookIn, type Issued, readBook, writeBook } from './book.ts'
import {
  type CertificatePurpose,
  type Name,
  type SigningAuthority,
  writeCertificate,
  writeRevocationList,
  writeRoot,
} from './certificate-writer.ts'

export interface Authority {
  readonly directory: string
  readonly environment: Environment
  /** The clock, seconds since the epoch. */
  readonly now: () => number
}

export interface IssueWishes {
  readonly purpose: CertificatePurpose
  /** The organization. */
  readonly name: string
  readonly dns: readonly string[]
  readonly days: number
  /** Absent: a key is made, and rests sealed beside the certificate. */
  readonly key?: PublicJwk
}

const DAY = 86_400
const LIST_DAYS = 30
const files = { certificate: 'authority.pem', key: 'authority.key', list: 'revoked.pem' } as const
/** The country of specimens: whatever such an authority certifies is one. */
const COUNTRY = 'UTO'

/**
 * Makes the authority, with an empty revocation list.
 *
 * @throws {FacetError} `authority_present`, `data_directory_unusable`, `key_file_…`, `file_unusable`
 */
export async function createAuthority(
  authority: Authority,
  { name, days }: { readonly name: string; readonly days: number },
): Promise<Certificate> {
  const { directory, environment, now } = authority
  if (existsSync(bookIn(directory)))
    throw new FacetError('authority_present', `There is an authority in ${directory} already`)
  const { privateJwk } = generateKey('ES256')
  await writeSealedKey(privateJwk, { directory, name: files.key, environment }, true)
  const by = { name: nameOf(name), key: privateJwk }
  const certificate = await writeRoot(by, { notBefore: now(), notAfter: now() + days * DAY })
  await writeWhole(join(directory, files.certificate), pemOf('CERTIFICATE', certificate.der), 0o644)
  await publish(authority, by, { name, listNumber: 0, issued: [] })
  return certificate
}

/**
 * Issues a certificate.
 *
 * @throws {FacetError} `file_unusable`, `key_file_…`
 */
export async function issueCertificate(authority: Authority, wishes: IssueWishes): Promise<Certificate> {
  const { directory, environment, now } = authority
  const book = await readBook(directory)
  const by = await signingAuthority(authority, book)
  const made = wishes.key === undefined ? generateKey('ES256') : undefined
  const key = wishes.key ?? made?.publicJwk
  if (key === undefined) throw new FacetError('usage', 'A certificate needs a key')
  const root = await readAuthorityCertificate(directory)
  const certificate = await writeCertificate(by, {
    purpose: wishes.purpose,
    dns: wishes.dns,
    key,
    name: nameOf(wishes.name),
    notBefore: now(),
    // A certificate that outlives its authority would end with it all the same.
    notAfter: Math.min(now() + wishes.days * DAY, root.notAfter),
  })
  const { serialNumber, notAfter } = certificate
  if (made !== undefined)
    await writeSealedKey(made.privateJwk, { directory, name: `${serialNumber}.key`, environment })
  await writeWhole(join(directory, `${serialNumber}.pem`), pemOf('CERTIFICATE', certificate.der), 0o644)
  const entry = { serialNumber, purpose: wishes.purpose, name: wishes.name, notAfter }
  await writeBook(directory, { ...book, issued: [...book.issued, entry] })
  return certificate
}

/**
 * Revokes a certificate, and publishes a new list. Revoking it again changes nothing but the list.
 *
 * @throws {FacetError} `certificate_unknown`, `file_unusable`, `key_file_…`
 */
export async function revokeCertificate(authority: Authority, serialNumber: string): Promise<Issued> {
  const book = await readBook(authority.directory)
  const entry = book.issued.find((issued) => issued.serialNumber === serialNumber)
  if (entry === undefined)
    throw new FacetError(
      'certificate_unknown',
      'The authority has issued no certificate of that serial number',
    )
  const revoked = { ...entry, revokedAt: entry.revokedAt ?? authority.now() }
  const issued = book.issued.map((other) => (other === entry ? revoked : other))
  await publish(authority, await signingAuthority(authority, book), { ...book, issued })
  return revoked
}

/** The revocation list is written first: what is in the book as revoked is in a list. */
async function publish(authority: Authority, by: SigningAuthority, book: Book): Promise<void> {
  const { directory, now } = authority
  const number = book.listNumber + 1
  const list = await writeRevocationList(by, {
    thisUpdate: now(),
    nextUpdate: now() + LIST_DAYS * DAY,
    number,
    revoked: book.issued.flatMap(({ serialNumber, revokedAt }) =>
      revokedAt === undefined ? [] : [{ serialNumber, at: revokedAt }],
    ),
  })
  await writeWhole(join(directory, files.list), pemOf('X509 CRL', list), 0o644)
  await writeBook(directory, { ...book, listNumber: number })
}

async function signingAuthority(
  { directory, environment }: Authority,
  { name }: Book,
): Promise<SigningAuthority> {
  return { name: nameOf(name), key: await openSealedKey({ directory, name: files.key, environment }) }
}

/** @throws {FacetError} `file_unusable`; {TrustError} what reading a certificate throws */
async function readAuthorityCertificate(directory: string): Promise<Certificate> {
  const [der] = readPem(await readText(join(directory, files.certificate)), 'CERTIFICATE')
  return readCertificate(der ?? new Uint8Array())
}

function nameOf(organization: string): Name {
  return [
    ['C', COUNTRY],
    ['O', organization],
  ]
}

function pemOf(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
