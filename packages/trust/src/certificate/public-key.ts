/** Keys and signatures inside certificates (RFC 5480, RFC 5758 §3.2, RFC 8410), as JOSE has them. */
import { writeBase64url } from '@facet-id/credential/base64url'
import {
  type AlgorithmRule,
  algorithmRules,
  type JwsAlgorithm,
  jwsAlgorithms,
  type PublicJwk,
} from '@facet-id/credential/jose'
import { type DerValue, readDer } from '../der/der.ts'
import { readBitOctets, readObjectIdentifier, readSequence, readUnsigned } from '../der/values.ts'
import { TrustError } from '../error.ts'

const ecPublicKey = '1.2.840.10045.2.1'
const ed25519 = '1.3.101.112'

const curves: Readonly<Record<string, 'P-256' | 'P-384' | 'P-521'>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
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
export function readSubjectPublicKey(value: DerValue | undefined): PublicJwk {
  const [algorithm, key, ...more] = readSequence(value)
  const [type, curve, ...rest] = readSequence(algorithm)
  const bytes = readBitOctets(key)
  const name = readObjectIdentifier(type)
  if (more.length > 0 || rest.length > 0) throw unsupported('its key says more than is known')
  if (name === ed25519 && curve === undefined) {
    if (bytes.length !== algorithmRules.EdDSA.coordinateBytes) throw unsupported('its key has the wrong size')
    return { kty: 'OKP', crv: 'Ed25519', x: writeBase64url(bytes) }
  }
  const crv = name === ecPublicKey && curve !== undefined ? curves[readObjectIdentifier(curve)] : undefined
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
export function readSignatureAlgorithm(value: DerValue | undefined): JwsAlgorithm {
  const [name, ...parameters] = readSequence(value)
  const oid = readObjectIdentifier(name)
  const alg = Object.hasOwn(signatureAlgorithms, oid) ? signatureAlgorithms[oid] : undefined
  if (alg === undefined || parameters.length > 0) {
    throw unsupported('it is not signed with ECDSA and the hash of its curve, or Ed25519')
  }
  return alg
}

/**
 * A signature as `SignatureCheck` has it: of ECDSA the two numbers, each of the width of the curve.
 *
 * @throws {TrustError} `der_malformed`
 */
export function readSignature(value: DerValue | undefined, alg: JwsAlgorithm): Uint8Array {
  const bytes = readBitOctets(value)
  const { signatureBytes } = algorithmRules[alg]
  if (alg === 'EdDSA') {
    if (bytes.length === signatureBytes) return bytes
    throw unsupported('its signature has the wrong size')
  }
  const [r, s, ...more] = readSequence(readDer(bytes))
  const numbers = [readUnsigned(r), readUnsigned(s)]
  const width = signatureBytes / 2
  if (more.length > 0 || numbers.some(({ length }) => length > width)) {
    throw unsupported('its signature has the wrong size')
  }
  const signature = new Uint8Array(signatureBytes)
  numbers.forEach((number, at) => {
    signature.set(number, (at + 1) * width - number.length)
  })
  return signature
}

function ruleOf(crv: string): AlgorithmRule {
  return algorithmRules[jwsAlgorithms.find((alg) => algorithmRules[alg].crv === crv) ?? 'ES256']
}

function unsupported(why: string): TrustError {
  return new TrustError('certificate_unsupported', `The certificate is of a kind that is not taken: ${why}`)
}
