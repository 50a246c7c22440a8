/** Keys as tokens tell of them: a named curve, and a point in an OCTET STRING (PKCS #11 2.40 §2.3.3). */
import { algorithmRules, type JwsAlgorithm, type PublicJwk } from '@facet-id/credential/jose'
import { KeyError } from '../keys/error.ts'

/** DER of CKA_EC_PARAMS: object identifiers, and for Ed25519 the printable name that PKCS #11 3.0 has. */
export const ecParams: Readonly<Record<JwsAlgorithm, string>> = {
  ES256: '06082a8648ce3d030107',
  ES384: '06052b81040022',
  ES512: '06052b81040023',
  EdDSA: '130c656477617264733235353139',
}

/** The object identifier of Ed25519 (RFC 8410), which some tokens give instead of the name. */
const ED25519_OID = '06032b6570'

/** @throws {KeyError} `key_unsupported` */
export function readTokenKey(
  params: Uint8Array,
  point: Uint8Array,
): { alg: JwsAlgorithm; publicJwk: PublicJwk } {
  const hex = Buffer.from(params).toString('hex')
  const alg = (['ES256', 'ES384', 'ES512', 'EdDSA'] as const).find(
    (name) => ecParams[name] === hex || (name === 'EdDSA' && hex === ED25519_OID),
  )
  if (alg === undefined) throw unsupported('a key on a curve that is not taken')
  const { coordinateBytes, crv } = algorithmRules[alg]
  const bytes = contentOf(point)
  const text = (from: number, to: number): string =>
    Buffer.from(bytes.subarray(from, to)).toString('base64url')
  if (crv === 'Ed25519') {
    if (bytes.length !== coordinateBytes) throw unsupported('a point of another length')
    return { alg, publicJwk: { kty: 'OKP', crv, x: text(0, coordinateBytes) } }
  }
  if (bytes.length !== 1 + 2 * coordinateBytes || bytes[0] !== 4) throw unsupported('a point of another form')
  const end = 1 + coordinateBytes
  return { alg, publicJwk: { kty: 'EC', crv, x: text(1, end), y: text(end, end + coordinateBytes) } }
}

/** Some tokens leave the OCTET STRING around the point out. */
function contentOf(der: Uint8Array): Uint8Array {
  if (der[0] !== 0x04) return der
  if (der[1] === der.length - 2) return der.subarray(2)
  if (der[1] === 0x81 && der[2] === der.length - 3) return der.subarray(3)
  return der
}

function unsupported(what: string): KeyError {
  return new KeyError('key_unsupported', `The token holds ${what}`)
}
