/** What a wallet made of Credo does besides answering links. */
import type { CredoHolder, present } from '../credo/holder.ts'
import { secondEngine } from '../second-engine.ts'
import { personalIn } from './credo-verifier.ts'

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

/** The claims that are in its answer, by the id of the query, whoever asked for them. */
export async function leaving({
  authorizationResponsePayload: { vp_token },
}: Awaited<ReturnType<typeof present>>): Promise<Readonly<Record<string, object>>> {
  const each = Object.entries(vp_token as Record<string, [string]>).map(async ([id, [presentation]]) => {
    const claims = await secondEngine.getClaims(presentation)
    return [id, personalIn({ ...(claims as object) })] as const
  })
  return Object.fromEntries(await Promise.all(each))
}
