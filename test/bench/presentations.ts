/**
 * The reference presentation of the benchmarks: SD-JWT VC, ES256, ten disclosable claims of which three are shown,
 * with key binding; and its judgement, with the world's answers at hand, so that what is measured is ours.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { findVerificationMethod, resolveDidJwk, writeDidJwk } from '@facet-id/credential/did'
import { type CheckSignatures, readPublicJwk, type Verdict, writeJws } from '@facet-id/credential/jose'
import {
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
import { generateKey, hash, random, signerOf } from '@facet-id/crypto/node'
import { frame, claims as specimen } from './reference-claims.ts'

const NOW = 1_800_000_000
const AUDIENCE = 'decentralized_identifier:did:example:verifier'
const NONCE = 'n-0S6_WzA2Mj'
const VCT = 'urn:facet:person:1'

const expectations: Expectations = {
  now: NOW,
  skewSeconds: 60,
  algs: ['ES256'],
  keyBinding: { binding: 'required', nonce: NONCE, audience: AUDIENCE, maxAgeSeconds: 300 },
  vcts: [VCT],
  status: 'required',
}

const claims = {
  vct: VCT,
  iat: NOW - 3600,
  exp: NOW + 86_400,
  status: { status_list: { idx: 7, uri: 'https://issuer.example/status-lists/1' } },
  ...specimen,
}

const shown = [['given_name'], ['nationalities', 0], ['age_equal_or_over', '18']]

/** So many presentations of one issuer's credentials, each bound to a key of its own. */
export function makePresentations(count: number): readonly string[] {
  const issuer = generateKey()
  const iss = writeDidJwk(issuer.publicJwk)
  const sign = (input: string, signer: ReturnType<typeof signerOf>) =>
    writeJws(input, signer.sign(utf8(input)))
  const issuerSigner = signerOf(issuer.privateJwk)
  return Array.from({ length: count }, () => {
    const holder = generateKey()
    const { signingInput, disclosures } = writeCredentialToSign(
      {
        claims: { ...claims, iss, cnf: { jwk: { ...holder.publicJwk } } },
        frame,
        issuerKey: { by: 'did', kid: `${iss}#0` },
        alg: 'ES256',
      },
      { hash, random },
    )
    const { jwt, opened } = openStoredSdJwt(writeSdJwt(sign(signingInput, issuerSigner), disclosures), hash)
    const sdJwt = writeSdJwt(jwt, selectDisclosures(opened, shown))
    const binding = {
      sdJwt,
      sdAlg: 'sha-256',
      nonce: NONCE,
      audience: AUDIENCE,
      issuedAt: NOW,
      alg: 'ES256',
      hash,
    } as const
    return writeSdJwt(
      jwt,
      selectDisclosures(opened, shown),
      sign(writeKeyBindingInput(binding), signerOf(holder.privateJwk)),
    )
  })
}

/** Judges at once, with whatever checks signatures at once. */
export function judgeAtOnce(
  compact: string,
  check: (...given: Parameters<CheckSignatures>) => readonly Verdict[],
): boolean {
  let judgement = beginJudgement(compact, expectations, hash)
  for (let ask = nextQuestion(judgement); ask !== undefined; ask = nextQuestion(judgement)) {
    judgement = takeAnswer(judgement, ask.ask === 'verdicts' ? verdicts(check(ask.checks)) : answerOf(ask))
  }
  return isWhole(reportOf(judgement))
}

/** Judges where signatures are checked elsewhere. */
export async function judgeLater(compact: string, check: CheckSignatures): Promise<boolean> {
  let judgement = beginJudgement(compact, expectations, hash)
  for (let ask = nextQuestion(judgement); ask !== undefined; ask = nextQuestion(judgement)) {
    judgement = takeAnswer(
      judgement,
      ask.ask === 'verdicts' ? verdicts(await check(ask.checks)) : answerOf(ask),
    )
  }
  return isWhole(reportOf(judgement))
}

function verdicts(given: readonly Verdict[]): Answer {
  return { to: 'verdicts', verdicts: given }
}

function answerOf(question: Exclude<Question, { ask: 'verdicts' }>): Answer {
  switch (question.ask) {
    case 'issuer_key':
      if (question.by !== 'did') throw new Error('the issuer is known by its DID')
      return { to: 'issuer_key', key: keyOf(question.issuer, question.kid), issuer: question.issuer }
    case 'trust':
      return { to: 'trust', decision: 'trusted', why: 'The issuer is on the list.' }
    case 'type_metadata':
      return { to: 'type_metadata', undetermined: 'No document is looked up.' }
    case 'status':
      return { to: 'status', status: 0 }
  }
}

function keyOf(did: string, kid: string) {
  const method = findVerificationMethod(resolveDidJwk(did), kid, 'assertionMethod')
  if (method === undefined) throw new Error('the issuer has a key')
  return readPublicJwk(method.publicKeyJwk)
}

/** A benchmark that measures refusals measures nothing. */
function isWhole({ verified, credential }: Report): boolean {
  return verified && credential !== undefined
}
