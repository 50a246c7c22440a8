/** The body of a document of trust as its address gives it out, or why there is none. */
import type { BytesResponse, BytesTransport } from '../bytes-transport.ts'
import type { TrustDocument } from './trust-document.ts'

export type FetchedBody =
  | { readonly body: Uint8Array }
  /** A sentence that is safe to show. */
  | { readonly failure: string }

export async function fetchDocument(
  { url, mediaTypes }: Pick<TrustDocument<unknown>, 'url' | 'mediaTypes'>,
  transport: BytesTransport,
): Promise<FetchedBody> {
  let response: BytesResponse
  try {
    response = await transport.fetchBytes({ url, accept: mediaTypes.join(', ') })
  } catch (error) {
    return { failure: failureOf(error) }
  }
  // A redirect is an answer that is no document: whoever moves a list tells those who configured it.
  if (response.status !== 200) return { failure: 'Its server answered with another status than 200.' }
  const [mediaType = ''] = (response.headers['content-type'] ?? '').toLowerCase().split(';', 1)
  return mediaTypes.includes(mediaType.trim())
    ? { body: response.body }
    : { failure: 'It is not given out as what it should be: the Content-Type is another.' }
}

function failureOf(error: unknown): string {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'peer_timed_out':
      return 'It was not given out in time.'
    case 'peer_unreachable':
      return 'Its server is not reached.'
    case 'response_too_large':
      return 'It is larger than is read here.'
    case 'address_refused':
    case 'https_required':
      return 'It is at an address that is not called from here.'
    case 'message_malformed':
      return 'It, or its address, cannot be read.'
    default:
      return 'It could not be had, and it is not known why.'
  }
}
