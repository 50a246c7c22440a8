/**
 * What the issuer says about itself, plain or signed, as whoever asks likes better. OpenID4VCI 1.0 §12.2.2,
 * §12.2.3. Anybody may ask, so the signed form is signed once and given out for a while.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { writeCredentialIssuerMetadataResponse } from '@facet-id/protocol/openid4vci'
import {
  prefersSignedMetadata,
  writeSignedMetadataInput,
  writeSignedMetadataResponse,
} from '@facet-id/protocol/openid4vci/metadata'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { keyNaming, signerFor } from '../issuance/known-by.ts'
import { credentialIssuerMetadata } from '../metadata.ts'
import type { IssuerPorts } from '../ports.ts'
import type { IssuerSettings } from '../settings.ts'

export interface MetadataAnswers {
  answer(request: WireRequest): Promise<WireResponse>
}

/** Seconds for which one signature is given out, and after which what was signed is worth nothing. */
const SIGNED_FOR = 300
const LIFETIME = 24 * 3600

export function createMetadataAnswers(ports: IssuerPorts, settings: IssuerSettings): MetadataAnswers {
  let signed: { readonly at: number; readonly token: Promise<string> } | undefined

  async function sign(iat: number): Promise<string> {
    const { knownBy } = settings
    const signer = signerFor(knownBy, ports)
    const { alg } = signer
    const key = keyNaming(knownBy, settings, signer)
    const input = writeSignedMetadataInput(
      credentialIssuerMetadata(settings, ports),
      { iat, exp: iat + LIFETIME },
      key.by === 'x5c' ? { alg, x5c: key.chain } : { alg, kid: key.kid },
    )
    return writeJws(input, await signer.sign(utf8(input)))
  }

  return {
    async answer(request) {
      if (!prefersSignedMetadata(request)) {
        return varying(writeCredentialIssuerMetadataResponse(credentialIssuerMetadata(settings, ports)))
      }
      const now = ports.now()
      if (signed === undefined || now - signed.at >= SIGNED_FOR || now < signed.at) {
        const token = sign(now)
        const latest = { at: now, token }
        signed = latest
        // A key that cannot be reached now may be reached by whoever asks next.
        token.catch(() => {
          if (signed === latest) signed = undefined
        })
      }
      return varying(writeSignedMetadataResponse(await signed.token))
    },
  }
}

/** RFC 9110 §12.5.5: whoever keeps one form must not give it to those who like the other. */
function varying(response: WireResponse): WireResponse {
  return { ...response, headers: { ...response.headers, vary: 'accept' } }
}
