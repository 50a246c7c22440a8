/** For tests of the issuer: tokens of any kind, encrypted messages, and what comes after a credential response. */
import {
  type CredentialRequest,
  type CredentialResponse,
  credentialRequest,
  readCredentialResponse,
} from '@facet-id/protocol/openid4vci'
import { deferredCredentialRequest } from '@facet-id/protocol/openid4vci/afterwards'
import { decrypted, encrypted, findEncrypted, plainOf } from '@facet-id/protocol/openid4vci/encryption'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { encryptionKeyPair, hash, jweOpenerOf, type KeyPair, keyPair, sealJwe } from '@facet-id/testkit'
import { type AccessRecord, openAccess } from './authorization/access-store.ts'
import type { IssuerEncryption } from './ports.ts'
import { CREDENTIAL, nonceFrom, proofOf } from './wallet.test-support.ts'
import { ISSUER, type World } from './world.test-support.ts'

export const DEFERRED = `${ISSUER}/deferred-credential`
export const NOTIFICATION = `${ISSUER}/notification`

let tokens = 0

/** A token as an authorization server gives it to somebody who logged in. */
export async function tokenOf(here: World, changes: Partial<AccessRecord> = {}): Promise<string> {
  const token = `token-${++tokens}`
  const record = {
    grantId: `grant-${tokens}`,
    allowed: [{ configurationId: 'person' }],
    subject: 'subject-1',
    expiresAt: here.time.now() + 300,
    ...changes,
  }
  await here.state.store.commit([openAccess(hash('sha-256', token), record)])
  return token
}

/** A request that is right in everything: a fresh nonce, and as many keys as asked, or these. */
export async function requestWith(
  here: World,
  token: string,
  {
    copies = 1,
    keys = Array.from({ length: copies }, keyPair),
    ...more
  }: { readonly copies?: number; readonly keys?: readonly KeyPair[] } & Partial<CredentialRequest> = {},
): Promise<{ readonly request: WireRequest; readonly keys: readonly KeyPair[] }> {
  const nonce = await nonceFrom(here)
  const jwt = keys.map((pair) => proofOf(pair, { nonce, issuedAt: here.time.now() }))
  const asked = { credential_configuration_id: 'person', proofs: { jwt }, ...more }
  return { request: credentialRequest(CREDENTIAL, token, asked), keys }
}

export function collecting(
  token: string,
  transaction_id: string,
  more: { readonly credential_response_encryption?: WalletKey['asked'] } = {},
): WireRequest {
  return deferredCredentialRequest(DEFERRED, token, { transaction_id, ...more })
}

/** What a wallet is told that has to wait. */
export function deferredIn(response: WireResponse): Extract<CredentialResponse, { interval: number }> {
  const read = readCredentialResponse(response)
  if (!('transaction_id' in read)) throw new Error('the credentials are there')
  return read
}

/** A key of the issuer, and the port around it. */
export function issuerKey(kid = 'one'): {
  readonly encryption: IssuerEncryption
  readonly sealed: (request: WireRequest) => WireRequest
} {
  const { publicJwk, privateJwk } = encryptionKeyPair(kid)
  return {
    encryption: { keys: [{ publicJwk, open: jweOpenerOf(privateJwk) }], seal: sealJwe },
    sealed: (request) => encrypted(request, sealJwe(plainOf(request), { key: publicJwk, enc: 'A256GCM' })),
  }
}

export interface WalletKey {
  readonly asked: NonNullable<CredentialRequest['credential_response_encryption']>
  /** The answer in the clear. */
  readonly opened: (response: WireResponse) => WireResponse
}

export function walletKey(enc: 'A128GCM' | 'A256GCM' = 'A256GCM'): WalletKey {
  const { publicJwk, privateJwk } = encryptionKeyPair('wallet')
  return {
    asked: { jwk: publicJwk, enc },
    opened(response) {
      const jwe = findEncrypted(response)
      if (jwe === undefined) throw new Error('the answer is in the clear')
      return decrypted(response, jweOpenerOf(privateJwk)(jwe))
    },
  }
}
