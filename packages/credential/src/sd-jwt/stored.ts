/**
 * Reads an SD-JWT of one's own: text that was judged before it was kept.
 */
import { readBase64urlText } from '../base64url.ts'
import type { Hash } from '../jose/ports.ts'
import { readJsonObject } from '../json.ts'
import { sdJwtLimits, splitSdJwt } from './compact.ts'
import { type OpenedSdJwt, openSdJwt } from './open.ts'

/** What a holder presents from. */
export interface StoredSdJwt {
  /** The issuer-signed JWT, as it was issued. */
  readonly jwt: string
  readonly opened: OpenedSdJwt
}

/**
 * Opens a compact SD-JWT without asking for its signature again. For what a holder took out of its
 * own store only; whatever comes from somebody else is judged.
 *
 * @throws {CredentialError} those of `splitSdJwt` and `openSdJwt`, and `base64url_malformed`,
 *   `utf8_malformed`, `json_malformed`, `json_not_object`, `json_name_repeated`
 */
export function openStoredSdJwt(compact: string, hash: Hash): StoredSdJwt {
  const { jwt, disclosures } = splitSdJwt(compact)
  const [, payload = ''] = jwt.split('.')
  const claims = readJsonObject(readBase64urlText(payload), { length: sdJwtLimits.characters })
  return { jwt, opened: openSdJwt(claims, disclosures, hash) }
}
