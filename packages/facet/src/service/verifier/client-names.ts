/**
 * As whom a verifier asks: its DID, unless it is told otherwise. What would make wallets refuse is refused at the start.
 * OpenID4VP 1.0 §5.9.3.
 */
import { isIP } from 'node:net'
import { jwkThumbprint, type Signer, sameKey } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { hash, signerOf } from '@facet-id/crypto/node'
import { isInForce, readVerifierAttestation, writeClientId } from '@facet-id/protocol/openid4vp/client'
import { x509Hash } from '@facet-id/trust/x509'
import type { Identity } from '@facet-id/veramo'
import type { ClientIdentity } from '@facet-id/verifier'
import { checkSigningCertificate, type SigningCertificate } from '../../config/signing-certificate.ts'
import { FacetError } from '../../error.ts'

/**
 * `certificate`: by its hash (`x509_hash`), and its key signs. `host`: by the host of the address, which the certificate
 * names (`x509_san_dns`). `attestation`: by who vouches for the key of its DID. `address`: by where it is answered, and
 * nothing is signed. `federation`: by its address as an entity. `registration`: by a name that wallets were told.
 */
export type ClientName =
  | { readonly knownBy: 'did' | 'address' | 'federation' }
  | { readonly knownBy: 'certificate' | 'host'; readonly certificate: SigningCertificate }
  | { readonly knownBy: 'attestation'; readonly attestation: string }
  | { readonly knownBy: 'registration'; readonly clientId: string }

export interface Naming {
  readonly identity: Identity
  /** Of the service. */
  readonly url: string
  /** Seconds since the epoch. */
  readonly now: number
}

/** @throws {FacetError} `certificate_unusable`, `attestation_unusable` */
export async function identityOf(name: ClientName, naming: Naming): Promise<ClientIdentity> {
  const { identity, url } = naming
  switch (name.knownBy) {
    case 'did':
      return { client_id: writeClientId(identity.did), signer: { ...identity.signer, kid: identity.kid } }
    case 'certificate':
    case 'host':
      return certified(name, naming)
    case 'attestation':
      return attested(name.attestation, naming)
    case 'address':
      return { client_id: `redirect_uri:${url}/responses` }
    case 'federation':
      return { client_id: `openid_federation:${url}`, signer: entitySigner(identity) }
    case 'registration':
      return { client_id: name.clientId, signer: entitySigner(identity) }
  }
}

/** What a federation tells wallets of it: with which key it signs, and where it is answered. */
export function entityMetadata({ publicJwk }: Identity, url: string): JsonObject {
  const key = { ...publicJwk, kid: jwkThumbprint(publicJwk, hash), use: 'sig' }
  return { redirect_uris: [`${url}/responses`], jwks: { keys: [key] } }
}

/** By the name that its key has where others look it up: not by a DID, which nobody reads there. */
function entitySigner({ signer, publicJwk }: Identity): Signer {
  return { ...signer, kid: jwkThumbprint(publicJwk, hash) }
}

async function certified(
  { knownBy, certificate }: Extract<ClientName, { readonly certificate: SigningCertificate }>,
  { url, now }: Naming,
): Promise<ClientIdentity> {
  const { chain } = await checkSigningCertificate(certificate, now, 'verifier')
  const [own] = chain
  const host = new URL(url).hostname
  if (knownBy === 'host' && isIP(host.replace(/^\[|\]$/g, '')) !== 0) {
    throw new FacetError(
      'certificate_unusable',
      'Nothing can be asked by the host of an address that is an IP address: it must be a DNS name (host_missing)',
    )
  }
  const names = own.extensions.subjectAltNames.flatMap((one) => (one.kind === 'dns' ? one.name : []))
  if (knownBy === 'host' && !names.includes(host)) {
    throw new FacetError(
      'certificate_unusable',
      'Nothing can be asked with this certificate: it does not name the host of the address (host_missing)',
    )
  }
  return {
    client_id: knownBy === 'host' ? `x509_san_dns:${host}` : `x509_hash:${x509Hash(own.der, hash)}`,
    signer: signerOf(certificate.privateJwk),
    certificates: chain.map(({ der }) => der),
  }
}

/** The key that is attested must be the one that signs, and wallets look at the time. */
function attested(token: string, { identity, now }: Naming): ClientIdentity {
  const { attestation } = readAttestation(token)
  if (!isInForce(attestation, now, 0)) throw unusable('it is not in force')
  if (!sameKey(attestation.cnf.jwk, identity.publicJwk))
    throw unusable('it is for another key than that of the DID of this verifier')
  const { kid: _, ...signer } = identity.signer
  return { client_id: `verifier_attestation:${attestation.sub}`, signer, attestation: token }
}

function readAttestation(token: string): ReturnType<typeof readVerifierAttestation> {
  try {
    return readVerifierAttestation(token)
  } catch (cause) {
    throw unusable('it cannot be read', cause)
  }
}

function unusable(why: string, cause?: unknown): FacetError {
  return new FacetError('attestation_unusable', `Nothing can be asked with this attestation: ${why}`, {
    cause,
  })
}
