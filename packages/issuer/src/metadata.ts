/** What the issuer says about itself. OpenID4VCI 1.0 §12.2, §12.3; RFC 8414. */
import { writeIssuerMetadata } from '@facet-id/credential/issuer-metadata'
import { jwsAlgorithms } from '@facet-id/credential/jose'
import { type JsonValue, sameJson } from '@facet-id/credential/json'
import { jweEncryptions } from '@facet-id/credential/jwe'
import {
  AUTHORIZATION_CODE_GRANT,
  type AuthorizationServerMetadata,
  PRE_AUTHORIZED_CODE_GRANT,
  REFRESH_TOKEN_GRANT,
} from '@facet-id/protocol/oauth'
import { CODE_CHALLENGE_METHOD, OPENID_CREDENTIAL } from '@facet-id/protocol/oauth/authorization'
import {
  ATTESTATION_AUTH_METHOD,
  ATTESTATION_DPOP_AUTH_METHOD,
} from '@facet-id/protocol/oauth/client-attestation'
import {
  type CredentialConfigurationMetadata,
  type CredentialIssuerMetadata,
  type CredentialMetadata,
  readCredentialIssuerId,
  readCredentialIssuerMetadataResponse,
  writeCredentialIssuerMetadataResponse,
} from '@facet-id/protocol/openid4vci'
import type { ProofType } from '@facet-id/protocol/openid4vci/metadata'
import { listedServers } from './authorization/listed-servers.ts'
import { IssuerError } from './error.ts'
import type { OwnTypes } from './issuance/credential-types.ts'
import { defaultProofs, type ProofRules } from './issuance/issuance-settings.ts'
import { knownByOf, signerFor, waysOf } from './issuance/known-by.ts'
import type { IssuerPorts } from './ports.ts'
import type { CredentialConfiguration, IssuerSettings } from './settings.ts'

/** @param ports what is said depends on what is there: keys, and somebody to ask */
export function credentialIssuerMetadata(
  settings: IssuerSettings,
  ports: IssuerPorts,
): CredentialIssuerMetadata {
  const { credential_issuer, batchSize, display, configurations, scheme, authorization } = settings
  return {
    credential_issuer: readCredentialIssuerId(credential_issuer, scheme),
    ...(authorization.servers.length === 0 ? {} : { authorization_servers: listedServers(settings) }),
    credential_endpoint: `${credential_issuer}/credential`,
    nonce_endpoint: `${credential_issuer}/nonce`,
    ...laterEndpoints(settings, ports),
    ...encryptionMetadata(settings, ports),
    batch_credential_issuance: { batch_size: batchSize },
    ...(display.length === 0 ? {} : { display }),
    credential_configurations_supported: Object.fromEntries(
      Object.entries(configurations).map(([id, configuration]) => [
        id,
        configurationMetadata(configuration, settings, ports),
      ]),
    ),
  }
}

/** Whether anything can be promised for later: somebody may say that it is not ready. */
export function defers({ configurations }: IssuerSettings, { subjectClaims }: IssuerPorts): boolean {
  return (
    subjectClaims !== undefined ||
    Object.values(configurations).some(({ approval }) => approval === 'required')
  )
}

function laterEndpoints(
  settings: IssuerSettings,
  ports: IssuerPorts,
): Pick<CredentialIssuerMetadata, 'deferred_credential_endpoint' | 'notification_endpoint'> {
  const { credential_issuer, notifications } = settings
  return {
    ...(defers(settings, ports)
      ? { deferred_credential_endpoint: `${credential_issuer}/deferred-credential` }
      : {}),
    ...(notifications ? { notification_endpoint: `${credential_issuer}/notification` } : {}),
  }
}

function encryptionMetadata(
  { encryption }: IssuerSettings,
  ports: IssuerPorts,
): Pick<CredentialIssuerMetadata, 'credential_request_encryption' | 'credential_response_encryption'> {
  if (ports.encryption === undefined) return {}
  return {
    credential_request_encryption: {
      jwks: { keys: ports.encryption.keys.map(({ publicJwk }) => publicJwk) },
      enc_values_supported: jweEncryptions,
      encryption_required: encryption.requests === 'required',
    },
    credential_response_encryption: {
      alg_values_supported: ['ECDH-ES'],
      enc_values_supported: jweEncryptions,
      encryption_required: encryption.responses === 'required',
    },
  }
}

/** What the server can do, by its ports. */
export interface ServerAbilities {
  /** Persons are asked. */
  readonly codeFlow: boolean
  /** Wallet providers are believed. */
  readonly attests: boolean
}

/** The issuer is its own authorization server, limited to what issuing needs. */
export function authorizationServerMetadata(
  { credential_issuer, authorization, configurations, profile }: IssuerSettings,
  { codeFlow, attests }: ServerAbilities,
): AuthorizationServerMetadata {
  const { pushedRequests, refreshLifetime, clients } = authorization
  const registered = Object.values(clients)
  const withKeys = registered.some(({ keys }) => keys !== undefined)
  const onlyAttested = authorization.clientAttestation === 'required'
  const methods = [
    ...(onlyAttested ? [] : ['none']),
    ...(withKeys && !onlyAttested ? ['private_key_jwt'] : []),
    ...(attests ? [ATTESTATION_AUTH_METHOD, ATTESTATION_DPOP_AUTH_METHOD] : []),
  ]
  return {
    issuer: credential_issuer,
    token_endpoint: `${credential_issuer}/token`,
    revocation_endpoint: `${credential_issuer}/revoke`,
    grant_types_supported: [
      PRE_AUTHORIZED_CODE_GRANT,
      ...(codeFlow ? [AUTHORIZATION_CODE_GRANT] : []),
      ...(refreshLifetime > 0 ? [REFRESH_TOKEN_GRANT] : []),
    ],
    'pre-authorized_grant_anonymous_access_supported': !onlyAttested,
    response_types_supported: codeFlow ? ['code'] : [],
    token_endpoint_auth_methods_supported: methods,
    dpop_signing_alg_values_supported: jwsAlgorithms,
    ...(attests
      ? {
          challenge_endpoint: `${credential_issuer}/challenge`,
          client_attestation_signing_alg_values_supported: jwsAlgorithms,
          client_attestation_pop_signing_alg_values_supported: jwsAlgorithms,
        }
      : {}),
    ...(withKeys ? { token_endpoint_auth_signing_alg_values_supported: jwsAlgorithms } : {}),
    ...(codeFlow
      ? {
          authorization_endpoint: `${credential_issuer}/authorize`,
          pushed_authorization_request_endpoint: `${credential_issuer}/par`,
          require_pushed_authorization_requests: pushedRequests === 'required',
          code_challenge_methods_supported: [CODE_CHALLENGE_METHOD],
          authorization_response_iss_parameter_supported: true,
          // HAIP §4.3: wallets ask with a scope. Details are taken all the same from who sends them.
          ...(profile === 'haip' ? {} : { authorization_details_types_supported: [OPENID_CREDENTIAL] }),
          scopes_supported: [...new Set(Object.values(configurations).map(({ scope }) => scope))],
        }
      : {}),
  }
}

/**
 * The key by which the issuer is known, where that is by its address, and those before it for as long as what
 * they signed is to be verified. SD-JWT VC §4.
 *
 * @param now seconds since the epoch
 */
export function jwtVcIssuerMetadata(settings: IssuerSettings, now: number): string {
  const { credential_issuer } = settings
  const knownBy = waysOf(settings).find(({ by }) => by === 'jwt_vc_issuer')
  if (knownBy?.by !== 'jwt_vc_issuer') return writeIssuerMetadata(credential_issuer, [])
  const { retired = [] } = knownBy
  const keys = [knownBy, ...retired.filter(({ until }) => until > now)]
  return writeIssuerMetadata(
    credential_issuer,
    keys.map(({ kid, publicJwk }) => ({ ...publicJwk, kid })),
  )
}

/** Documents about types that are called by an address of this issuer's own, by that address. */
export function publishedTypes(
  { credential_issuer }: IssuerSettings,
  types: OwnTypes,
): ReadonlyMap<string, string> {
  const own = [...types.values()].filter(({ type }) => type.vct.startsWith(`${credential_issuer}/`))
  return new Map(own.map(({ type, document }) => [type.vct, document]))
}

/**
 * Refuses what wallets would refuse, or leave out without a word: metadata is published only if its
 * own reader takes all of it.
 *
 * @throws {IssuerError} `settings_invalid`
 */
export function checkMetadata(settings: IssuerSettings, ports: IssuerPorts): void {
  const metadata = credentialIssuerMetadata(settings, ports)
  const read = readBack(metadata, settings)
  checkTaken('display', metadata.display, read.display)
  checkTaken('keys to encrypt to', metadata.credential_request_encryption, read.credential_request_encryption)
  for (const id of Object.keys(metadata.credential_configurations_supported)) {
    const written = memberOf(metadata.credential_configurations_supported, id)
    checkTaken(`configurations.${id}`, written, memberOf(read.credential_configurations_supported, id))
  }
}

function configurationMetadata(
  configuration: CredentialConfiguration,
  settings: IssuerSettings,
  ports: IssuerPorts,
): CredentialConfigurationMetadata {
  const { vct, scope, display, claims, proofs = defaultProofs } = configuration
  const { alg } = signerFor(knownByOf(configuration, settings), ports)
  const shown: CredentialMetadata = {
    ...(display.length === 0 ? {} : { display }),
    ...(claims.length === 0 ? {} : { claims }),
  }
  return {
    format: 'dc+sd-jwt',
    scope,
    vct,
    cryptographic_binding_methods_supported: ['jwk', ...settings.didMethods],
    credential_signing_alg_values_supported: [alg],
    proof_types_supported: {
      ...(proofs.jwt === undefined ? {} : { jwt: proofType(proofs.jwt, settings) }),
      ...(proofs.attestation === undefined ? {} : { attestation: proofType(proofs.attestation, settings) }),
    },
    ...(Object.keys(shown).length === 0 ? {} : { credential_metadata: shown }),
  }
}

function proofType({ keyAttestations }: ProofRules, { proofAlgs }: IssuerSettings): ProofType {
  return {
    proof_signing_alg_values_supported: proofAlgs,
    ...(keyAttestations === undefined ? {} : { key_attestations_required: keyAttestations }),
  }
}

function readBack(metadata: CredentialIssuerMetadata, { scheme }: IssuerSettings): CredentialIssuerMetadata {
  const response = writeCredentialIssuerMetadataResponse(metadata)
  try {
    return readCredentialIssuerMetadataResponse(response, metadata.credential_issuer, scheme)
  } catch (cause) {
    throw refused('the metadata made of them', cause)
  }
}

function checkTaken(name: string, written: object | undefined, taken: object | undefined): void {
  if (!sameJson(asJson(written ?? null), asJson(taken ?? null))) throw refused(name)
}

function asJson(value: object | null): JsonValue {
  return JSON.parse(JSON.stringify(value))
}

function memberOf<T>(members: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined
}

function refused(what: string, cause?: unknown): IssuerError {
  return new IssuerError(
    'settings_invalid',
    `The issuer's settings must be such that wallets take ${what}: see OpenID4VCI 1.0 §12.2.4 and Appendix B`,
    { cause },
  )
}
