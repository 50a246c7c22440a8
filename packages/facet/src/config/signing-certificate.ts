/** The certificate that an issuer or a verifier signs with: its chain in PEM, and its key as `facet trust ca issue` rests it. */
import { basename, dirname } from 'node:path'
import { type PublicJwk, sameKey } from '@facet-id/credential/jose'
import { checkSignatures, type PrivateJwk } from '@facet-id/crypto/node'
import { type OwnChain, purposes, readOwnChain, readPem } from '@facet-id/trust/x509'
import { FacetError } from '../error.ts'
import type { Environment } from './data-directory.ts'
import { openSealedKey, readText } from './sealed-key.ts'

export interface SigningCertificate {
  /** DER, that of the key first; a root at the end is not sent. */
  readonly chain: readonly Uint8Array[]
  readonly privateJwk: PrivateJwk
}

export interface CertificateFiles {
  /** PEM: the party's own certificate, then those of its authorities. */
  readonly certificate: string
  /** Sealed with the key file of its directory. */
  readonly key: string
  readonly environment: Environment
}

/** @throws {FacetError} `file_unusable`, `key_file_…`; {TrustError} `pem_malformed`; {CryptoError} `seal_broken` */
export async function readSigningCertificate({
  certificate,
  key,
  environment,
}: CertificateFiles): Promise<SigningCertificate> {
  const chain = readPem(await readText(certificate), 'CERTIFICATE')
  return {
    chain,
    privateJwk: await openSealedKey({ directory: dirname(key), name: basename(key), environment }),
  }
}

/**
 * Refuses a certificate with which nothing could be signed that anybody takes.
 *
 * @param now seconds since the epoch
 * @param purpose what is signed: credentials, or requests
 * @returns what is sent, and the key that it is signed with
 * @throws {FacetError} `certificate_unusable`
 */
export async function checkSigningCertificate(
  { chain, privateJwk }: SigningCertificate,
  now: number,
  purpose: 'issuer' | 'verifier' = 'issuer',
): Promise<{ readonly chain: OwnChain['certificates']; readonly publicJwk: PublicJwk }> {
  const own = readOwnChain(chain, { now, purposes: purposes[purpose] })
  if ('code' in own) throw unusable(`${own.why} (${own.code})`)
  const verdicts = await checkSignatures(own.checks)
  if (verdicts.some((verdict) => verdict !== 'valid'))
    throw unusable('The signature of a certificate of the chain does not hold. (signature_invalid)')
  const [{ key }] = own.certificates
  if (!sameKey(key, privateJwk)) throw unusable('The certificate is for another key. (key_mismatch)')
  return { chain: own.certificates, publicJwk: key }
}

function unusable(why: string): FacetError {
  return new FacetError('certificate_unusable', `Nothing can be signed with this certificate: ${why}`)
}
