import { isJsonArray, isJsonObject, type JsonValue } from '@facet-id/credential/json'
import { outcomeOf, seededRandom, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { jsonResponse } from './body.ts'
import {
  readAttestationChallengeResponse,
  writeAttestationChallengeResponse,
} from './oauth/client-attestation/index.ts'
import {
  type ErrorResponse,
  PRE_AUTHORIZED_CODE_GRANT,
  readAuthorizationServerMetadataResponse,
  readErrorResponse,
  readTokenRequest,
  readTokenResponse,
  tokenRequest,
  writeAuthorizationServerMetadataResponse,
  writeErrorResponse,
  writeTokenResponse,
} from './oauth/index.ts'
import {
  deferredCredentialRequest,
  notificationRequest,
  readDeferredCredentialRequest,
  readNotificationRequest,
} from './openid4vci/afterwards/index.ts'
import {
  credentialRequest,
  readCredentialIssuerId,
  readCredentialIssuerMetadataResponse,
  readCredentialOffer,
  readCredentialRequest,
  readCredentialResponse,
  readNonceResponse,
  readOfferLink,
  writeCredentialIssuerMetadataResponse,
  writeCredentialResponse,
  writeNonceResponse,
  writeOfferLink,
} from './openid4vci/index.ts'

/** A message: its vectors, how its text is read, and how what was read is written as text again. */
interface Exchange {
  readonly area: string
  readonly again: (text: string) => string
}

const issuer = readCredentialIssuerId('https://issuer.example/tenant')
const endpoint = 'https://issuer.example/endpoint'
const post = { method: 'POST', url: endpoint } as const
const json = { 'content-type': 'application/json' }

const exchanges: readonly Exchange[] = [
  {
    area: 'oauth/token-request',
    again: (body) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return tokenRequest(endpoint, readTokenRequest({ ...post, headers, body })).body ?? ''
    },
  },
  {
    area: 'oauth/token-response',
    again: (body) => writeTokenResponse(readTokenResponse(jsonResponse(body))).body,
  },
  {
    area: 'oauth/error-response',
    again: (body) => {
      const read: ErrorResponse = readErrorResponse({ ...jsonResponse(body), status: 400 })
      return writeErrorResponse(read, read.error_description).body
    },
  },
  {
    area: 'oauth/authorization-server-metadata',
    again: (body) =>
      writeAuthorizationServerMetadataResponse(
        readAuthorizationServerMetadataResponse(jsonResponse(body), issuer),
      ).body,
  },
  {
    area: 'oauth/attestation-challenge',
    again: (body) =>
      writeAttestationChallengeResponse(readAttestationChallengeResponse(jsonResponse(body))).body,
  },
  { area: 'openid4vci/offer-link', again: (link) => writeOfferLink(readOfferLink(link)) },
  {
    area: 'openid4vci/credential-offer',
    again: (body) => JSON.stringify(readCredentialOffer(body)),
  },
  {
    area: 'openid4vci/credential-issuer-metadata',
    again: (body) =>
      writeCredentialIssuerMetadataResponse(readCredentialIssuerMetadataResponse(jsonResponse(body), issuer))
        .body,
  },
  {
    area: 'openid4vci/nonce-response',
    again: (body) => writeNonceResponse(readNonceResponse(jsonResponse(body))).body,
  },
  {
    area: 'openid4vci/credential-request',
    again: (body) =>
      credentialRequest(endpoint, 'token', readCredentialRequest({ ...post, headers: json, body })).body ??
      '',
  },
  {
    area: 'openid4vci/deferred-credential-request',
    again: (body) =>
      deferredCredentialRequest(
        endpoint,
        'token',
        readDeferredCredentialRequest({ ...post, headers: json, body }),
      ).body ?? '',
  },
  {
    area: 'openid4vci/notification-request',
    again: (body) =>
      notificationRequest(endpoint, 'token', readNotificationRequest({ ...post, headers: json, body }))
        .body ?? '',
  },
  {
    area: 'openid4vci/credential-response',
    again: (body) => writeCredentialResponse(readCredentialResponse(jsonResponse(body))).body,
  },
]

for (const { area, again } of exchanges) {
  const all = vectors(new URL(`../vectors/${area}/`, import.meta.url))
  const texts = all.map(({ input }) => (typeof input === 'string' ? input : JSON.stringify(input)))

  test(`whatever is read of ${area} comes back byte for byte once it was written`, () => {
    const accepted = texts.filter((_, i) => all[i]?.expect === 'accepted')
    expect(accepted.length).toBeGreaterThan(0)
    for (const text of accepted) {
      const canonical = again(text)
      expect(again(canonical)).toBe(canonical)
    }
  })

  test(`a message of ${area} that was tampered with is refused with a code, or read to the end`, () => {
    const draw = seededRandom(area)
    const pick = (below: number): number => {
      const [high = 0, low = 0] = draw(2)
      return (high * 256 + low) % below
    }
    let read = 0
    for (let round = 0; round < 1500; round++) {
      const text = tamper(texts[pick(texts.length)] ?? '', pick)
      const outcome = outcomeOf(() => {
        const canonical = again(text)
        expect(again(canonical)).toBe(canonical)
      })
      if (outcome === 'accepted') read++
      else expect(CODES).toContain(outcome)
    }
    expect(read).toBeGreaterThan(0)
  })
}

const CODES = [
  'message_malformed',
  'message_too_large',
  'feature_unsupported',
  'encryption_unsupported',
  'proof_malformed',
  'authorization_details_malformed',
  'https_required',
]

const STRANGE: readonly JsonValue[] = [
  null,
  true,
  0,
  -1,
  1.5,
  '',
  'x',
  [],
  {},
  [[]],
  [null],
  { __proto__: null },
]

const NAMES = [
  '__proto__',
  'constructor',
  'x',
  'error',
  'proofs',
  'credential_issuer',
  PRE_AUTHORIZED_CODE_GRANT,
]

/** One change somewhere: in the value where the text is JSON, in the characters where it is not. */
function tamper(text: string, pick: (below: number) => number): string {
  let value: JsonValue
  try {
    value = JSON.parse(text)
  } catch {
    const at = pick(text.length + 1)
    const piece = ['&', '=', '%', '%00', '+', 'é', '"', 'a'][pick(8)] ?? ''
    return text.slice(0, at) + piece + text.slice(at + pick(2))
  }
  return JSON.stringify(change(value, pick))
}

function change(value: JsonValue, pick: (below: number) => number): JsonValue {
  const strange = STRANGE[pick(STRANGE.length)] ?? null
  if (isJsonArray(value) && value.length > 0 && pick(4) > 0) {
    const at = pick(value.length)
    if (pick(6) === 0) return [...value, ...value.slice(at)]
    return value.map((item, i) => (i === at ? change(item, pick) : item))
  }
  const entries = isJsonObject(value) ? Object.entries(value) : []
  if (entries.length > 0 && pick(4) > 0) {
    const at = pick(entries.length)
    const how = pick(6)
    if (how === 0) return Object.fromEntries(entries.filter((_, i) => i !== at))
    if (how === 1) return Object.fromEntries([...entries, [NAMES[pick(NAMES.length)] ?? 'y', strange]])
    return Object.fromEntries(entries.map(([name, item], i) => [name, i === at ? change(item, pick) : item]))
  }
  return strange
}
