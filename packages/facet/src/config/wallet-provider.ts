/** The development wallet provider that an authority in a directory certified. */
import { join } from 'node:path'
import { readBook } from '../ca/book.ts'
import { FacetError } from '../error.ts'
import type { Environment } from './data-directory.ts'
import { readSigningCertificate, type SigningCertificate } from './signing-certificate.ts'

/**
 * The newest certificate for wallets that stands, and its key.
 *
 * @param directory of `facet trust ca`
 * @param now seconds since the epoch
 * @throws {FacetError} `certificate_unknown`, `file_unusable`, `key_file_…`
 */
export async function readWalletProvider(
  directory: string,
  { environment, now }: { readonly environment: Environment; readonly now: number },
): Promise<SigningCertificate> {
  const { issued } = await readBook(directory)
  const standing = issued.filter(
    ({ purpose, revokedAt, notAfter }) => purpose === 'wallet' && revokedAt === undefined && notAfter > now,
  )
  const newest = standing.at(-1)
  if (newest === undefined) {
    throw new FacetError(
      'certificate_unknown',
      `${directory} has no certificate for wallets that stands: "facet trust ca issue ${directory} --purpose wallet" makes one`,
    )
  }
  return readSigningCertificate({
    certificate: join(directory, `${newest.serialNumber}.pem`),
    key: join(directory, `${newest.serialNumber}.key`),
    environment,
  })
}
