/** The rules of RFC 5280 §6.1 for a path whose signatures hold, one function a rule. */
import { type Certificate, isSelfIssued } from '../certificate/certificate.ts'
import { keyUsageBits } from '../certificate/extensions.ts'
import { obeysNameConstraints } from '../certificate/name-constraints.ts'
import { fault, type PathFault } from './path-outcome.ts'

export interface RulesOfPath {
  readonly now: number
  readonly purposes?: readonly string[]
  readonly purpose?: 'required' | 'when_present'
}

/** RFC 5280 §4.2.1.12: in an authority's certificate it excludes nothing; in a party's it says nothing. */
const anyPurpose = '2.5.29.37.0'

/**
 * The first rule that a path breaks.
 *
 * @param path the party's certificate first, the anchor's last. The anchor is held to the same rules:
 * it is a certificate that an operator chose, and not only a key
 */
export function findRuleFault(path: readonly Certificate[], rules: RulesOfPath): PathFault | undefined {
  for (const [at, certificate] of path.entries()) {
    const found =
      findTimeFault(certificate, at, rules.now) ??
      findExtensionFault(certificate, at) ??
      (at === 0 ? findPartyFault(certificate, rules) : findAuthorityFault(path, at, rules))
    if (found !== undefined) return found
  }
  return undefined
}

function findTimeFault({ notBefore, notAfter }: Certificate, at: number, now: number): PathFault | undefined {
  if (now < notBefore) return fault(at, 'not_yet_valid', 'A certificate of the chain is not valid yet.')
  // §4.1.2.5: the last second belongs to the validity.
  if (Math.floor(now) > notAfter) return fault(at, 'expired', 'A certificate of the chain has expired.')
  return undefined
}

function findExtensionFault({ extensions }: Certificate, at: number): PathFault | undefined {
  if (extensions.unknownCritical.length === 0) return undefined
  return fault(
    at,
    'extension_unknown',
    'A certificate demands that an extension be followed which is not known.',
  )
}

function findPartyFault({ extensions }: Certificate, rules: RulesOfPath): PathFault | undefined {
  const { basicConstraints, keyUsage, extendedKeyUsage } = extensions
  if (basicConstraints?.ca === true)
    return fault(0, 'key_usage_wrong', 'The certificate of the party is one of an authority.')
  if (keyUsage !== undefined && !keyUsage.has(keyUsageBits.digitalSignature))
    return fault(0, 'key_usage_wrong', 'The certificate of the party is not for signatures.')
  const { purposes } = rules
  if (purposes === undefined) return undefined
  if (extendedKeyUsage === undefined) {
    return rules.purpose === 'required'
      ? fault(0, 'purpose_wrong', 'The certificate of the party does not say what it is for.')
      : undefined
  }
  if (extendedKeyUsage.some((purpose) => purposes.includes(purpose))) return undefined
  return fault(0, 'purpose_wrong', 'The certificate of the party is for another purpose.')
}

function findAuthorityFault(
  path: readonly Certificate[],
  at: number,
  { purposes }: RulesOfPath,
): PathFault | undefined {
  const authority = path[at]
  if (authority === undefined) return undefined
  const { basicConstraints, keyUsage, extendedKeyUsage, nameConstraints } = authority.extensions
  // §6.1.4 (k), (n). Both extensions are a MUST for authorities (§4.2.1.3, §4.2.1.9), so absence is no leave.
  if (basicConstraints?.ca !== true || keyUsage?.has(keyUsageBits.keyCertSign) !== true)
    return fault(at, 'not_an_authority', 'A certificate was issued by one that is not an authority.')
  const below = path.slice(1, at).filter((certificate) => !isSelfIssued(certificate)).length
  if (below > (basicConstraints.pathLength ?? below))
    return fault(at, 'path_too_long', 'There are more authorities in the chain than one of them allows.')
  const isForOthers =
    purposes !== undefined &&
    extendedKeyUsage !== undefined &&
    !extendedKeyUsage.some((purpose) => purpose === anyPurpose || purposes.includes(purpose))
  if (isForOthers) return fault(at, 'purpose_wrong', 'An authority of the chain is one for another purpose.')
  if (nameConstraints === undefined) return undefined
  const outside = path.slice(0, at).findIndex(
    (certificate, place) =>
      // §6.1.3 (b): what an authority issued to itself is exempt, unless it is the last of the path.
      (place === 0 || !isSelfIssued(certificate)) &&
      !obeysNameConstraints(
        { subject: certificate.subject, subjectAltNames: certificate.extensions.subjectAltNames },
        nameConstraints,
      ),
  )
  if (outside < 0) return undefined
  return fault(
    outside,
    'name_not_permitted',
    'A certificate has a name that an authority above may not vouch for.',
  )
}
