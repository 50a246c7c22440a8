/**
 * The credential that the benchmarks of credentials measure: ten disclosable claims, a key of the holder, a
 * reference to a status list, ES256; presented with three claims and a key binding JWT. What our engine and the
 * other one (`@sd-jwt/core`, on the same native cryptography) do with it stands side by side.
 */
import { createHash } from 'node:crypto'
import { readBase64url, utf8, writeBase64url } from '@facet-id/credential/base64url'
import { type PublicJwk, writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import {
  type ClaimsPath,
  type OpenedSdJwt,
  openStoredSdJwt,
  selectDisclosures,
  writeKeyBindingInput,
  writeSdJwt,
} from '@facet-id/credential/sd-jwt'
import {
  type Answer,
  beginJudgement,
  type Expectations,
  nextQuestion,
  type Question,
  type Report,
  reportOf,
  takeAnswer,
  writeCredentialToSign,
} from '@facet-id/credential/sd-jwt-vc'
import { checkSignatures, generateKey, hash, type KeyPair, random, signerOf } from '@facet-id/crypto/node'
import { SDJwtInstance } from '@sd-jwt/core'
import { claims, frame } from './reference-claims.ts'

export const now = 1_800_000_000
const iss = 'did:web:issuer.example'
const kid = `${iss}#key-1`
export const issuerKeys: KeyPair = generateKey()
const issuerSigner = signerOf(issuerKeys.privateJwk, kid)
const tools = { hash, random }

export const paths: readonly ClaimsPath[] = [
  ['family_name'],
  ['nationalities', 0],
  ['age_equal_or_over', '18'],
]
const theirPaths = { family_name: true, nationalities: { 0: true }, age_equal_or_over: { '18': true } }

export const binding = { nonce: 'n-0S6_WzA2MjKq7VwTtY5z3A', audience: 'x509_san_dns:verifier.example' }

export const expected: Expectations = {
  now,
  skewSeconds: 60,
  algs: ['ES256'],
  keyBinding: { binding: 'required', ...binding, maxAgeSeconds: 300 },
  vcts: ['urn:facet:person:1'],
  status: 'required',
}

/** Everything the issuer signs but what the holder brings along. */
export function claimsFor(holder: PublicJwk, own: JsonObject = claims): JsonObject {
  return {
    iss,
    vct: 'urn:facet:person:1',
    iat: now - 3600,
    exp: now + 86_400,
    cnf: {
      jwk: { kty: holder.kty, crv: holder.crv, x: holder.x, ...(holder.kty === 'EC' && { y: holder.y }) },
    },
    status: { status_list: { idx: 4711, uri: 'https://issuer.example/status-lists/1' } },
    ...own,
  }
}

/** Issues with our engine. */
export function issue(holder: PublicJwk, own: JsonObject = claims, ownFrame = frame): string {
  const unsigned = {
    claims: claimsFor(holder, own),
    frame: ownFrame,
    issuerKey: { by: 'did', kid },
    alg: 'ES256',
  } as const
  const { signingInput, disclosures } = writeCredentialToSign(unsigned, tools)
  return writeSdJwt(writeJws(signingInput, issuerSigner.sign(utf8(signingInput))), disclosures)
}

/** What a holder keeps of a credential: made once, when it is stored. */
export interface Kept {
  readonly jwt: string
  readonly opened: OpenedSdJwt
  readonly sign: (data: Uint8Array) => Uint8Array
}

export function keep(compact: string, holder: KeyPair): Kept {
  return { ...openStoredSdJwt(compact, hash), sign: signerOf(holder.privateJwk).sign }
}

/** Presents with our engine, from what was kept. */
export function present({ jwt, opened, sign }: Kept, shown: readonly ClaimsPath[] = paths): string {
  const sdJwt = writeSdJwt(jwt, selectDisclosures(opened, shown))
  const input = writeKeyBindingInput({
    sdJwt,
    ...binding,
    issuedAt: now,
    alg: 'ES256',
    sdAlg: opened.sdAlg,
    hash,
  })
  return sdJwt + writeJws(input, sign(utf8(input)))
}

/** Judges with our engine: all rules, both signatures; trust and status are answered at once. */
export function judge(presentation: string, expectations: Expectations = expected): Report {
  let judgement = beginJudgement(presentation, expectations, hash)
  for (let ask = nextQuestion(judgement); ask !== undefined; ask = nextQuestion(judgement)) {
    judgement = takeAnswer(judgement, answerTo(ask))
  }
  return reportOf(judgement)
}

function answerTo(question: Question): Answer {
  switch (question.ask) {
    case 'issuer_key':
      return { to: 'issuer_key', key: issuerKeys.publicJwk, issuer: iss }
    case 'verdicts':
      return { to: 'verdicts', verdicts: checkSignatures(question.checks) }
    case 'trust':
      return { to: 'trust', decision: 'trusted', why: 'The issuer is on the list.' }
    case 'type_metadata':
      return { to: 'type_metadata', undetermined: 'No document is looked up.' }
    case 'status':
      return { to: 'status', status: 0 }
  }
}

type Instance = SDJwtInstance<Record<string, unknown>>

/** The other engine, with the same hash, signatures and cache of keys as ours. */
export function theirs(holder?: KeyPair): Instance {
  const sign = holder === undefined ? undefined : signerOf(holder.privateJwk).sign
  return new SDJwtInstance({
    hashAlg: 'sha-256',
    hasher: (data) =>
      new Uint8Array(
        createHash('sha256')
          .update(typeof data === 'string' ? data : new Uint8Array(data))
          .digest(),
      ),
    saltGenerator: () => writeBase64url(random(16)),
    signAlg: 'ES256',
    signer: (data) => writeBase64url(issuerSigner.sign(utf8(data))),
    verifier: (data, signature) => holds(issuerKeys.publicJwk, data, signature),
    kbSignAlg: 'ES256',
    ...(sign === undefined ? {} : { kbSigner: (data: string) => writeBase64url(sign(utf8(data))) }),
    kbVerifier: (data, signature, payload) => holds(payload.cnf?.jwk as PublicJwk, data, signature),
  })
}

function holds(key: PublicJwk, data: string, signature: string): boolean {
  return checkSignatures([{ alg: 'ES256', key, data, signature: readBase64url(signature) }])[0] === 'valid'
}

export function theyIssue(engine: Instance, holder: PublicJwk, own: JsonObject = claims, ownFrame = frame) {
  return engine.issue(claimsFor(holder, own), ownFrame as never, { header: { typ: 'dc+sd-jwt', kid } })
}

export function theyPresent(engine: Instance, compact: string, shown: object = theirPaths): Promise<string> {
  const payload = { nonce: binding.nonce, aud: binding.audience, iat: now }
  return engine.present(compact, shown as never, { kb: { payload } })
}

export function theyVerify(engine: Instance, presentation: string) {
  return engine.verify(presentation, { currentDate: now, keyBindingNonce: binding.nonce })
}
