/**
 * An answer that goes on (server-sent events): sent text by text as it comes, until it ends, its peer goes away or
 * the server closes. Whoever makes the texts is told to stop in each case.
 */
import type { ServerResponse } from 'node:http'
import type { WireResponse } from '@facet-id/protocol/wire'

export interface StreamedAnswer extends WireResponse {
  readonly stream: AsyncIterable<string>
}

/** Those under way. */
export interface Streams {
  /** @param end called once, when all are to end */
  begin(end: () => void): { readonly done: () => void }
  /** Ends all, and each that begins afterwards. */
  end(): void
}

/** A line that says nothing: it keeps proxies and idle limits from cutting the connection. */
const STILL_HERE = ':\n\n'
const LONGEST_SILENCE_MS = 15_000

export function createStreams(): Streams {
  const under = new Set<() => void>()
  let isOver = false
  return {
    begin(end) {
      under.add(end)
      if (isOver) end()
      return { done: () => under.delete(end) }
    },
    end() {
      isOver = true
      for (const end of under) end()
    },
  }
}

/** Rejects with what the maker of the texts throws; the connection is then for the caller to cut. */
export async function sendStream(
  response: ServerResponse,
  { status, headers, body, stream }: StreamedAnswer,
  { streams, limits }: { readonly streams: Streams; readonly limits: { readonly idleTimeoutMs: number } },
): Promise<void> {
  const texts = stream[Symbol.asyncIterator]()
  let over = (): void => {}
  const ended = new Promise<'over'>((resolve) => {
    over = () => resolve('over')
  })
  response.once('close', over)
  const { done } = streams.begin(over)
  const silence = Math.min(LONGEST_SILENCE_MS, Math.max(1, Math.floor(limits.idleTimeoutMs / 2)))
  const beat = setInterval(() => response.write(STILL_HERE), silence)
  try {
    if (response.destroyed) return
    response.writeHead(status, headers)
    response.write(body)
    for (;;) {
      const next = await Promise.race([texts.next(), ended])
      if (next === 'over' || next.done === true) break
      await written(response, next.value, ended)
    }
    response.end()
  } finally {
    clearInterval(beat)
    done()
    // It may be waiting for something that never comes: nobody waits for it here.
    Promise.resolve(texts.return?.()).catch(() => {})
  }
}

/** A peer that does not read holds up its own stream, and no memory. */
async function written(response: ServerResponse, text: string, ended: Promise<unknown>): Promise<void> {
  if (response.write(text)) return
  await Promise.race([new Promise((resolve) => response.once('drain', resolve)), ended])
}
