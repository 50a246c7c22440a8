/**
 * What an authorization server granted: it outlives the issuance, so that copies can be topped up and the
 * issuer told what became of its credentials. Gone with the last thing that it is for.
 */
import type { TokenResponse } from '@facet-id/protocol/oauth'
import type { CredentialIssuerId } from '@facet-id/protocol/openid4vci'
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'holder/grant'

export interface Grant {
  readonly grantId: string
  readonly credentialIssuer: CredentialIssuerId
  /** Identifier of the authorization server. */
  readonly server: string
  readonly accessToken: string
  readonly tokenType: TokenResponse['token_type']
  /** Seconds since the epoch; absent when the server did not say. */
  readonly expiresAt?: number
  /** Absent: when the access token is over, the person is asked again. */
  readonly refreshToken?: string
}

const form = recordForm<Grant>(1)

export function keepGrant(grant: Grant): Op {
  return { op: 'put', ns: NS, key: grant.grantId, value: form.write(grant) }
}

export function dropGrant(grantId: string): Op {
  return { op: 'del', ns: NS, key: grantId }
}

export async function findGrant(store: Store, grantId: string): Promise<Grant | undefined> {
  const entry = await store.get(NS, grantId)
  return entry && form.read(entry.value)
}

/** Whether anything can still be asked for with it. */
export function lives({ refreshToken, expiresAt }: Grant, now: number): boolean {
  return refreshToken !== undefined || expiresAt === undefined || expiresAt > now
}
