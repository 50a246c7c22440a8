/**
 * Who asks: the verifier's name, whole, and what proves it to a wallet. OpenID4VP 1.0 §5.9, by the table of
 * `prefixRules`. What would make wallets refuse is refused here, when the verifier is made.
 */
import { type Hash, type Signer, writeX5c } from '@facet-id/credential/jose'
import type { RequestObjectHeader } from '@facet-id/protocol/openid4vp'
import {
  type ClientId,
  prefixRules,
  readClientId,
  readVerifierAttestation,
  type VerifierAttestation,
} from '@facet-id/protocol/openid4vp/client'
import type { Scheme } from '@facet-id/protocol/url'
import { isClientOf, namesIn, readCertificate } from '@facet-id/trust/x509'
import type { PrivateEncryptionKey } from '../ports.ts'
import { invalidSetting } from '../settings-error.ts'

export interface ClientIdentity {
  /** With its prefix, as it stands in requests and as the audience of answers. */
  readonly client_id: string
  /** Absent: requests are unsigned, where the prefix has them so. */
  readonly signer?: Signer
  /** Certificates in DER, the signer's first and the root left out: `x509_hash`, `x509_san_dns`. */
  readonly certificates?: readonly Uint8Array[]
  /** In DER, of the anchors that wallets have for those, where they are known: none of them may be sent (HAIP 1.0 §5). */
  readonly anchors?: readonly Uint8Array[]
  /** The attestation of this verifier, for `verifier_attestation`. */
  readonly attestation?: string
  /** Statements up to an anchor, to spare wallets fetching them: `openid_federation`. */
  readonly trustChain?: readonly string[]
  /**
   * For a name whose metadata wallets have by other means than its requests (`openid_federation`, registered ones): the
   * private half of the key in that metadata that answers are encrypted to. It serves many requests, so HAIP does not
   * know it, and whoever gets it reads all answers that were recorded. Absent: such a name is answered in the clear.
   */
  readonly encryptionKey?: PrivateEncryptionKey
}

/** An identity whose parts fit together. */
export interface ReadIdentity extends ClientIdentity {
  readonly clientId: ClientId
  /** Where it may be answered, as its attestation says; absent: nobody says it to this verifier. */
  readonly addresses?: readonly string[]
  /** Whether all requests name one address for their answers, which the client is known by. */
  readonly oneAddress: boolean
}

/** @throws {VerifierError} `settings_invalid` */
export function readIdentity(identity: ClientIdentity, scheme: Scheme, hash: Hash): ReadIdentity {
  const clientId = readName(identity.client_id, scheme)
  const { key, signature, address, metadata } = prefixRules[clientId.prefix]
  const { signer, encryptionKey } = identity
  if (signature === 'required' && signer === undefined)
    throw unfit('a client of its prefix signs its requests')
  if (signature === 'forbidden' && signer !== undefined) throw unfit('a client of its prefix signs nothing')
  if (encryptionKey !== undefined) {
    if (metadata === 'taken') throw unfit('each request of a client of its prefix brings a key of its own')
    if ((encryptionKey.kid ?? '') === '')
      throw unfit('the "kid" of its encryption key is that in its metadata')
  }
  let addresses: readonly string[] | undefined
  switch (key) {
    case 'did':
      // Wallets look for this key in the DID's document (§5.9.3) and refuse any other.
      if (
        signer?.kid?.startsWith(`${clientId.id}#`) !== true ||
        signer.kid.length === clientId.id.length + 1
      ) {
        throw unfit('it names the DID whose key signs, and the signer\'s "kid" that key')
      }
      break
    case 'certificate':
      checkCertificates(identity, clientId, hash)
      break
    case 'attestation':
      addresses = attestedAddresses(identity, clientId)
      break
    default:
  }
  const oneAddress = address === 'client_id' || address === 'listed' || address === 'listed_or_signature'
  return { ...identity, clientId, oneAddress, ...(addresses === undefined ? {} : { addresses }) }
}

/** Names the key in the header of a request object, as the prefix asks for it. */
export function headerFor(
  { clientId, certificates, attestation, trustChain }: ReadIdentity,
  { alg, kid }: Signer,
): RequestObjectHeader {
  const named = kid === undefined ? {} : { kid }
  switch (prefixRules[clientId.prefix].key) {
    case 'certificate':
      return { alg, ...(certificates === undefined ? {} : { x5c: writeX5c(certificates) }) }
    case 'attestation':
      return { alg, ...(attestation === undefined ? {} : { jwt: attestation }) }
    case 'federation':
      return { alg, ...named, ...(trustChain === undefined ? {} : { trust_chain: trustChain }) }
    default:
      return { alg, ...named }
  }
}

function readName(client_id: string, scheme: Scheme): ClientId {
  try {
    return readClientId(client_id, scheme)
  } catch (cause) {
    throw invalidSetting('client_id is a name with a prefix of OpenID4VP, or one that was registered', cause)
  }
}

function checkCertificates(
  { certificates = [] }: ClientIdentity,
  { prefix, full }: ClientId,
  hash: Hash,
): void {
  const [der] = certificates
  if (der === undefined) throw unfit('it comes with its certificates')
  if (isClientOf(full, namesOf(der, hash))) return
  throw unfit(
    prefix === 'x509_hash'
      ? 'it has the SHA-256 of the first of its certificates'
      : 'it is a DNS name in the first of its certificates',
  )
}

function namesOf(der: Uint8Array, hash: Hash): ReturnType<typeof namesIn> {
  try {
    return namesIn(readCertificate(der), hash)
  } catch (cause) {
    throw unfit('its certificates are X.509 in DER', cause)
  }
}

function attestedAddresses(
  { attestation: text = '' }: ClientIdentity,
  { id }: ClientId,
): readonly string[] | undefined {
  const { sub, redirect_uris } = readAttestation(text)
  if (sub === id) return redirect_uris
  throw unfit('it comes with an attestation that is about it')
}

function readAttestation(text: string): VerifierAttestation {
  try {
    return readVerifierAttestation(text).attestation
  } catch (cause) {
    throw unfit('it comes with its attestation', cause)
  }
}

function unfit(rule: string, cause?: unknown): Error {
  return invalidSetting(`client_id is such that ${rule}`, cause)
}
