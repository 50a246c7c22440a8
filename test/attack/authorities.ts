/** Chains with an authority in between, which the development authority of the product does not make. */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { generateKey, type PrivateJwk } from '@facet-id/crypto/node'
import { purposes, readCertificate, type TrustAnchor } from '@facet-id/trust/x509'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

const DAY = 86_400

export interface Party {
  readonly name: string
  readonly der: Uint8Array
  readonly privateJwk: PrivateJwk
}

export interface Wishes {
  readonly kind: 'authority' | 'issuer' | 'verifier'
  /** DNS names of a verifier. */
  readonly dns?: readonly string[]
  readonly days: number
  /** Absent: it signs itself. */
  readonly by?: Party
}

export async function makeParty(name: string, { kind, days, by, dns = [] }: Wishes): Promise<Party> {
  const { privateJwk } = generateKey('ES256')
  const now = Date.now()
  const made = await X509CertificateGenerator.create({
    serialNumber: '4a01',
    subject: name,
    issuer: by?.name ?? name,
    notBefore: new Date(now - DAY * 1000),
    notAfter: new Date(now + days * DAY * 1000),
    publicKey: await imported(privateJwk, 'verify'),
    signingKey: await imported(by?.privateJwk ?? privateJwk, 'sign'),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions:
      kind === 'authority'
        ? [
            new BasicConstraintsExtension(true, undefined, true),
            new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
          ]
        : [
            new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
            new ExtendedKeyUsageExtension([...purposes[kind]]),
            ...(dns.length === 0
              ? []
              : [new SubjectAlternativeNameExtension(dns.map((value) => ({ type: 'dns', value })))]),
          ],
  })
  return { name, der: new Uint8Array(made.rawData), privateJwk }
}

export function anchorOf({ der }: Party): TrustAnchor {
  return { id: 'registry', certificate: readCertificate(der) }
}

function imported(jwk: PrivateJwk, use: 'sign' | 'verify'): Promise<webcrypto.CryptoKey> {
  const { d, ...publicMembers } = jwk
  const members = use === 'sign' ? { ...publicMembers, d } : publicMembers
  const how = { name: 'ECDSA', namedCurve: 'P-256' }
  return webcrypto.subtle.importKey('jwk', { ...members, key_ops: [use] }, how, true, [use])
}
