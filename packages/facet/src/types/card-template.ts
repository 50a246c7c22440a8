/** A template of a card: out of its `data:` URI, or fetched; held against its integrity value. */
import type { Hash } from '@facet-id/credential/jose'
import { checkIntegrity, type SvgTemplate } from '@facet-id/credential/type-metadata'
import type { Transport } from '@facet-id/protocol/wire'
import { FacetError } from '../error.ts'

export interface TemplatePorts {
  /** The safe one: where a template lies is said by others. */
  readonly transport: Transport
  readonly hash: Hash
}

/**
 * The text of the template. draft-ietf-oauth-sd-jwt-vc-19 §5.5.1.2, §6: the integrity value is over the
 * bytes that were received.
 *
 * @throws {FacetError} `card_not_drawn` when it cannot be had; {CredentialError} `integrity_unsupported`,
 *   `integrity_mismatch`; {ProtocolError} `peer_unreachable`, `address_refused` and its like
 */
export async function templateOf(
  { uri, 'uri#integrity': integrity }: SvgTemplate,
  ports: TemplatePorts,
): Promise<string> {
  const text = uri.startsWith('data:') ? textOfDataUri(uri) : await fetchTemplate(uri, ports.transport)
  if (integrity !== undefined) checkIntegrity(text, integrity, ports.hash)
  return text
}

function textOfDataUri(uri: string): string {
  const [, base64, data = ''] = /^data:image\/svg\+xml(?:;charset=utf-8)?(;base64)?,(.*)$/i.exec(uri) ?? []
  try {
    if (data !== '') return base64 === undefined ? decodeURIComponent(data) : textOfBase64(data)
  } catch {
    // Neither UTF-8 nor a text in it: said below.
  }
  throw new FacetError('card_not_drawn', 'The template of the type is no SVG in UTF-8')
}

function textOfBase64(data: string): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(data, 'base64'))
}

/** The transport gives the text of what it received: UTF-8 and nothing else, so its bytes are known. */
async function fetchTemplate(url: string, transport: Transport): Promise<string> {
  const { status, headers, body } = await transport.send({
    method: 'GET',
    url,
    headers: { accept: 'image/svg+xml' },
  })
  // §3: what comes with an error is not used, and a redirect is not followed.
  if (status !== 200)
    throw new FacetError('card_not_drawn', 'The template of the type was not given out by its server')
  const [mediaType = ''] = (headers['content-type'] ?? '').toLowerCase().split(';', 1)
  if (mediaType.trim() !== 'image/svg+xml')
    throw new FacetError('card_not_drawn', 'The template of the type must be given out as image/svg+xml')
  return body
}
