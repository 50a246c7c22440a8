/** Keys and signatures inside certificates (RFC 5480, RFC 5758 §3.2, RFC 8410), as JOSE has them. */
import { writeBase64url } from '@facet-id/credential/base64url'
import {
  type AlgorithmRule,
  algorithmRules,
  type JwsAlgorithm,
  jwsAlgorithms,
  type PublicJwk,
} from '@facet-id/credential/jose'
import { ECDSASigValue } from '@peculiar/asn1-ecc'
import type { AlgorithmIdentifier, SubjectPublicKeyInfo } from '@peculiar/asn1-x509'
import { TrustError } from '../error.ts'
import { readAsn1, readUnsigned } from './asn1.ts'

const ecPublicKey = '1.2.840.10045.2.1'
const ed25519 = '1.3.101.112'

/** The parameters of an elliptic key, as DER in hexadecimal: the object identifier of a named curve (RFC 5480 §2.1.1). */
const curves: Readonly<Record<string, 'P-256' | 'P-384' | 'P-521'>> = {
  /** 1.2.840.10045.3.1.7 */
  '06082a8648ce3d030107': 'P-256',
  /** 1.3.132.0.34 */
  '06052b81040022': 'P-384',
  /** 1.3.132.0.35 */
  '06052b81040023': 'P-521',
}

/** One hash for each curve: a signature of another pairing is refused where it is read. */
const signatureAlgorithms: Readonly<Record<string, JwsAlgorithm>> = {
  '1.2.840.10045.4.3.2': 'ES256',
  '1.2.840.10045.4.3.3': 'ES384',
  '1.2.840.10045.4.3.4': 'ES512',
  [ed25519]: 'EdDSA',
}

const UNCOMPRESSED = 0x04

/**
 * The public key of a certificate. A point is taken uncompressed only: whether it lies on its curve is
 * for the crypto adapter to say.
 *
 * @throws {TrustError} `der_malformed`; `certificate_unsupported` for RSA, other curves and compressed points
 */
export function readSubjectPublicKey({ algorithm, subjectPublicKey }: SubjectPublicKeyInfo): PublicJwk {
  const { algorithm: name, parameters } = algorithm
  const bytes = new Uint8Array(subjectPublicKey)
  if (name === ed25519 && parameters === undefined) {
    if (bytes.length !== algorithmRules.EdDSA.coordinateBytes) throw unsupported('its key has the wrong size')
    return { kty: 'OKP', crv: 'Ed25519', x: writeBase64url(bytes) }
  }
  const curve = name === ecPublicKey && parameters instanceof ArrayBuffer ? writeHex(parameters) : ''
  const crv = Object.hasOwn(curves, curve) ? curves[curve] : undefined
  if (crv === undefined) throw unsupported('its key is neither on P-256, P-384, P-521 nor Ed25519')
  const { coordinateBytes } = ruleOf(crv)
  if (bytes[0] !== UNCOMPRESSED || bytes.length !== 1 + 2 * coordinateBytes) {
    throw unsupported('its key is no uncompressed point of its curve')
  }
  const x = writeBase64url(bytes.subarray(1, 1 + coordinateBytes))
  return { kty: 'EC', crv, x, y: writeBase64url(bytes.subarray(1 + coordinateBytes)) }
}

/**
 * The algorithm of a signature; it has no parameters (RFC 5758 §3.2, RFC 8410 §3).
 *
 * @throws {TrustError} `der_malformed`; `certificate_unsupported` for RSA, SHA-1 and whatever else is not taken
 */
export function readSignatureAlgorithm({ algorithm, parameters }: AlgorithmIdentifier): JwsAlgorithm {
  const alg = Object.hasOwn(signatureAlgorithms, algorithm) ? signatureAlgorithms[algorithm] : undefined
  if (alg === undefined || parameters !== undefined) {
    throw unsupported('it is not signed with ECDSA and the hash of its curve, or Ed25519')
  }
  return alg
}

/** Whether the algorithm that was signed is the one that stands outside (RFC 5280 §4.1.1.2); that one has no parameters. */
export function isSameAlgorithm(signed: AlgorithmIdentifier, outside: AlgorithmIdentifier): boolean {
  return signed.algorithm === outside.algorithm && signed.parameters === undefined
}

/**
 * A signature as `SignatureCheck` has it: of ECDSA the two numbers, each of the width of the curve.
 *
 * @throws {TrustError} `der_malformed`
 */
export function readSignature(value: ArrayBuffer, alg: JwsAlgorithm): Uint8Array {
  const bytes = new Uint8Array(value)
  const { signatureBytes } = algorithmRules[alg]
  if (alg === 'EdDSA') {
    if (bytes.length === signatureBytes) return bytes
    throw unsupported('its signature has the wrong size')
  }
  const { r, s } = readAsn1(bytes, ECDSASigValue)
  const numbers = [readUnsigned(r), readUnsigned(s)]
  const width = signatureBytes / 2
  if (numbers.some(({ length }) => length > width)) {
    throw unsupported('its signature has the wrong size')
  }
  const signature = new Uint8Array(signatureBytes)
  numbers.forEach((number, at) => {
    signature.set(number, (at + 1) * width - number.length)
  })
  return signature
}

/** Lower case, two digits a byte. */
export function writeHex(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function ruleOf(crv: string): AlgorithmRule {
  return algorithmRules[jwsAlgorithms.find((alg) => algorithmRules[alg].crv === crv) ?? 'ES256']
}

function unsupported(why: string): TrustError {
  return new TrustError('certificate_unsupported', `The certificate is of a kind that is not taken: ${why}`)
}
