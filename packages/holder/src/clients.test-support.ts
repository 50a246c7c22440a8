/** Verifiers of every kind, for tests of the wallet: how each names itself and signs, and what the world knows of it. */
import { writeX5c } from '@facet-id/credential/jose'
import type { WalletMetadata } from '@facet-id/protocol/openid4vp'
import { jweOpenerOf, keyPair, sealJwe } from '@facet-id/testkit'
import type { CertificateIdentity } from '@facet-id/trust'
import { type Identity, identity, sign } from './identity.test-support.ts'
import { NOW } from './issuer.test-support.ts'
import type { Encryption } from './ports.ts'
import type { ClientPorts } from './presentation/client-ports.ts'
import { type RequestChanges, VERIFIER, verifierIdentity } from './verifier.test-support.ts'

export const HOST = 'platform.example'
export const RESPONSES = `${VERIFIER}/responses/0`
export const SHA256 = 'Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk'
export const x5c = [Uint8Array.of(0x30, 0)]
export const certificate: CertificateIdentity = {
  anchor: 'registry',
  subject: 'O=Platform',
  sanDns: [HOST],
  sanUris: [],
  sha256: SHA256,
}
export const attester = identity()
export const ATTESTER = 'https://attester.example'
export const MEMBER = VERIFIER
const publicJwk = verifierIdentity.keys.publicJwk

/** A world in which the verifier of the tests is known in every way. */
export const everybody: ClientPorts = {
  certificateOf: () => ({ key: publicJwk, certificate }),
  attesterKeyOf: ({ attester: name }) =>
    name === ATTESTER ? { key: attester.keys.publicJwk } : { refused: 'It attests nobody here.' },
  memberOf: ({ entityId }) =>
    entityId === MEMBER
      ? {
          member: { entityId, anchor: 'https://anchor.example', trustMarks: [] },
          metadata: {
            openid_credential_verifier: {
              jwks: {
                keys: [
                  { kty: 'RSA', kid: 'r' },
                  { ...publicJwk, kid: '1' },
                ],
              },
              redirect_uris: [RESPONSES],
              vp_formats_supported: { 'dc+sd-jwt': {} },
            },
          },
        }
      : { refused: 'It is no member.' },
  registered: ({ clientId }) =>
    clientId === 'platform' ? { addresses: [RESPONSES], keys: [{ ...publicJwk, kid: '1' }] } : undefined,
}

/** An attestation of the verifier, with what a test changes in it. */
export function attestation(changes: object = {}, by: Identity = attester, header: object = {}): string {
  const claims = { iss: ATTESTER, sub: HOST, exp: NOW + 60, cnf: { jwk: publicJwk }, ...changes }
  return sign({ alg: 'ES256', typ: 'verifier-attestation+jwt', ...header }, claims, by)
}

/** A request under that name, signed with the key of the verifier, named as its prefix asks. */
export function under(client_id: string, header: object, more: RequestChanges = {}): RequestChanges {
  return {
    ...more,
    link: { client_id, ...more.link },
    header: { kid: undefined, ...header, ...more.header },
    payload: { client_id, ...more.payload },
  }
}

export const byCertificate = { x5c: writeX5c(x5c) }

/** The usual request of each kind of client that signs. */
export const kinds: Readonly<Record<string, (more?: RequestChanges) => RequestChanges>> = {
  x509_hash: (more) => under(`x509_hash:${SHA256}`, byCertificate, more),
  x509_san_dns: (more) => under(`x509_san_dns:${HOST}`, byCertificate, more),
  verifier_attestation: (more) => under(`verifier_attestation:${HOST}`, { jwt: attestation() }, more),
  openid_federation: (more) =>
    under(`openid_federation:${MEMBER}`, { kid: '1' }, { ...more, payload: { ...more?.payload } }),
  registered: (more) =>
    under('platform', { kid: '1' }, { ...more, payload: { client_metadata: undefined, ...more?.payload } }),
}

/** Encryption as the wallet does it. */
export const encryption: Encryption = {
  seal: sealJwe,
  generateKey: () => {
    const keys = keyPair()
    return { publicJwk: { ...encryptionJwk(keys.publicJwk) }, open: jweOpenerOf(keys.privateJwk) }
  },
}

export function encryptionJwk({ x, y }: { readonly x: string; readonly y: string }, kid = 'enc-1') {
  return { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ECDH-ES', use: 'enc' } as const
}

/** The first key of a wallet that wants its request encrypted. */
export function keyOf(metadata: WalletMetadata | undefined) {
  const [key] = metadata?.jwks?.keys ?? []
  if (key === undefined) throw new Error('the wallet sent no key')
  return key
}
