/**
 * An issuer for tests of the wallet: honest and strict, until a test puts something else in the place
 * of what it would do.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { PublicJwk } from '@facet-id/credential/jose'
import { conceal, type DisclosureFrame, writeSdJwt } from '@facet-id/credential/sd-jwt'
import {
  PRE_AUTHORIZED_CODE_GRANT,
  readBearer,
  readTokenRequest,
  writeErrorResponse,
  writeTokenResponse,
} from '@facet-id/protocol/oauth'
import {
  readCredentialRequest,
  writeCredentialResponse,
  writeNonceResponse,
} from '@facet-id/protocol/openid4vci'
import {
  readDeferredCredentialRequest,
  readNotificationRequest,
} from '@facet-id/protocol/openid4vci/afterwards'
import { decrypted, encrypted, findEncrypted, plainOf } from '@facet-id/protocol/openid4vci/encryption'
import { readProofJwt } from '@facet-id/protocol/openid4vci/key-proof'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { checkSignatures, hash, jweOpenerOf, type KeyPair, random, sealJwe } from '@facet-id/testkit'
import { type Identity, identity, plain, sign } from './identity.test-support.ts'

export const ISSUER = 'https://issuer.example'
export const PERSON_VCT = 'urn:facet:test:person'
export const TX_CODE = '493536'
export const NOW = 1_800_000_000

/** Nobody: `UTO` is the code that ICAO 9303 keeps for a country that does not exist. */
export const specimen = {
  given_name: 'Anna Maria',
  family_name: 'Eriksson',
  birthdate: '1974-08-12',
  nationalities: ['UTO', 'ZZZ'],
  address: { street_address: '12 Specimen Street', locality: 'Zenith', country: 'UTO' },
  document_number: 'L898902C3',
  age_equal_or_over: { '18': true, '21': true },
}

export const specimenFrame: DisclosureFrame = {
  _sd: Object.keys(specimen).filter((name) => name !== 'nationalities'),
  _sd_decoy: 2,
  address: { _sd: ['street_address', 'locality'] },
  nationalities: { _sd: [0, 1] },
  age_equal_or_over: { _sd: ['18', '21'] },
}

/** What a copy says otherwise; members that are `undefined` are left out. */
export interface CopyChanges {
  readonly claims?: object
  readonly frame?: DisclosureFrame
  readonly header?: object
  readonly by?: Identity
}

export type Endpoint =
  | 'offer'
  | 'metadata'
  | 'server'
  | 'token'
  | 'nonce'
  | 'credential'
  | 'deferred'
  | 'notification'

/** What a test may put in the place of the usual, at any time. */
export interface IssuerWays {
  /** Members of the metadata. */
  metadata?: object
  configuration?: object
  server?: object
  offer?: object
  grant?: object
  around?: { [E in Endpoint]?: (usual: () => WireResponse, request: WireRequest) => WireResponse }
  /** Other configurations, by their identifiers. */
  configurations?: Readonly<Record<string, object>>
  /** How often the issuer answers that it will have it later. */
  deferrals?: number
  /** Whether refresh tokens are given, and taken once each. */
  refreshes?: boolean
  /** Present: requests are opened with it, and answers encrypted to the key that they bring. */
  encryption?: KeyPair
  /** Whether the issuer wants to hear what became of its credentials. */
  listens?: boolean
  /** What comes for these keys. */
  credentials?: (keys: readonly PublicJwk[], issue: typeof issueCopy) => readonly string[]
}

export interface TestIssuer {
  readonly identity: Identity
  readonly ways: IssuerWays
  /** Requests by endpoint, in the order in which they came. */
  readonly asked: Endpoint[]
  readonly link: string
  /** The same offer, by reference. */
  readonly reference: string
  /** What the issuer was told, in order: `credential_accepted n1`. */
  readonly told: string[]
  /** Makes all access tokens useless. */
  endTokens(): void
  handle(request: WireRequest): WireResponse
}

export const issuerIdentity: Identity = identity()

let entries = 0

/** One copy for that key. */
export function issueCopy(key: PublicJwk, changes: CopyChanges = {}): string {
  const by = changes.by ?? issuerIdentity
  const claims = plain(
    {
      iss: by.did,
      vct: PERSON_VCT,
      iat: NOW - 3600,
      exp: NOW + 86_400,
      cnf: { jwk: key },
      status: { status_list: { idx: entries++, uri: `${ISSUER}/status-lists/1` } },
    },
    specimen,
    changes.claims ?? {},
  )
  const { payload, disclosures } = conceal(claims, changes.frame ?? specimenFrame, { hash, random })
  const header = { alg: 'ES256', typ: 'dc+sd-jwt', kid: by.kid, ...changes.header }
  return writeSdJwt(sign(header, payload, by), disclosures)
}

export function testIssuer(ways: IssuerWays = {}): TestIssuer {
  const codes = new Set<string>()
  const tokens = new Set<string>()
  const nonces = new Set<string>()
  const refreshTokens = new Set<string>()
  const asked: Endpoint[] = []
  const told: string[] = []
  const waiting = new Map<string, { readonly keys: readonly PublicJwk[]; left: number }>()
  let notifications = 0
  const code = fresh()
  codes.add(code)

  const granted = (): WireResponse =>
    writeTokenResponse({
      access_token: remembered(tokens),
      token_type: 'Bearer',
      expires_in: 300,
      ...(ways.refreshes === true ? { refresh_token: remembered(refreshTokens) } : {}),
    })
  const issued = (keys: readonly PublicJwk[]): WireResponse => {
    const issue = ways.credentials ?? ((all, issueOne) => all.map((key) => issueOne(key)))
    return writeCredentialResponse({
      credentials: issue(keys, issueCopy).map((credential) => ({ credential })),
      ...(ways.listens === true ? { notification_id: `n${++notifications}` } : {}),
    })
  }
  const later = (transaction_id: string): WireResponse =>
    writeCredentialResponse({ transaction_id, interval: 60 })

  const usual: Record<Endpoint, (request: WireRequest) => WireResponse> = {
    metadata: () => json(metadataOf(ways)),
    server: () => json(plain({ issuer: ISSUER, token_endpoint: `${ISSUER}/token` }, ways.server ?? {})),
    token(request) {
      const asked = readTokenRequest(request)
      if (asked.grant_type === 'refresh_token')
        return refreshTokens.delete(asked.refresh_token) ? granted() : refusal('invalid_grant')
      if (asked.grant_type !== PRE_AUTHORIZED_CODE_GRANT) return refusal('unsupported_grant_type')
      const { 'pre-authorized_code': given, tx_code } = asked
      if (!codes.has(given)) return refusal('invalid_grant', 'The code is spent')
      const expected = offerOf(ways, code).grants[PRE_AUTHORIZED_CODE_GRANT]?.tx_code
      if ((expected === undefined) !== (tx_code === undefined)) return refusal('invalid_request')
      if (tx_code !== undefined && tx_code !== TX_CODE) return refusal('invalid_grant', 'Wrong code')
      codes.delete(given)
      return granted()
    },
    nonce: () => writeNonceResponse({ c_nonce: remembered(nonces) }),
    credential(request) {
      if (!tokens.has(readBearer(request) ?? '')) return refusal('invalid_token', undefined, 401)
      return answering(request, ways, (opened, sent) => {
        const proven = provenKeys(opened, sent, nonces)
        if (!('keys' in proven)) return proven
        if (ways.deferrals === undefined) return issued(proven.keys)
        const id = fresh()
        waiting.set(id, { keys: proven.keys, left: ways.deferrals - 1 })
        return later(id)
      })
    },
    deferred(request) {
      if (!tokens.has(readBearer(request) ?? '')) return refusal('invalid_token', undefined, 401)
      return answering(request, ways, (opened, sent) => {
        const { transaction_id } = readDeferredCredentialRequest(opened, sent)
        const found = waiting.get(transaction_id)
        if (found === undefined) return refusal('invalid_transaction_id')
        if (found.left-- > 0) return later(transaction_id)
        waiting.delete(transaction_id)
        return issued(found.keys)
      })
    },
    notification(request) {
      if (!tokens.has(readBearer(request) ?? '')) return refusal('invalid_token', undefined, 401)
      const { event, notification_id } = readNotificationRequest(request)
      told.push(`${event} ${notification_id}`)
      return { status: 204, headers: {}, body: '' }
    },
    offer: () => json(offerOf(ways, code)),
  }
  return {
    identity: issuerIdentity,
    ways,
    asked,
    told,
    endTokens: () => tokens.clear(),
    reference: `openid-credential-offer://?credential_offer_uri=${encodeURIComponent(`${ISSUER}/offers/1`)}`,
    get link() {
      return `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offerOf(ways, code)))}`
    },
    handle(request) {
      const endpoint = endpointOf(request)
      if (endpoint === undefined) return { status: 404, headers: {}, body: '' }
      asked.push(endpoint)
      const answer = (): WireResponse => usual[endpoint](request)
      return ways.around?.[endpoint]?.(answer, request) ?? answer()
    },
  }
}

export function json(body: unknown, more: Partial<WireResponse> = {}): WireResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), ...more }
}

export function refusal(error: string, description?: string, status = 400): WireResponse {
  return writeErrorResponse({ status, error }, description)
}

/** The person configuration, as this issuer describes it. */
export const personConfiguration = {
  format: 'dc+sd-jwt',
  vct: PERSON_VCT,
  scope: 'person',
  cryptographic_binding_methods_supported: ['jwk'],
  proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
  credential_signing_alg_values_supported: ['ES256'],
  credential_metadata: { display: [{ name: 'Person', locale: 'en' }] },
}

function metadataOf(ways: IssuerWays): object {
  const { metadata = {}, configuration = {}, configurations = {}, encryption } = ways
  return plain(
    {
      credential_issuer: ISSUER,
      credential_endpoint: `${ISSUER}/credential`,
      nonce_endpoint: `${ISSUER}/nonce`,
      batch_credential_issuance: { batch_size: 10 },
      display: [{ name: 'Registry', locale: 'en' }],
      credential_configurations_supported: {
        person: plain(personConfiguration, configuration),
        ...configurations,
      },
      ...(ways.deferrals === undefined ? {} : { deferred_credential_endpoint: `${ISSUER}/deferred` }),
      ...(ways.listens === true ? { notification_endpoint: `${ISSUER}/notification` } : {}),
      ...(encryption === undefined
        ? {}
        : {
            credential_request_encryption: {
              jwks: { keys: [{ ...encryption.publicJwk, kid: 'e1', use: 'enc', alg: 'ECDH-ES' }] },
              enc_values_supported: ['A256GCM'],
              encryption_required: true,
            },
            credential_response_encryption: {
              alg_values_supported: ['ECDH-ES'],
              enc_values_supported: ['A128GCM'],
              encryption_required: true,
            },
          }),
    },
    metadata,
  )
}

function offerOf({ offer = {}, grant = {} }: IssuerWays, code: string) {
  const codeGrant: { tx_code?: object } = plain(
    { 'pre-authorized_code': code, tx_code: { length: 6, description: 'By letter' } },
    grant,
  )
  const grants = { [PRE_AUTHORIZED_CODE_GRANT]: codeGrant }
  return { credential_issuer: ISSUER, credential_configuration_ids: ['person'], grants, ...offer }
}

/** Opens the request and encrypts the answer, where this issuer encrypts. */
function answering(
  request: WireRequest,
  { encryption }: IssuerWays,
  answer: (opened: WireRequest, sent: 'encrypted' | 'in the clear') => WireResponse,
): WireResponse {
  const jwe = findEncrypted(request)
  if (encryption === undefined || jwe === undefined)
    return encryption === undefined
      ? answer(request, 'in the clear')
      : refusal('invalid_encryption_parameters')
  const opened = decrypted(request, jweOpenerOf(encryption.privateJwk)(jwe))
  const response = answer(opened, 'encrypted')
  const to = JSON.parse(opened.body ?? '').credential_response_encryption
  const clear = to === undefined || response.status >= 300
  return clear ? response : encrypted(response, sealJwe(plainOf(response), { key: to.jwk, enc: to.enc }))
}

/** The keys of a request whose proofs all hold, or the refusal. */
function provenKeys(
  request: WireRequest,
  sent: 'encrypted' | 'in the clear',
  nonces: Set<string>,
): WireResponse | { keys: readonly PublicJwk[] } {
  const body = readCredentialRequest(request, sent)
  if (!('credential_configuration_id' in body)) return refusal('invalid_credential_request')
  const texts = body.proofs !== undefined && 'jwt' in body.proofs ? body.proofs.jwt : []
  const proofs = texts.map((jwt) => readProofJwt(jwt))
  const keys = proofs.flatMap(({ key }) => (key.by === 'jwk' ? [key.jwk] : []))
  const verdicts = checkSignatures(
    proofs.flatMap(({ key, check }) => (key.by === 'jwk' ? [check(key.jwk)] : [])),
  )
  if (proofs.length === 0 || verdicts.some((verdict) => verdict !== 'valid')) return refusal('invalid_proof')
  if (proofs.some(({ aud }) => aud !== ISSUER)) return refusal('invalid_proof')
  if (proofs.some(({ nonce }) => nonce === undefined || !nonces.has(nonce))) return refusal('invalid_nonce')
  for (const { nonce } of proofs) if (nonce !== undefined) nonces.delete(nonce)
  return { keys }
}

function endpointOf({ url }: WireRequest): Endpoint | undefined {
  const endpoints: Record<string, Endpoint> = {
    '/.well-known/openid-credential-issuer': 'metadata',
    '/.well-known/oauth-authorization-server': 'server',
    '/token': 'token',
    '/nonce': 'nonce',
    '/credential': 'credential',
    '/deferred': 'deferred',
    '/notification': 'notification',
    '/offers/1': 'offer',
  }
  return endpoints[url.slice(ISSUER.length)]
}

function remembered(values: Set<string>): string {
  const value = fresh()
  values.add(value)
  return value
}

function fresh(): string {
  return writeBase64url(random(16))
}
