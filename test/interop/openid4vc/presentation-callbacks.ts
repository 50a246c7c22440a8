/** What `@openid4vc/openid4vp` asks of a wallet and of a verifier, on `node:crypto`. */
import { createPublicKey, type JsonWebKey, verify, X509Certificate } from 'node:crypto'
import type { CallbackContext, Jwk, JwtSigner } from '@openid4vc/oauth2'
import { nodeKeys } from '../credo/keys.ts'
import { type PeerKey, peerCallbacks } from './callbacks.ts'

export interface PeerWorld {
  /** With which it signs, whoever it is known as. Absent: nothing is signed. */
  readonly key?: PeerKey
  /** The key of a client that is known neither by a DID nor by a certificate. */
  readonly knownKey?: object
  /** Absent: that of this process. */
  readonly fetch?: typeof fetch
}

const keys = nodeKeys()
const none = undefined as never

export function presentationCallbacks({
  key: own,
  knownKey,
  fetch: get = fetch,
}: PeerWorld = {}): CallbackContext {
  const publicJwkOf = (signer: JwtSigner): Jwk => {
    switch (signer.method) {
      case 'did':
        return didJwk(signer.didUrl)
      case 'x5c':
        return new X509Certificate(Buffer.from(signer.x5c[0] ?? '', 'base64')).publicKey.export({
          format: 'jwk',
        }) as Jwk
      default:
        if (knownKey === undefined) throw new Error(`no key of a signer by ${signer.method}`)
        return knownKey as Jwk
    }
  }
  return {
    ...peerCallbacks([]),
    fetch: get,
    signJwt(_signer, { header, payload }) {
      if (own === undefined) throw new Error('no key to sign with')
      const input = `${text(header)}.${text(payload)}`
      return { jwt: `${input}.${own.sign(input)}`, signerJwk: own.signer.publicJwk }
    },
    verifyJwt(signer, { compact }) {
      const signerJwk = publicJwkOf(signer)
      const [header, payload, signature = ''] = compact.split('.')
      const key = createPublicKey({ format: 'jwk', key: signerJwk as JsonWebKey })
      const verified = verify(
        'sha256',
        Buffer.from(`${header}.${payload}`),
        { key, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      )
      return verified ? { verified, signerJwk } : { verified }
    },
    getX509CertificateMetadata(certificate) {
      const { subjectAltName = '' } = new X509Certificate(Buffer.from(certificate, 'base64'))
      const names = subjectAltName.split(', ')
      const named = (kind: string) => names.flatMap((name) => name.split(kind).slice(1))
      return { sanDnsNames: named('DNS:'), sanUriNames: named('URI:') }
    },
    async encryptJwe({ publicJwk, alg, enc, apu, apv }, data) {
      const epk = await keys.createKey(none, { type: { kty: 'EC', crv: 'P-256' } })
      const { kid: _, ...ephemeral } = epk.publicJwk
      const header = text({ alg, enc, apu, apv, epk: ephemeral, kid: publicJwk.kid })
      const { encrypted, iv, tag } = await keys.encrypt(none, {
        key: {
          keyAgreement: {
            algorithm: 'ECDH-ES',
            keyId: epk.keyId,
            externalPublicJwk: publicJwk as never,
            ...(apu === undefined ? {} : { apu: bytes(apu) }),
            ...(apv === undefined ? {} : { apv: bytes(apv) }),
          },
        },
        data: new Uint8Array(Buffer.from(data)),
        encryption: { algorithm: enc as 'A128GCM', aad: new Uint8Array(Buffer.from(header)) },
      })
      const parts = [iv, encrypted, tag].map((part) => Buffer.from(part ?? []).toString('base64url'))
      return { encryptionJwk: publicJwk, jwe: [header, '', ...parts].join('.') }
    },
    async decryptJwe(jwe) {
      const [encoded = '', , iv = '', encrypted = '', tag = ''] = jwe.split('.')
      const { enc, epk, kid } = JSON.parse(Buffer.from(encoded, 'base64url').toString())
      const { data } = await keys.decrypt(none, {
        key: { keyAgreement: { algorithm: 'ECDH-ES', keyId: kid, externalPublicJwk: epk } },
        encrypted: bytes(encrypted),
        decryption: {
          algorithm: enc,
          aad: new Uint8Array(Buffer.from(encoded)),
          iv: bytes(iv),
          tag: bytes(tag),
        },
      })
      return { decrypted: true, decryptionJwk: epk, payload: Buffer.from(data).toString() }
    },
  }
}

/** A new key that others can encrypt to, and `decryptJwe` decrypts with. */
export async function newEncryptionJwk(): Promise<Jwk> {
  const { publicJwk } = await keys.createKey(none, { type: { kty: 'EC', crv: 'P-256' } })
  return { ...publicJwk, use: 'enc', alg: 'ECDH-ES' } as Jwk
}

function didJwk(didUrl: string): Jwk {
  const [did = ''] = didUrl.split('#')
  return JSON.parse(Buffer.from(did.slice('did:jwk:'.length), 'base64url').toString())
}

function text(header: object): string {
  return Buffer.from(JSON.stringify(header)).toString('base64url')
}

function bytes(encoded: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(encoded, 'base64url'))
}
