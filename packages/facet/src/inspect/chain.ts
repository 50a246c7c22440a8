/** The certificates that a token brings along, as they call themselves. Nothing here is a reason to believe them. */
import { readX5c } from '@facet-id/credential/jose'
import { findMember, type JsonObject } from '@facet-id/credential/json'
import { type Certificate, readCertificate } from '@facet-id/trust/x509'
import { codeOf } from '../error.ts'

export interface CertificateRead {
  readonly subject: string
  readonly issuer: string
  /** Seconds since the epoch; both moments belong to the validity. */
  readonly notBefore: number
  readonly notAfter: number
}

/**
 * The chain in the header's `x5c`, that of the signing key first; absent where the header has none.
 *
 * @throws {CredentialError} `jws_malformed`; {TrustError} those of `readCertificate`
 */
export function findChain(header: JsonObject): readonly Certificate[] | undefined {
  const x5c = findMember(header, 'x5c')
  return x5c === undefined ? undefined : readX5c(x5c).map(readCertificate)
}

/** Who stands in it, or the code of why it cannot be read; absent where the header has none. */
export function describeChain(
  header: JsonObject,
): readonly CertificateRead[] | { readonly unreadable: string } | undefined {
  try {
    return findChain(header)?.map(({ subject, issuer, notBefore, notAfter }) => ({
      subject: subject.text,
      issuer: issuer.text,
      notBefore,
      notAfter,
    }))
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    return { unreadable: code }
  }
}
