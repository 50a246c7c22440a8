/**
 * A credential written as it would be issued, and read again as a wallet would, before anything is
 * promised: what cannot be issued is the operator's to mend, and no wallet should meet it.
 */
import { algorithmRules, type PublicJwk } from '@facet-id/credential/jose'
import { openStoredSdJwt } from '@facet-id/credential/sd-jwt'
import { type Drafting, draftCredential, signedCredential } from '../issuance/issuance.ts'
import type { CopyToRead } from '../issuance/second-opinion.ts'

/** Nobody's: no point of the curve, as long as one. */
const KEY: PublicJwk = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }

/**
 * Yields what was rehearsed, with a signature of zeros: bound to nobody, and good for nothing but to be read.
 *
 * @throws {CredentialError} whatever the writer or the reader of credentials refuses
 */
export function rehearse(drafting: Drafting): CopyToRead {
  const draft = draftCredential(KEY, { list: 0, index: 0 }, drafting)
  const { signatureBytes } = algorithmRules[drafting.alg]
  const credential = signedCredential(draft, new Uint8Array(signatureBytes))
  openStoredSdJwt(credential, drafting.hash)
  return { credential, draft }
}
