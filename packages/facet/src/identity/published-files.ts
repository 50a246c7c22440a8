/** The files under which a DID of a node is found, answered beside what its role answers. */
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { Dids } from '@facet-id/veramo'

const NAMES = /\/did(?:\.json|\.jsonl|-witness\.json)$/

/**
 * The answer to whoever looks for the DID; `undefined`: the request is for something else.
 *
 * @param did of the node; absent: not known yet
 */
export async function answerPublished(
  { method, url }: WireRequest,
  dids: Dids,
  did: string | undefined,
): Promise<WireResponse | undefined> {
  if (did === undefined || method !== 'GET' || !URL.canParse(url)) return undefined
  const { pathname } = new URL(url)
  if (!NAMES.test(pathname)) return undefined
  const file = (await dids.filesOf(did)).find(({ path }) => path === pathname)
  if (file === undefined) return undefined
  // Short, so that a key that was just made is known soon.
  const headers = { 'content-type': file.mediaType, 'cache-control': 'max-age=60' }
  return { status: 200, headers, body: file.body }
}
