/**
 * The first stage: the text as received, taken apart and read as far as that goes without a key.
 * SD-JWT VC §2.2, RFC 9901 §7.1 steps 1 and 2, §7.3 steps 1 to 4.
 */
import type { PublicJwk } from '../jose/jwk.ts'
import type { Jws } from '../jose/jws.ts'
import { findMember } from '../json.ts'
import { splitSdJwt } from '../sd-jwt/compact.ts'
import { type KeyBindingPolicy, readKeyBindingJwt } from '../sd-jwt/key-binding-jwt.ts'
import { checkMechanism } from './check-answer.ts'
import { readHolderKey } from './claims.ts'
import { attempt, fail, pass } from './finding.ts'
import { readKeyReference } from './issuer-key/key-reference.ts'
import { didsOnly, isTakenAtAll, isWorthAsking, type KeyReference } from './issuer-key/mechanism.ts'
import { readIssuerSignedJwt } from './issuer-signed-jwt.ts'
import type { Expectations } from './question.ts'
import type { Check } from './report.ts'

/** An SD-JWT VC in its parts; nothing of it is verified yet. */
export interface Presentation {
  readonly issuerSigned: Jws
  readonly disclosures: readonly string[]
  /** The key that it says it is signed with. */
  readonly issuerKey: KeyReference
  /** Absent when no key binding is asked for. */
  readonly keyBinding?: PresentedKeyBinding
}

export interface PresentedKeyBinding {
  readonly policy: Extract<KeyBindingPolicy, { readonly binding: 'required' }>
  readonly jws: Jws
  /** The key in the credential. */
  readonly key: PublicJwk
  /** What the key binding JWT must cover: the text as received, up to its last tilde. */
  readonly sdJwt: string
}

/** A presentation, unless one of the checks failed. */
export interface PresentationRead {
  readonly checks: readonly Check[]
  readonly presentation?: Presentation
}

export function readPresentation(compact: string, expected: Expectations): PresentationRead {
  const format = readFormat(compact, expected)
  if ('code' in format) return { checks: [format] }
  const checks = [pass('format', 'The text is an SD-JWT VC.')]
  const issuer = readIssuer(format.issuerSigned, expected)
  const binding = readBinding(compact, format, expected)
  if ('code' in issuer || 'code' in binding) {
    return { checks: [...checks, issuer, binding].filter((finding) => 'code' in finding) }
  }
  return { checks, presentation: { ...format, ...issuer, ...binding } }
}

type Format = Pick<Presentation, 'issuerSigned' | 'disclosures'> & { readonly keyBindingJwt?: string }

function readFormat(
  compact: string,
  { algs, keyBinding, issuerKeys = didsOnly }: Expectations,
): Format | Check {
  const x5c = isTakenAtAll(issuerKeys, 'x5c') ? 'allowed' : 'forbidden'
  const read = attempt(() => {
    const { jwt, ...rest } = splitSdJwt(compact)
    return { issuerSigned: readIssuerSignedJwt(jwt, algs, x5c), ...rest }
  })
  if (!read.ok) {
    const expected = `compact SD-JWT with typ dc+sd-jwt, signed with ${algs.join(' or ')}`
    return fail('format', { reason: read.reason, text: read.text, expected })
  }
  // RFC 9901 §7.2: what an issuer hands out is an SD-JWT and not an SD-JWT+KB.
  if (keyBinding.binding === 'forbidden' && read.value.keyBindingJwt !== undefined) {
    return fail('format', {
      reason: 'key_binding_unexpected',
      text: 'The credential carries a key binding JWT where none may be. Send it without.',
    })
  }
  return read.value
}

function readIssuer(
  jws: Jws,
  { issuerKeys = didsOnly }: Expectations,
): Pick<Presentation, 'issuerKey'> | Check {
  const issuer = findMember(jws.payload, 'iss')
  const { kid, x5c } = jws.header
  if (typeof issuer !== 'string' && (x5c === undefined || issuer !== undefined)) {
    const text =
      'The credential does not name its issuer. The issuer must put its DID or its address into "iss".'
    return fail('issuer_key', { reason: 'issuer_missing', text, expected: 'iss with a DID or an https URL' })
  }
  if (kid === undefined && issuer?.startsWith('did:') && x5c === undefined) {
    const text = 'The credential does not name the key it is signed with. The issuer must put it into "kid".'
    return fail('issuer_key', { reason: 'key_id_missing', text, expected: 'kid with a DID URL of iss' })
  }
  const read = attempt(() => readKeyReference(jws, issuer, issuerKeys))
  if (!read.ok) {
    return fail('issuer_key', {
      reason: read.reason,
      text: read.text,
      expected: 'iss with a DID and kid with a key of it, or iss with an https URL',
    })
  }
  const issuerKey = read.value
  return isWorthAsking(issuerKeys, issuerKey) ? { issuerKey } : checkMechanism(issuerKey.by)
}

function readBinding(
  compact: string,
  { issuerSigned, keyBindingJwt }: Format,
  { algs, keyBinding: policy }: Expectations,
): Pick<Presentation, 'keyBinding'> | Check {
  if (policy.binding === 'forbidden') return {}
  // §9.5: whether binding is needed is never decided by what was sent.
  if (keyBindingJwt === undefined) {
    const text =
      'The presentation does not prove that its sender holds the credential: it has no key binding JWT.'
    return fail('holder_signature', { reason: 'key_binding_missing', text, expected: 'SD-JWT+KB' })
  }
  const read = attempt(() => ({
    jws: readKeyBindingJwt(keyBindingJwt, algs),
    key: readHolderKey(issuerSigned.payload),
  }))
  if (!read.ok) {
    const expected = `key binding JWT with typ kb+jwt, signed with ${algs.join(' or ')} by the key in cnf.jwk`
    return fail('holder_signature', { reason: read.reason, text: read.text, expected })
  }
  const { jws, key } = read.value
  if (key === undefined) {
    const text = 'The credential is not bound to a key of its holder, so nobody can prove to hold it.'
    return fail('holder_signature', { reason: 'holder_key_missing', text, expected: 'cnf with a jwk' })
  }
  return { keyBinding: { policy, jws, key, sdJwt: compact.slice(0, -keyBindingJwt.length) } }
}
