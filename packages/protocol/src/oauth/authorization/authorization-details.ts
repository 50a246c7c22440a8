/**
 * Authorization details of type `openid_credential`: which credential a wallet wants, and in answers which
 * data sets it may have. RFC 9396, OpenID4VCI 1.0 §5.1.1, §6.2.
 */
import { readJson } from '@facet-id/credential/json'
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import * as v from 'valibot'
import { ProtocolError } from '../../error.ts'
import { claimDescriptions } from '../../openid4vci/metadata/claim-description.ts'
import {
  list,
  members,
  optional,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  text,
} from '../../read.ts'

export const OPENID_CREDENTIAL = 'openid_credential'

/** One credential that is asked for. */
export interface CredentialAuthorization {
  readonly type: typeof OPENID_CREDENTIAL
  readonly credential_configuration_id: string
  /** Contains the issuer's identifier where its authorization server is another party. */
  readonly locations?: readonly string[]
  /** Absent: whatever the issuer puts in. */
  readonly claims?: readonly RequestedClaim[]
}

/** OpenID4VCI 1.0 Appendix B.1. */
export interface RequestedClaim {
  readonly path: ClaimsPath
  /** `true`: the wallet takes no credential without it. Absent means `false`. */
  readonly mandatory?: boolean
}

/** One credential that was granted. */
export interface GrantedCredential extends CredentialAuthorization {
  /** One for each data set; credentials are asked for by these alone (§8.2). At least one. */
  readonly credential_identifiers: readonly string[]
}

/** Characters of the parameter. */
const LENGTH = 65_536
const ENTRIES = 50
const LOCATIONS = 20
const IDENTIFIERS = 50

const requestedClaims: Reader<readonly RequestedClaim[]> = v.pipe(
  claimDescriptions,
  v.transform((descriptions) => descriptions.map(({ display: _, ...claim }) => claim)),
)

const entries = {
  type: v.literal(OPENID_CREDENTIAL),
  credential_configuration_id: text(),
  locations: optional(list(text(), LOCATIONS)),
  claims: optional(requestedClaims),
}
const asked = members(entries)
const granted = members({ ...entries, credential_identifiers: list(text(), IDENTIFIERS) })

true satisfies Same<Plain<CredentialAuthorization>, Reads<typeof asked>>
true satisfies Same<Plain<GrantedCredential>, Reads<typeof granted>>

/** The parameter as a form carries it. */
export function writeAuthorizationDetails(details: readonly CredentialAuthorization[]): string {
  return JSON.stringify(details)
}

/**
 * Reads the parameter as the server does: each entry must be understood (RFC 9396 §5).
 *
 * @throws {ProtocolError} `authorization_details_malformed`, which is `invalid_authorization_details`
 */
export function readAuthorizationDetails(json: string): readonly CredentialAuthorization[] {
  try {
    // The door takes objects: the list gets one around it.
    const around = members({ entries: list(asked, ENTRIES) })
    const value = readJson(json, { length: LENGTH })
    return readMessage(around, { entries: value }, { name: 'authorization details' }).entries
  } catch (cause) {
    throw new ProtocolError(
      'authorization_details_malformed',
      'authorization_details must be a list of entries of type openid_credential, each with its configuration',
      { cause },
    )
  }
}

/** In token responses entries of other types are passed over; those of ours must be whole. */
export const grantedCredentials: Reader<readonly GrantedCredential[]> = v.pipe(
  v.array(v.unknown()),
  v.transform((entries) => entries.filter(isOurs)),
  v.array(granted),
  v.maxLength(ENTRIES, 'has too many entries'),
)

function isOurs(entry: unknown): boolean {
  return v.is(v.object({ type: v.literal(OPENID_CREDENTIAL) }), entry)
}
