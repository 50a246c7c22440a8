/** The text of what a DID has on the web, or why it could not be had. */
import type { Transport } from '@facet-id/protocol/wire'
import type { DidFailure } from './resolution.ts'

/** @param invalid what a text that breaks a bound makes of the DID */
export async function fetchText(
  url: string,
  transport: Transport,
  { accept, invalid }: { readonly accept: string; readonly invalid: DidFailure['code'] },
): Promise<string | DidFailure> {
  try {
    const { status, body } = await transport.send({ method: 'GET', url, headers: { accept } })
    if (status === 200) return body
    return status === 404 || status === 410
      ? { code: 'NOT_FOUND', detail: 'Nothing is published where the DID says.' }
      : unreached('The place that the DID names answers with something else.')
  } catch (error) {
    return failureOf(error, invalid)
  }
}

function failureOf(error: unknown, invalid: DidFailure['code']): DidFailure {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'address_refused':
    case 'https_required':
      return { code: 'INVALID_DID', detail: 'The DID names a place that is not called from here.' }
    case 'response_too_large':
    case 'message_malformed':
      return { code: invalid, detail: 'What is published is larger than is read here, or no text.' }
    default:
      return unreached('The place that the DID names is not reached: try again later.')
  }
}

function unreached(detail: string): DidFailure {
  return { code: 'INTERNAL_ERROR', detail }
}
