/** Keys with certificates of an authority that lives as long as a test. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey, type PrivateJwk } from '@facet-id/crypto/node'
import { type Authority, createAuthority, issueCertificate } from '@facet-id/facet/ca'
import { onTestFinished } from 'vitest'

export interface CertifiedKey {
  /** DER, without the anchor. */
  readonly chain: readonly Uint8Array[]
  readonly privateJwk: PrivateJwk
  /** DER of the authority. */
  readonly anchor: Uint8Array
}

/** A new key of an issuer on loopback, and its certificate. */
export async function certifiedIssuer(): Promise<CertifiedKey> {
  const directory = await mkdtemp(join(tmpdir(), 'facet-interop-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const now = () => Math.floor(Date.now() / 1000)
  // Its key lies beside it.
  const authority: Authority = { directory: join(directory, 'authority'), environment: {}, now }
  const root = await createAuthority(authority, { name: 'Utopia', days: 100 })
  const { publicJwk, privateJwk } = generateKey('ES256')
  const certificate = await issueCertificate(authority, {
    purpose: 'issuer',
    name: 'Registry',
    dns: ['localhost'],
    days: 10,
    key: publicJwk,
  })
  return { chain: [certificate.der], privateJwk, anchor: root.der }
}

export function base64Of(der: Uint8Array): string {
  return Buffer.from(der).toString('base64')
}
