/** The checks on a signed token that is no credential: its strict form, its signature, its times. */
import { CredentialError } from '@facet-id/credential/error'
import {
  algorithmOf,
  checkOf,
  type Jws,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
} from '@facet-id/credential/jose'
import { findMember, type JsonObject } from '@facet-id/credential/json'
import { checkSignatures } from '@facet-id/crypto/node'
import type { Finding, Judging, KeyWord } from './finding.ts'
import type { TokenRead } from './read-token.ts'

/** By how much honest clocks may differ. */
export const CLOCK_SKEW_SECONDS = 30

export async function checkSigned(
  text: string,
  { header, payload }: TokenRead,
  { key, keyBy, now }: Judging,
): Promise<readonly Finding[]> {
  const read = readStrictly(text, header)
  if ('fault' in read) return [read.fault, ...checkTimes(payload, now)]
  const pass = {
    code: 'format',
    outcome: 'pass',
    text: 'The text is a signed token in its strict form.',
  } as const
  return [pass, await checkSigner(read.jws, { key, keyBy }), ...checkTimes(payload, now)]
}

type Strict = { readonly jws: Jws } | { readonly fault: Finding }

function readStrictly(text: string, header: JsonObject): Strict {
  const typ = findMember(header, 'typ')
  try {
    const jws = readJws(text, {
      typ: typeof typ === 'string' ? typ : '',
      algs: jwsAlgorithms,
      maxBytes: text.length,
      x5c: 'allowed',
      ...(Object.hasOwn(header, 'jwk') ? { jwk: 'required' } : {}),
    })
    return { jws }
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error
    return { fault: { code: 'format', outcome: 'fail', reason: error.code, text: `${error.message}.` } }
  }
}

type Signer = Pick<Judging, 'key' | 'keyBy'>

async function checkSigner(jws: Jws, { key: answer, keyBy }: Signer): Promise<Finding> {
  const code = 'signature'
  if ('undetermined' in answer) return { code, outcome: 'undetermined', text: answer.undetermined }
  if ('refused' in answer)
    return { code, outcome: 'fail', reason: 'issuer_key_refused', text: answer.refused }
  return checkUnder(jws, answer.key, keyBy)
}

const keyNames: Readonly<Record<KeyWord, string>> = {
  given: 'the key that was given',
  named: 'the key that it names',
  brought: 'the key that it brings along, whoever has it',
  certificate: 'the key of the certificate that it brings along, whoever believes that',
}

async function checkUnder(jws: Jws, key: PublicJwk, keyBy: KeyWord): Promise<Finding> {
  const code = 'signature'
  const [verdict] = await checkSignatures([checkOf(jws, key)])
  if (verdict === 'valid') {
    const whose = keyNames[keyBy]
    return { code, outcome: 'pass', text: `The signature is valid under ${whose}.` }
  }
  const text = `The signature is not valid: the token was changed or forged, or is not by this ${algorithmOf(key)} key.`
  return {
    code,
    outcome: 'fail',
    reason: verdict === 'key_unusable' ? 'key_unusable' : 'signature_invalid',
    text,
  }
}

function checkTimes(payload: JsonObject, now: number): readonly Finding[] {
  const code = 'validity'
  const [iat, nbf, exp] = ['iat', 'nbf', 'exp'].map((name) => findMember(payload, name))
  if (typeof exp === 'number' && exp <= now) {
    return [{ code, outcome: 'fail', reason: 'expired', text: 'The token has expired.' }]
  }
  const from = Math.max(typeof iat === 'number' ? iat : 0, typeof nbf === 'number' ? nbf : 0)
  if (from > now + CLOCK_SKEW_SECONDS) {
    return [{ code, outcome: 'fail', reason: 'not_yet_valid', text: 'The token is made for a time to come.' }]
  }
  return [{ code, outcome: 'pass', text: 'By its times the token is valid now.' }]
}
