/**
 * What others say of a verifier, as it stands in a request. OpenID4VP 1.0 §5.1, §5.11.
 *
 * Nothing in it is proven by the request that carries it: who uses a format verifies its signature, and that it
 * is about this client.
 */
import type { JsonObject } from '@facet-id/credential/json'
import * as v from 'valibot'
import {
  jsonObject,
  list,
  members,
  optional,
  type Plain,
  type Reader,
  type Reads,
  type Same,
  text,
} from '../../read.ts'

export type VerifierInfo = {
  /** How `data` is written; a wallet passes over those that it does not know. */
  readonly format: string
  readonly data: string | JsonObject
  /** The queries that it is about; absent: all of them. */
  readonly credential_ids?: readonly string[]
}

const ENTRIES = 16
const DATA_LENGTH = 32_768

const entry = members({
  format: text(),
  data: v.union([text(DATA_LENGTH), jsonObject]),
  credential_ids: optional(list(text())),
})

true satisfies Same<Plain<Omit<VerifierInfo, 'data'>>, Omit<Reads<typeof entry>, 'data'>>

/** Reads the list; for the schema of the request object. */
export const verifierInfo: Reader<readonly VerifierInfo[]> = list(entry, ENTRIES)
