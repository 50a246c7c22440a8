/** A world in which documents are given out at addresses, for tests. */
import type { Transport, WireResponse } from '@facet-id/protocol/wire'
import { type Clock, clock } from '@facet-id/testkit'

export interface Publishing {
  readonly transport: Transport
  readonly clock: Clock
  /** What was fetched so far. */
  readonly asked: string[]
  /** By address; what is not there is a 404. May be changed. */
  readonly pages: Record<string, WireResponse | (() => WireResponse | Promise<WireResponse>)>
}

export function publishing(pages: Publishing['pages'] = {}): Publishing {
  const asked: string[] = []
  const transport: Transport = {
    async send({ url }) {
      asked.push(url)
      const page = pages[url] ?? { status: 404, headers: {}, body: '' }
      return typeof page === 'function' ? page() : page
    },
  }
  return { transport, clock: clock(1_800_000_000), asked, pages }
}

export function jsonPage(document: unknown, headers: WireResponse['headers'] = {}): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof document === 'string' ? document : JSON.stringify(document),
  }
}

/** A transport's refusal. */
export function failing(code: string): () => never {
  return () => {
    throw Object.assign(new Error('no answer'), { code })
  }
}
