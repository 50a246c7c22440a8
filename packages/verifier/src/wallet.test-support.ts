/**
 * A wallet for the tests of this package: as much of one as answers a request, honest unless it is
 * told otherwise, and an issuer that signs whatever it is asked to.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import {
  type ClaimsPath,
  conceal,
  type DisclosureFrame,
  type KeyBinding,
  openStoredSdJwt,
  selectDisclosures,
  writeKeyBindingInput,
  writeSdJwt,
} from '@facet-id/credential/sd-jwt'
import { writeCredentialToSign } from '@facet-id/credential/sd-jwt-vc'
import {
  type LinkByReference,
  type RequestObject,
  readRequestLink,
  readRequestObject,
  readRequestObjectResponse,
  requestUriRequest,
} from '@facet-id/protocol/openid4vp'
import type { Handle } from '@facet-id/protocol/wire'
import { hash, type KeyPair, keyPair, random, signerOf } from '@facet-id/testkit'

/** Nobody: `UTO` is the code that ICAO 9303 keeps for a country that does not exist. */
export const specimen = {
  given_name: 'Anna Maria',
  family_name: 'Eriksson',
  birthdate: '1974-08-12',
  nationalities: ['UTO', 'ZZZ'],
  address: { street_address: '12 Specimen Street', locality: 'Zenith', country: 'UTO' },
  age_equal_or_over: { '18': true, '21': true },
}

export const specimenFrame: DisclosureFrame = {
  _sd: ['given_name', 'family_name', 'birthdate', 'address'],
  nationalities: { _sd: [0, 1] },
  address: { _sd: ['street_address', 'locality'] },
  age_equal_or_over: { _sd: ['18', '21'] },
}

export const PERSON = 'urn:facet:test:person'

/** Somebody with a DID and its key. */
export interface Party {
  readonly did: string
  readonly kid: string
  readonly key: KeyPair
}

export function party(): Party {
  const key = keyPair()
  const did = writeDidJwk(key.publicJwk)
  return { did, kid: `${did}#0`, key }
}

export function signed(signingInput: string, { privateJwk }: KeyPair): string {
  return writeJws(signingInput, signerOf(privateJwk).sign(utf8(signingInput)))
}

/** A credential in the wallet: the SD-JWT with all of its disclosures, and the key that it is bound to. */
export interface Held {
  readonly sdJwt: string
  readonly key: KeyPair
}

export interface Issuing {
  readonly issuer: Party
  readonly issuedAt: number
  /** In the place of, or besides, those of {@link specimen} and what every credential has. */
  readonly claims?: JsonObject
  /** Claims that are left out. */
  readonly without?: readonly string[]
  readonly frame?: DisclosureFrame
  /** Who really signs; the issuer unless told. */
  readonly signer?: KeyPair
  readonly kid?: string
}

export function issue({ issuer, frame = specimenFrame, ...issuing }: Issuing): Held {
  const key = keyPair()
  const { signingInput, disclosures } = writeCredentialToSign(
    {
      claims: claimsOf(issuer, key, issuing),
      frame,
      issuerKey: { by: 'did', kid: issuing.kid ?? issuer.kid },
      alg: 'ES256',
    },
    { hash, random },
  )
  const jwt = signed(signingInput, issuing.signer ?? issuer.key)
  return { sdJwt: writeSdJwt(jwt, disclosures), key }
}

/** Signs what no careful issuer signs: nothing is looked at. */
export function forge({ issuer, frame = specimenFrame, ...issuing }: Issuing, header: JsonObject = {}): Held {
  const key = keyPair()
  const { payload, disclosures } = conceal(claimsOf(issuer, key, issuing), frame, { hash, random })
  const input = writeSigningInput({ alg: 'ES256', typ: 'dc+sd-jwt', kid: issuer.kid, ...header }, payload)
  return { sdJwt: writeSdJwt(signed(input, issuing.signer ?? issuer.key), disclosures), key }
}

function claimsOf(
  issuer: Party,
  { publicJwk }: KeyPair,
  { issuedAt, claims = {}, without = [] }: Omit<Issuing, 'issuer'>,
): JsonObject {
  const all = {
    iss: issuer.did,
    vct: PERSON,
    iat: issuedAt,
    exp: issuedAt + 365 * 24 * 3600,
    cnf: { jwk: publicJwk },
    status: { status_list: { idx: 7, uri: 'https://issuer.example/status-lists/0' } },
    ...specimen,
    ...claims,
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name)))
}

/** How a presentation is made; what is absent is done honestly. */
export interface Showing extends Partial<Omit<KeyBinding, 'sdJwt' | 'hash' | 'alg'>> {
  readonly paths?: readonly ClaimsPath[]
  /** Changes what is shown before the holder signs it. */
  readonly disclose?: (disclosures: readonly string[]) => readonly string[]
  /** Who really signs the key binding. */
  readonly signer?: KeyPair
  /** In the place of what the key binding JWT says. */
  readonly binding?: { readonly header?: JsonObject; readonly claims: JsonObject }
}

/** What {@link personQuery} asks for. */
export const asked: readonly ClaimsPath[] = [
  ['age_equal_or_over', '18'],
  ['nationalities', 0],
]

/** An SD-JWT with key binding, for that request. */
export function present(
  held: Held,
  { client_id, nonce }: PostedRequest,
  showing: Showing & { at: number },
): string {
  const { jwt, opened } = openStoredSdJwt(held.sdJwt, hash)
  const chosen = selectDisclosures(opened, showing.paths ?? asked)
  const sdJwt = writeSdJwt(jwt, showing.disclose?.(chosen) ?? chosen)
  const key = showing.signer ?? held.key
  if (showing.binding !== undefined) {
    const { header = {}, claims } = showing.binding
    const honest = { iat: showing.at, aud: client_id, nonce, sd_hash: hash('sha-256', sdJwt) }
    const input = writeSigningInput({ alg: 'ES256', typ: 'kb+jwt', ...header }, { ...honest, ...claims })
    return sdJwt + signed(input, key)
  }
  const input = writeKeyBindingInput({
    sdJwt,
    nonce: showing.nonce ?? nonce,
    audience: showing.audience ?? client_id,
    issuedAt: showing.issuedAt ?? showing.at,
    alg: 'ES256',
    sdAlg: showing.sdAlg ?? opened.sdAlg,
    hash,
  })
  return sdJwt + signed(input, key)
}

/** Follows a link as a wallet does. */
export async function fetchRequest(
  handle: Handle,
  link: string,
  wallet_nonce?: string,
): Promise<PostedRequest> {
  const followed = { ...linkIn(link), ...(wallet_nonce === undefined ? {} : { wallet_nonce }) }
  const object = readRequestObject(
    readRequestObjectResponse(await handle(requestUriRequest(followed)), followed),
  )
  const { client_id, response_uri } = object
  if (client_id === undefined || response_uri === undefined) throw new Error('the request names no address')
  return { ...object, client_id, response_uri }
}

/** A request of a named client, whose answer goes to an address. */
export type PostedRequest = RequestObject & Required<Pick<RequestObject, 'client_id' | 'response_uri'>>

/** A link that names an address. */
export function linkIn(link: string): LinkByReference {
  const read = readRequestLink(link)
  if (!('request_uri' in read)) throw new Error('the link names no address')
  return read
}
