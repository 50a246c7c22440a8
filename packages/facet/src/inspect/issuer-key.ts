/** The key that a token says it is signed with, where it can be had without asking anybody. */
import { readFile } from 'node:fs/promises'
import { type PublicJwk, readPublicJwk } from '@facet-id/credential/jose'
import {
  findMember,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJsonObject,
} from '@facet-id/credential/json'
import type { KeyAnswer } from '@facet-id/credential/sd-jwt-vc'
import { createKeyResolver } from '@facet-id/resolve'
import { codeOf, FacetError } from '../error.ts'
import { findChain } from './chain.ts'
import type { Judging } from './finding.ts'
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
 * @returns the key of the certificate in `x5c`, of the did:jwk in `kid`, or of the `jwk` in the header. The
 * first and the last show no more than that who signed has the key
 */
export async function issuerKeyOf(
  { header, payload }: TokenRead,
  given?: PublicJwk,
): Promise<Pick<Judging, 'key' | 'keyBy'>> {
  if (given !== undefined) return { key: { key: given }, keyBy: 'given' }
  if (Object.hasOwn(header, 'x5c')) return { key: certifiedKey(header), keyBy: 'certificate' }
  const own = findMember(header, 'jwk')
  if (isJsonObject(own)) return { key: ownKey(own), keyBy: 'brought' }
  return { key: await namedKey(findMember(header, 'kid'), findMember(payload, 'iss')), keyBy: 'named' }
}

async function namedKey(kid: JsonValue | undefined, iss: JsonValue | undefined): Promise<KeyAnswer> {
  const did = typeof iss === 'string' ? iss : typeof kid === 'string' ? (kid.split('#', 1)[0] ?? '') : ''
  if (typeof kid !== 'string' && !/^https?:/.test(did)) {
    return { undetermined: 'The token names no key; give one with --key.' }
  }
  if (typeof kid !== 'string' || !did.startsWith('did:jwk:')) {
    return {
      undetermined:
        'The key of this issuer is not in its name, and nothing is fetched here; give it with --key.',
    }
  }
  return createKeyResolver().resolveKey({ did, kid, relationship: 'assertionMethod' })
}

/** The leaf's, whose owner is whoever the certificate says, if anybody believes it. */
function certifiedKey(header: JsonObject): KeyAnswer {
  try {
    const [leaf] = findChain(header) ?? []
    if (leaf !== undefined) return { key: leaf.key }
  } catch (error) {
    if (codeOf(error) === undefined) throw error
  }
  return { refused: 'The certificates that the token brings along cannot be read.' }
}

function ownKey(jwk: Parameters<typeof readPublicJwk>[0]): KeyAnswer {
  try {
    return { key: readPublicJwk(jwk) }
  } catch {
    return { refused: 'The key that the token brings along cannot be used.' }
  }
}
