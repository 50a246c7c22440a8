/** Whose keys sign what an issuance node issues, and how each of them is known. */
import { readBase64url } from '@facet-id/credential/base64url'
import { jwkThumbprint, type PublicJwk, type Signer } from '@facet-id/credential/jose'
import { readJsonObject } from '@facet-id/credential/json'
import { hash, signerOf } from '@facet-id/crypto/node'
import type { IssuerPorts, KnownBy, SecondOpinion } from '@facet-id/issuer'
import { x509Hash } from '@facet-id/trust/x509'
import type { Identity } from '@facet-id/veramo'
import { checkSigningCertificate, type SigningCertificate } from '../config/signing-certificate.ts'
import { FacetError } from '../error.ts'
import type { IssuerKnownBy, IssuingOptions } from './options.ts'

/** A certificate that was checked. */
export interface Certified {
  readonly knownBy: Extract<KnownBy, { readonly by: 'x5c' }>
  readonly publicJwk: PublicJwk
  readonly signer: Signer
  /** `x509_hash:` and its SHA-256. */
  readonly name: string
}

/**
 * The certificate of the node, if it has one.
 *
 * @param now seconds since the epoch
 * @throws {FacetError} `certificate_unusable`; `usage` for a configuration that needs one which is not there
 */
export async function certifiedFor(options: IssuingOptions, now: number): Promise<Certified | undefined> {
  const { knownBy, certificate = typeof knownBy === 'object' ? knownBy : undefined } = options
  if (certificate !== undefined) return certifiedBy(certificate, now)
  const wanting = Object.entries(options.configurations ?? {}).find(
    ([, own]) => own.knownBy === 'certificate',
  )
  if (wanting === undefined) return undefined
  throw new FacetError(
    'usage',
    `The configuration ${JSON.stringify(wanting[0])} is known by a certificate: name it`,
  )
}

async function certifiedBy(certificate: SigningCertificate, now: number): Promise<Certified> {
  const { chain, publicJwk } = await checkSigningCertificate(certificate, now)
  const [{ der }] = chain
  return {
    knownBy: { by: 'x5c', chain: chain.map((link) => link.der) },
    publicJwk,
    signer: signerOf(certificate.privateJwk),
    name: `x509_hash:${x509Hash(der, hash)}`,
  }
}

/** Everything that signs. */
export interface Signing extends Pick<IssuerPorts, 'signer' | 'signers' | 'secondOpinion'> {
  readonly knownBy: KnownBy
  /** How a configuration of its own kind is known. */
  knownByOf(known: IssuerKnownBy): KnownBy
}

export function signingFor(
  {
    knownBy = 'did',
    secondOpinion,
  }: Pick<IssuingOptions, 'knownBy'> & {
    readonly secondOpinion: (issuerKey: PublicJwk) => SecondOpinion
  },
  identity: Identity,
  certified: Certified | undefined,
): Signing {
  const { kid, publicJwk, signer } = identity
  const own = { ...signer, kid }
  const byCertificate = certified && { ...certified.signer, kid }
  const ways = (known: IssuerKnownBy): KnownBy => {
    if (known === 'did') return { by: 'did' }
    if (known === 'address') return byAddress(identity)
    if (certified === undefined) throw new Error('a certificate was looked for before')
    return certified.knownBy
  }
  const isCertified = typeof knownBy === 'object'
  const opinions = {
    own: secondOpinion(publicJwk),
    certified: certified && secondOpinion(certified.publicJwk),
  }
  return {
    knownBy: ways(isCertified ? 'certificate' : knownBy),
    knownByOf: ways,
    signer: isCertified ? (byCertificate ?? own) : own,
    signers: { did: own, jwt_vc_issuer: own, ...(byCertificate === undefined ? {} : { x5c: byCertificate }) },
    secondOpinion: (compact) =>
      ((hasCertificates(compact) ? opinions.certified : undefined) ?? opinions.own)(compact),
  }
}

/** Keys are called by their thumbprints, so that a new one has a new name and an old one keeps its own. */
function byAddress({ publicJwk, retired }: Identity): KnownBy {
  const named = (key: PublicJwk) => ({ kid: jwkThumbprint(key, hash), publicJwk: key })
  const before = retired.map(({ publicJwk: key, until }) => ({ ...named(key), until }))
  return { by: 'jwt_vc_issuer', ...named(publicJwk), retired: before }
}

/** Of what we have just signed ourselves. */
function hasCertificates(compact: string): boolean {
  const [header = ''] = compact.split('.', 1)
  return Object.hasOwn(readJsonObject(new TextDecoder().decode(readBase64url(header))), 'x5c')
}
