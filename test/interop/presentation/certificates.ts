/** An authority that both sides trust, what it certified, and how our holder looks at it. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PublicJwk, writeX5c } from '@facet-id/credential/jose'
import { checkSignatures, generateKey, hash, type PrivateJwk } from '@facet-id/crypto/node'
import type { WalletOptions } from '@facet-id/facet'
import { type CertificatePurpose, createAuthority, issueCertificate } from '@facet-id/facet/ca'
import type { ClientPorts } from '@facet-id/holder/verifiers'
import { beginPath, type Certificate, checksOfPath, judgePath, purposes } from '@facet-id/trust/x509'
import { type Closing, now } from './world.ts'

export interface Certified {
  readonly certificate: Certificate
  /** What stands behind `x509_hash:`. */
  readonly hash: string
  readonly privateJwk: PrivateJwk
}

export interface TestAuthority {
  /** The root as peers are configured with it: base64 of DER. */
  readonly trusted: string
  certify(dns: string, purpose?: CertificatePurpose): Promise<Certified>
  certifyKey(dns: string, key: PublicJwk): Promise<Omit<Certified, 'privateJwk'>>
  /** As our wallet and our verifier are configured with it. */
  readonly certificates: NonNullable<WalletOptions['certificates']>
  readonly certificateOf: NonNullable<ClientPorts['certificateOf']>
}

export async function testAuthority(closing: Closing): Promise<TestAuthority> {
  const within = await mkdtemp(join(tmpdir(), 'facet-interop-'))
  closing(() => rm(within, { recursive: true, force: true }))
  const authority = { directory: join(within, randomUUID()), environment: {}, now }
  const root = await createAuthority(authority, { name: 'Utopia', days: 2 })
  const anchors = [{ id: 'utopia', certificate: root }]
  const certifyKey = async (dns: string, key: PublicJwk, purpose: CertificatePurpose = 'verifier') => {
    const wishes = { purpose, name: 'Platform', dns: [dns], days: 1, key }
    const certificate = await issueCertificate(authority, wishes)
    return { certificate, hash: hash('sha-256', certificate.der) }
  }
  return {
    trusted: writeX5c([root.der]).join(),
    async certify(dns, purpose) {
      const { publicJwk, privateJwk } = generateKey('ES256')
      return { ...(await certifyKey(dns, publicJwk, purpose)), privateJwk }
    },
    certifyKey,
    certificates: { anchorsAt: () => anchors, revocationLists: () => [] },
    async certificateOf({ x5c }) {
      const path = beginPath(x5c, { anchors, now: now(), purposes: purposes.verifier })
      const outcome = judgePath(path, await checkSignatures(checksOfPath(path)), hash)
      return outcome.outcome === 'proven'
        ? { key: outcome.key, certificate: outcome.identity }
        : { refused: 'The chain proves nobody' }
    },
  }
}
