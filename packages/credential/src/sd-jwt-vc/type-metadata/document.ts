/**
 * A document about one type of credential. draft-ietf-oauth-sd-jwt-vc-19 §5.2, §5.6.
 *
 * It says nothing about its own authority: who may publish it and who may issue the type is decided
 * elsewhere (§7.7, §7.8).
 */
import { utf8 } from '../../base64url.ts'
import { CredentialError } from '../../error.ts'
import { findMember, type JsonObject, readJsonObject } from '../../json.ts'
import { type ClaimsPath, readClaimsPath } from '../../sd-jwt/claims-path.ts'
import { readClaimDisplay, readTypeDisplay, type TypeClaimDisplay, type TypeDisplay } from './display.ts'
import { listIn, malformed, nameLength, neededTextIn, oneOf, present, textIn } from './member.ts'

/** Bytes of a document. */
export const typeMetadataBytes = 262_144
/** Claims that one document describes. */
export const typeClaimsCount = 1000
/** Steps of a path. */
const pathLength = 32

/** Whether a claim must, may or must not be withheld by its holder. */
export type DisclosureRule = 'always' | 'allowed' | 'never'

/** One document; what is not known in it is left out. */
export interface TypeMetadata {
  readonly vct: string
  readonly name?: string
  readonly description?: string
  /** The type that this one adds to. */
  readonly extends?: string
  readonly 'extends#integrity'?: string
  /** Absent: that of the type it extends. */
  readonly display?: readonly TypeDisplay[]
  readonly claims?: readonly ClaimMetadata[]
}

/** What a document says of the claims that one path selects. */
export interface ClaimMetadata {
  readonly path: ClaimsPath
  readonly display?: readonly TypeClaimDisplay[]
  /** Whether every credential of the type has it. Absent: not said here. */
  readonly mandatory?: boolean
  /** Absent: not said here. */
  readonly sd?: DisclosureRule
  /** What templates call it. */
  readonly svg_id?: string
}

/**
 * Reads the document about a type.
 *
 * @param vct the type it must be about, compared as text (§5.3)
 * @throws {CredentialError} `type_metadata_too_large`, `type_metadata_malformed`, and those of
 *   `readJsonObject` and `readClaimsPath`
 */
export function readTypeMetadata(text: string, vct: string): TypeMetadata {
  if (text.length > typeMetadataBytes || utf8(text).length > typeMetadataBytes) {
    throw new CredentialError(
      'type_metadata_too_large',
      `A document about a type has at most ${typeMetadataBytes} bytes`,
    )
  }
  const document = readJsonObject(text)
  // §5.3: "The value of the vct … MUST be identical to" the reference.
  if (neededTextIn(document, 'vct', nameLength) !== vct) throw malformed('it is about another type')
  const metadata: TypeMetadata = present({
    vct,
    name: textIn(document, 'name'),
    description: textIn(document, 'description'),
    extends: textIn(document, 'extends', nameLength),
    'extends#integrity': textIn(document, 'extends#integrity', nameLength),
    display: readTypeDisplay(document),
    claims: readClaims(document),
  })
  return metadata
}

function readClaims(document: JsonObject): readonly ClaimMetadata[] | undefined {
  const claims = listIn(document, 'claims', { most: typeClaimsCount, read: readClaim })
  const paths = new Set(claims?.map(({ path }) => JSON.stringify(path)))
  if (claims !== undefined && paths.size < claims.length) throw malformed('two claims have the same path')
  return claims
}

function readClaim(claim: JsonObject): ClaimMetadata {
  const path = readClaimsPath(findMember(claim, 'path') ?? null)
  if (path.length > pathLength) throw malformed(`a path has at most ${pathLength} steps`)
  const mandatory = findMember(claim, 'mandatory')
  if (mandatory !== undefined && typeof mandatory !== 'boolean')
    throw malformed('"mandatory" must be true or false')
  const svgId = textIn(claim, 'svg_id', nameLength)
  if (svgId !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(svgId)) {
    throw malformed('"svg_id" has letters, digits and underscores, and begins with no digit')
  }
  return present({
    path,
    display: readClaimDisplay(claim),
    mandatory,
    sd: oneOf(claim, 'sd', ['always', 'allowed', 'never']),
    svg_id: svgId,
  })
}
