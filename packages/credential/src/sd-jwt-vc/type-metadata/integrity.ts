/**
 * Integrity values: digests of a document, as web pages write them (W3C Subresource Integrity §3.1).
 * draft-ietf-oauth-sd-jwt-vc-19 §6.
 *
 * They are over what was received, byte for byte. A text stands for its UTF-8.
 */
import { CredentialError } from '../../error.ts'
import type { Hash, HashAlgorithm } from '../../jose/ports.ts'

/** The strongest first. */
const algorithms = [
  ['sha512', 'sha-512'],
  ['sha384', 'sha-384'],
  ['sha256', 'sha-256'],
] as const satisfies readonly (readonly [string, HashAlgorithm])[]

/**
 * Checks what was received against its integrity value. Of several digests those of the strongest
 * algorithm count, and one of them must match; digests of algorithms that are not known are passed over.
 *
 * @throws {CredentialError} `integrity_unsupported`, `integrity_mismatch`
 */
export function checkIntegrity(received: string | Uint8Array, integrity: string, hash: Hash): void {
  const given = integrity.split(/[ \t\n\r\f]+/).filter((text) => text !== '')
  for (const [name, alg] of algorithms) {
    const digests = given.filter((text) => text.startsWith(`${name}-`))
    if (digests.length === 0) continue
    const own = `${name}-${padded(hash(alg, received))}`
    // What follows a question mark are options, and there are none that anybody knows (§3.1).
    if (digests.some((digest) => digest.split('?', 1)[0] === own)) return
    throw new CredentialError(
      'integrity_mismatch',
      'What was received is not what its integrity value was made over',
    )
  }
  throw new CredentialError(
    'integrity_unsupported',
    'An integrity value needs a digest that begins with sha256-, sha384- or sha512-',
  )
}

/** The integrity value of a document. */
export function writeIntegrity(document: string | Uint8Array, hash: Hash): string {
  return `sha256-${padded(hash('sha-256', document))}`
}

/** Standard base64, with padding, of what `Hash` says in base64url. */
function padded(base64url: string): string {
  const text = base64url.replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}
