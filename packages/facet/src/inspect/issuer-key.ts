/** The key that a token says it is signed with, where it can be had without asking anybody. */
import { readFile } from 'node:fs/promises'
import { type PublicJwk, readPublicJwk } from '@facet-id/credential/jose'
import { findMember, isJsonObject, readJsonObject } from '@facet-id/credential/json'
import type { KeyAnswer } from '@facet-id/credential/sd-jwt-vc'
import { createKeyResolver } from '@facet-id/resolve'
import { FacetError } from '../error.ts'
import type { TokenRead } from './read-token.ts'

/** @throws {FacetError} `file_unusable`: no JSON; {CredentialError} `jwk_malformed`, `jwk_private`, `jwk_unsupported` */
export async function readKeyFile(file: string): Promise<PublicJwk> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} cannot be read: --key names a file with a public JWK`, {
      cause,
    })
  }
  return readPublicJwk(readJsonObject(text))
}

/**
 * @param given by the person; it wins over what the token says
 * @returns the key of the did:jwk in `kid`, or of the `jwk` in the header, which shows no more than that
 * who signed has the key
 */
export async function issuerKeyOf({ header, payload }: TokenRead, given?: PublicJwk): Promise<KeyAnswer> {
  if (given !== undefined) return { key: given }
  const kid = findMember(header, 'kid')
  const own = findMember(header, 'jwk')
  if (isJsonObject(own)) return ownKey(own)
  if (typeof kid !== 'string') return { undetermined: 'The token names no key; give one with --key.' }
  const iss = findMember(payload, 'iss')
  const did = typeof iss === 'string' ? iss : (kid.split('#', 1)[0] ?? '')
  if (!did.startsWith('did:jwk:')) {
    return {
      undetermined:
        'The key of this issuer is not in its name, and nothing is fetched here; give it with --key.',
    }
  }
  return createKeyResolver().resolveKey({ did, kid, relationship: 'assertionMethod' })
}

function ownKey(jwk: Parameters<typeof readPublicJwk>[0]): KeyAnswer {
  try {
    return { key: readPublicJwk(jwk) }
  } catch {
    return { refused: 'The key that the token brings along cannot be used.' }
  }
}
