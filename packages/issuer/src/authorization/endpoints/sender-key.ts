/** To which key tokens are bound: whoever sends a request proves it beside. RFC 9449 §5, §10. */
import type { WireRequest } from '@facet-id/protocol/wire'
import { IssuerError } from '../../error.ts'
import type { Issuing } from '../../issuing.ts'

/** The thumbprint of the key that proved itself with this request; `undefined` where none did. */
export async function senderKeyOf(_request: WireRequest, _issuing: Issuing): Promise<string | undefined> {
  return undefined
}

/** @throws {IssuerError} `sender_key_differs` where a key was named before, and it is another */
export function checkSenderKey(named: string | undefined, proven: string | undefined): void {
  if (named === undefined || named === proven) return
  throw new IssuerError(
    'sender_key_differs',
    'The key that is proven here is not the one that was named before',
  )
}
