/**
 * An issuer that is an address: an https URL without query and fragment, compared as text.
 * draft-ietf-oauth-sd-jwt-vc-19 §4. Whether it may be called is for the transport to decide.
 */
import { CredentialError } from '../../error.ts'

/** Characters of an address. */
const maxLength = 2048

const form =
  /^(https?):\/\/([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[1-9][0-9]{0,4})?((?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*)$/

/** `.` and `..`, also percent-encoded: programs resolve them before they call. */
const dotSegment = /\/(?:\.|%2[Ee]){1,2}(?:\/|$)/

const thisMachine = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/

export interface IssuerUrl {
  /** Scheme and host as written: `https://issuer.example:8443`. */
  readonly origin: string
  /** Begins with `/`, or is empty. */
  readonly path: string
}

/**
 * @param scheme `https` when absent
 * @throws {CredentialError} `issuer_malformed`
 */
export function readIssuerUrl(text: string, scheme: 'https' | 'https_or_loopback_http' = 'https'): IssuerUrl {
  const [, written, host = '', path] = text.length > maxLength ? [] : (form.exec(text) ?? [])
  const isPlain = written === 'http'
  const isAllowed = !isPlain || (scheme === 'https_or_loopback_http' && thisMachine.test(host))
  if (path === undefined || dotSegment.test(path) || !isAllowed) {
    throw new CredentialError(
      'issuer_malformed',
      'An issuer that is no DID is an https URL without query and fragment',
    )
  }
  return { origin: text.slice(0, text.length - path.length), path }
}
