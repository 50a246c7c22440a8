/** What a status list token holds: how many entries, and how many of each meaning. */
import { readBase64url } from '@facet-id/credential/base64url'
import { findMember, type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { type StatusMeaning, statusAt, statusMeaning } from '@facet-id/credential/status-list'
import { inflate } from '@facet-id/crypto/node'
import { readStatusListToken } from '@facet-id/protocol/token-status-list'

export interface ListSummary {
  readonly bits: number
  readonly entries: number
  /** Meanings that no entry has are left out. */
  readonly counts: Readonly<Partial<Record<StatusMeaning, number>>>
}

/** @throws {ProtocolError} {CredentialError} {CryptoError} when it is no list that can be read */
export async function summaryOf(jwt: string): Promise<ListSummary> {
  const { bits, lst, maxBytes } = readStatusListToken(jwt, {
    uri: subjectOf(jwt),
    x5c: findMember(partOf(jwt, 0), 'x5c') === undefined ? 'forbidden' : 'required',
  })
  const bytes = await inflate(lst, maxBytes)
  const perByte = 8 / bits
  const counts: Partial<Record<StatusMeaning, number>> = {}
  // Each of 256 bytes is taken apart once, however long the list is.
  for (const [byte, times] of histogramOf(bytes).entries()) {
    if (times === 0) continue
    for (let place = 0; place < perByte; place++) {
      const meaning = statusMeaning(statusAt(Uint8Array.of(byte), bits, place))
      counts[meaning] = (counts[meaning] ?? 0) + times
    }
  }
  return { bits, entries: bytes.length * perByte, counts }
}

function histogramOf(bytes: Uint8Array): readonly number[] {
  const times = new Array<number>(256).fill(0)
  for (const byte of bytes) times[byte] = (times[byte] ?? 0) + 1
  return times
}

/**
 * Nobody said which list was meant: it is taken for the one that it says it is.
 *
 * @throws {CredentialError} when it is no token that can be read
 */
export function subjectOf(jwt: string): string {
  return String(findMember(partOf(jwt, 1), 'sub'))
}

function partOf(jwt: string, place: 0 | 1): JsonObject {
  const text = new TextDecoder().decode(readBase64url(jwt.split('.', 2)[place] ?? ''))
  return readJsonObject(text, { length: text.length })
}
