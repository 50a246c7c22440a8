/** What a wallet sends to have a credential issued, without a wallet. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { type generateKey, signerOf } from '@facet-id/crypto/node'
import type { Issuer } from '@facet-id/issuer'
import { PRE_AUTHORIZED_CODE_GRANT, tokenRequest } from '@facet-id/protocol/oauth'
import type { WireRequest } from '@facet-id/protocol/wire'
import { ISSUER } from '../flow/memory.ts'
import { specimen } from '../flow/specimen.ts'

/** Redeems an offer that is made for it. */
export async function tokenOffered(issuer: Issuer): Promise<WireRequest> {
  const { offer, txCode } = await issuer.offer({ configurationId: 'person', claims: specimen })
  const grant = offer.grants[PRE_AUTHORIZED_CODE_GRANT]
  return tokenRequest(`${ISSUER}/token`, {
    grant_type: PRE_AUTHORIZED_CODE_GRANT,
    'pre-authorized_code': grant?.['pre-authorized_code'] ?? '',
    ...(txCode === undefined ? {} : { tx_code: txCode }),
  })
}

export async function signedText(
  input: string,
  { privateJwk }: ReturnType<typeof generateKey>,
): Promise<string> {
  return writeJws(input, await signerOf(privateJwk).sign(utf8(input)))
}
