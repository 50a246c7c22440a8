/** What a wallet made of Credo does besides answering links. */
import type { CredoHolder } from '../credo/holder.ts'

/** Its answer to what a page at that origin asked for. */
export async function answerOfCredo(holder: CredoHolder, request: object, origin: string): Promise<object> {
  const api = holder.openid4vc.holder
  const resolved = await api.resolveOpenId4VpAuthorizationRequest({ ...request }, { origin })
  if (resolved.dcql === undefined) throw new Error('no DCQL query')
  const { authorizationResponse } = await api.acceptOpenId4VpAuthorizationRequest({
    authorizationRequestPayload: resolved.authorizationRequestPayload,
    dcql: { credentials: api.selectCredentialsForDcqlRequest(resolved.dcql.queryResult) },
    origin,
  })
  return authorizationResponse
}

/** Answers a link, and authorizes each of its transactions with the credential for that query. */
export async function authorizeByCredo(holder: CredoHolder, link: string, queryIds: readonly string[]) {
  const api = holder.openid4vc.holder
  const resolved = await api.resolveOpenId4VpAuthorizationRequest(link)
  if (resolved.dcql === undefined) throw new Error('no DCQL query')
  return api.acceptOpenId4VpAuthorizationRequest({
    authorizationRequestPayload: resolved.authorizationRequestPayload,
    dcql: { credentials: api.selectCredentialsForDcqlRequest(resolved.dcql.queryResult) },
    transactionData: queryIds.map((credentialId) => ({ credentialId })),
  })
}
