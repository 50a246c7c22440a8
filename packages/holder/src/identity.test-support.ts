/** Parties of tests: who they are, and how what they sign is checked. */
import { utf8 } from '@facet-id/credential/base64url'
import { findVerificationMethod, resolveDidJwk, writeDidJwk } from '@facet-id/credential/did'
import { readPublicJwk, writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { type KeyPair, keyPair, signerOf } from '@facet-id/testkit'
import type { HolderPorts } from './ports.ts'

export interface Identity {
  readonly did: string
  readonly kid: string
  readonly keys: KeyPair
}

export function identity(): Identity {
  const keys = keyPair()
  const did = writeDidJwk(keys.publicJwk)
  return { did, kid: `${did}#0`, keys }
}

/** Signs whatever it is given, as no honest party would. */
export function sign(header: object, payload: object, { keys }: Identity): string {
  const input = writeSigningInput(plain(header), plain(payload))
  return writeJws(input, signerOf(keys.privateJwk).sign(utf8(input)))
}

/** The members of all parts, the last one wins; one that is `undefined` is left out. */
export function plain(...parts: readonly object[]): JsonObject {
  return JSON.parse(JSON.stringify(Object.fromEntries(parts.flatMap((part) => Object.entries(part)))))
}

export const resolveKey: HolderPorts['resolveKey'] = ({ did, kid, relationship }) => {
  const method = findVerificationMethod(resolveDidJwk(did), kid, relationship)
  return method === undefined
    ? { refused: 'There is no such key.' }
    : { key: readPublicJwk(method.publicKeyJwk) }
}
