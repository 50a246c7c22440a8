/** What an encrypted message tells without the key: its header, and whether it is one that a reader of ours opens. */
import { readBase64urlText } from '@facet-id/credential/base64url'
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { jweEncryptions, readJwe } from '@facet-id/credential/jwe'
import { codeOf } from '../error.ts'
import type { Finding } from './finding.ts'

/** Five parts, joined by dots (RFC 7516 §7.1); any of them but the header may be empty. */
const JWE = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){4}$/
/** Longer headers are refused by every reader; what stands in them is nothing to show. */
const LONGEST_HEADER = 4096

export function isEncrypted(text: string): boolean {
  return JWE.test(text)
}

/** @throws {CredentialError} `base64url_malformed`, `utf8_malformed`, and those of `readJsonObject` */
export function readEncryptedHeader(text: string): JsonObject {
  const [header = ''] = text.split('.', 1)
  return readJsonObject(readBase64urlText(header), { length: LONGEST_HEADER })
}

export function checkEncrypted(text: string): readonly Finding[] {
  const contents = {
    code: 'contents',
    outcome: 'skipped',
    text: 'What is inside, and by whom, only the owner of the key can tell.',
  } as const
  try {
    readJwe(text, { encs: jweEncryptions, maxBytes: text.length })
  } catch (error) {
    const reason = codeOf(error)
    if (reason === undefined || !(error instanceof Error)) throw error
    return [{ code: 'format', outcome: 'fail', text: `${error.message} [${reason}].` }, contents]
  }
  return [
    { code: 'format', outcome: 'pass', text: 'The text is an encrypted message in its strict form.' },
    contents,
  ]
}
