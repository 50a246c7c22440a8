/** Documents that are no text, such as revocation lists, through the same safe fetch as all others. */
import type { WireResponse } from '@facet-id/protocol/wire'

export interface BytesRequest {
  readonly url: string
  /** Media types that are asked for, as `Accept` has them. */
  readonly accept: string
}

export interface BytesResponse extends Omit<WireResponse, 'body'> {
  readonly body: Uint8Array
}

/** A GET whose answer is bytes. Rejects as `send` of a transport does, but for what is no UTF-8. */
export interface BytesTransport {
  fetchBytes(request: BytesRequest): Promise<BytesResponse>
}
