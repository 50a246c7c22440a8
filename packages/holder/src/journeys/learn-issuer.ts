/**
 * An issuer's metadata, and what was proven of it: by its address always, by a signature where it gives one that
 * leads to somebody who is trusted for it, by a federation where one vouches. OpenID4VCI 1.0 §12.2.2, §12.2.3.
 */
import {
  type CredentialIssuerId,
  type CredentialIssuerMetadata,
  credentialIssuerMetadataRequest,
  readCredentialIssuerMetadataResponse,
} from '@facet-id/protocol/openid4vci'
import {
  findSignedMetadata,
  readSignedMetadata,
  readSignedMetadataJwt,
  type SignedMetadataJwt,
  signedMetadataRequest,
} from '@facet-id/protocol/openid4vci/metadata'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { CertificateIdentity } from '@facet-id/trust'
import type { IssuerProof } from '../consent.ts'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { planEncryption } from '../issuance/encryption-plan.ts'
import { answered } from '../peer-error.ts'
import { namesIssuer } from '../shelf/certificate-names.ts'
import { findIssuer } from '../shelf/issuer-store.ts'
import { federated } from './federated.ts'

export interface Learned {
  readonly metadata: CredentialIssuerMetadata
  readonly provenBy: IssuerProof
}

/**
 * @throws {HolderError} `refused_by_peer`, `metadata_not_authentic`, `offer_unsupported`
 * @throws {ProtocolError} `message_malformed` and its like
 */
export async function learnIssuer(issuer: CredentialIssuerId, holding: Holding): Promise<Learned> {
  const { ports, settings } = holding
  const signed = settings.signedMetadata === 'ignored' ? undefined : await findSigned(issuer, holding)
  const { metadata, ...proof } = signed ?? { metadata: await plainOf(issuer, holding) }
  // Before the person is asked for anything: what cannot be done is said first.
  planEncryption(metadata, ports.encryption !== undefined)
  return { metadata, provenBy: { ...proof, ...(await federated(issuer, ports)) } }
}

type Signed = { readonly metadata: CredentialIssuerMetadata } & Pick<IssuerProof, 'signedBy'>

/** The signed form, or the plain one where the issuer answered with that and it is enough. */
async function findSigned(issuer: CredentialIssuerId, holding: Holding): Promise<Signed | undefined> {
  const { settings, ports } = holding
  const response = answered(await send(signedMetadataRequest(issuer), holding))
  const token = findSignedMetadata(response)
  const required = settings.signedMetadata === 'required'
  if (token === undefined) {
    if (required) throw notAuthentic('The issuer serves its metadata without a signature')
    return { metadata: readPlain(response, issuer, holding) }
  }
  try {
    const jwt = readSignedMetadataJwt(token, settings.algs)
    // §12.2.3: the key is found, trusted and its signature checked before anything of the contents is looked at.
    const signedBy = await signerOf(jwt, issuer, holding)
    const { metadata } = readSignedMetadata(jwt, issuer, {
      now: ports.now(),
      skewSeconds: settings.clockSkew,
      scheme: settings.scheme,
    })
    return { metadata, signedBy }
  } catch (cause) {
    if (required) throw notAuthentic('The signature under the metadata does not lead to this issuer', cause)
    return undefined
  }
}

async function plainOf(issuer: CredentialIssuerId, holding: Holding): Promise<CredentialIssuerMetadata> {
  const response = answered(await send(credentialIssuerMetadataRequest(issuer), holding))
  return readPlain(response, issuer, holding)
}

function readPlain(
  response: WireResponse,
  issuer: CredentialIssuerId,
  { settings }: Holding,
): CredentialIssuerMetadata {
  return readCredentialIssuerMetadataResponse(response, issuer, settings.scheme)
}

/** §12.2.2: in the person's languages, where the issuer has them. */
function send(request: WireRequest, { ports, settings }: Holding): Promise<WireResponse> {
  const { languages } = settings
  if (languages.length === 0) return ports.transport.send(request)
  const headers = { ...request.headers, 'accept-language': languages.join(', ') }
  return ports.transport.send({ ...request, headers })
}

/** Who signed, if that is the issuer itself, or somebody whom a list names for it. */
async function signerOf(
  jwt: SignedMetadataJwt,
  issuer: CredentialIssuerId,
  holding: Holding,
): Promise<NonNullable<IssuerProof['signedBy']>> {
  const { ports } = holding
  if (jwt.key.by === 'x5c') {
    const answer = await ports.issuerKeyOf?.({ by: 'x5c', chain: jwt.key.chain, issuer })
    if (answer === undefined || !('key' in answer) || answer.certificate === undefined)
      throw notAuthentic('The certificates lead to no anchor')
    if (!isFor({ ...answer, certificate: answer.certificate }, issuer, holding))
      throw notAuthentic('The certificate is for another issuer')
    await ensureSigned(jwt, answer.key, holding)
    return { certificate: answer.certificate }
  }
  const { kid } = jwt.key
  const [did = ''] = kid.split('#', 1)
  const answer = await ports.resolveKey({ did, kid, relationship: 'assertionMethod' })
  if (!('key' in answer)) throw notAuthentic('The DID has no such key')
  const known = await findIssuer(ports.store, ports.hash('sha-256', issuer), 'did')
  if (known?.did !== did && ports.trust.mayIssue({ issuer: did, vct: '' }).decision !== 'trusted')
    throw notAuthentic('Nobody says that this DID is the issuer')
  await ensureSigned(jwt, answer.key, holding)
  return { did }
}

/** As a certificate is named where it is the identity itself. */
const BY_HASH = 'x509_hash:'

/**
 * Whether a certificate is that of the issuer: whoever judged it says so; or it has the issuer's identifier, or its
 * host, among its names; or a list trusts whoever has it.
 */
function isFor(
  { issuer: name, certificate }: { readonly issuer: string; readonly certificate: CertificateIdentity },
  issuer: CredentialIssuerId,
  { ports, settings }: Holding,
): boolean {
  if (!name.startsWith(BY_HASH)) return name === issuer
  return (
    namesIssuer(certificate, issuer, settings.scheme) ||
    ports.trust.mayIssue({ issuer: name, vct: '', certificate }).decision === 'trusted'
  )
}

async function ensureSigned(
  jwt: SignedMetadataJwt,
  key: Parameters<SignedMetadataJwt['check']>[0],
  { ports }: Holding,
): Promise<void> {
  const [verdict] = await ports.checkSignatures([jwt.check(key)])
  if (verdict !== 'valid') throw notAuthentic('The signature does not hold')
}

function notAuthentic(message: string, cause?: unknown): HolderError {
  return new HolderError('metadata_not_authentic', message, { cause })
}
