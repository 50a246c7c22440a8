/** An answer of a role as a response of the web. */
import type { WireResponse } from '@facet-id/protocol/wire'

/** @throws {RangeError} or {TypeError} of the platform when the status or a header is none of HTTP */
export function webResponse({ status, headers, body, stream }: WireResponse): Response {
  const hasBody = status !== 204 && status !== 304
  const content = stream === undefined ? body : streamOf(body, stream)
  return new Response(hasBody ? content : null, { status, headers: { ...headers } })
}

/** Asked for as fast as its peer reads; whoever makes the texts is told when the peer goes away. */
function streamOf(body: string, stream: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const texts = stream[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream({
    start(controller) {
      if (body !== '') controller.enqueue(encoder.encode(body))
    },
    async pull(controller) {
      const { done, value } = await texts.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel() {
      // It may be waiting for something that never comes: nobody waits for it here.
      Promise.resolve(texts.return?.()).catch(() => {})
    },
  })
}
