/**
 * For tests of the judgement: SD-JWT VCs, honest and hostile, and a world that answers.
 */
import { checkSignatures, hash, type KeyPair, keyPair, random, signerOf } from '@facet-id/testkit'
import { utf8 } from '../src/base64url.ts'
import { findVerificationMethod } from '../src/did/document.ts'
import { resolveDidJwk, writeDidJwk } from '../src/did/jwk.ts'
import { readPublicJwk } from '../src/jose/jwk.ts'
import { writeJws, writeSigningInput } from '../src/jose/jws.ts'
import type { SignatureCheck, Verdict } from '../src/jose/ports.ts'
import type { JsonObject } from '../src/json.ts'
import { writeSdJwt } from '../src/sd-jwt/compact.ts'
import { type Concealed, conceal } from '../src/sd-jwt/conceal.ts'
import type { DisclosureFrame } from '../src/sd-jwt/disclosure-frame.ts'
import { findIssuerKey, readIssuerMetadata } from '../src/sd-jwt-vc/issuer-key/issuer-metadata.ts'
import type { KeyReference } from '../src/sd-jwt-vc/issuer-key/mechanism.ts'
import { beginJudgement, nextQuestion, reportOf, takeAnswer } from '../src/sd-jwt-vc/judge.ts'
import type {
  Answer,
  Expectations,
  IssuerKeyAnswer,
  Question,
  StatusAnswer,
  TrustAnswer,
  TypeDocumentAnswer,
} from '../src/sd-jwt-vc/question.ts'
import type { Report } from '../src/sd-jwt-vc/report.ts'

export const now = 1_800_000_000
export const issuerKeys: KeyPair = keyPair()
export const holderKeys: KeyPair = keyPair()
export const issuer: string = writeDidJwk(issuerKeys.publicJwk)

/** What a verifier expects of the specimen. */
export const expected = {
  now,
  skewSeconds: 60,
  algs: ['ES256'],
  keyBinding: {
    binding: 'required',
    nonce: 'n-0S6_WzA2Mj',
    audience: 'decentralized_identifier:did:example:verifier',
    maxAgeSeconds: 300,
  },
  vcts: ['urn:facet:person:1'],
  status: 'required',
} as const satisfies Expectations

/** What a verifier expects that holds the specimen against its type. */
export const typed: Expectations = { ...expected, typeMetadata: { need: 'required', disclosures: 'some' } }

/** The document about the specimen's type. */
export const typeDocument = {
  vct: 'urn:facet:person:1',
  name: 'A person',
  display: [{ locale: 'en', name: 'Person' }],
  claims: [
    { path: ['given_name'], sd: 'always', mandatory: true },
    { path: ['address', 'locality'], sd: 'allowed' },
    { path: ['nationalities', null], sd: 'always' },
    { path: ['exp'], sd: 'never', mandatory: true },
  ],
} satisfies JsonObject

/** What a holder expects of the specimen, when its issuer hands it out. */
export const atIssuance: Expectations = { ...expected, keyBinding: { binding: 'forbidden' } }

export const claims = {
  iss: issuer,
  vct: 'urn:facet:person:1',
  iat: now - 3600,
  nbf: now - 3600,
  exp: now + 86_400,
  cnf: { jwk: holderKeys.publicJwk },
  status: { status_list: { idx: 7, uri: 'https://issuer.example/status-lists/1' } },
  given_name: 'Specimen',
  address: { country: 'UTO', locality: 'Utopolis' },
  nationalities: ['UTO', 'XXA'],
}

export const frame: DisclosureFrame = {
  _sd: ['given_name', 'address'],
  _sd_decoy: 1,
  address: { _sd: ['locality'] },
  nationalities: { _sd: [0, 1] },
}

/** What is put in the place of the specimen's; a member that is `undefined` is left out. */
export interface Changes {
  readonly header?: object
  readonly claims?: object
  readonly frame?: DisclosureFrame
  /** After concealing, before signing. */
  readonly payload?: object
  readonly keys?: KeyPair
}

export interface Issued {
  readonly jwt: string
  readonly disclosures: readonly string[]
}

/** Signs whatever it is given, as no honest issuer would. */
export function issue(changes: Changes = {}): Issued {
  const tools = { hash, random }
  const { payload, disclosures }: Concealed = conceal(
    plain(claims, changes.claims),
    changes.frame ?? frame,
    tools,
  )
  const header = plain({ alg: 'ES256', typ: 'dc+sd-jwt', kid: `${issuer}#0` }, changes.header)
  return {
    jwt: sign(writeSigningInput(header, plain(payload, changes.payload)), changes.keys ?? issuerKeys),
    disclosures,
  }
}

/** Binds to the specimen's request, with or without changes. */
export function present(
  { jwt, disclosures }: Issued,
  changes: Omit<Changes, 'claims' | 'frame'> = {},
): string {
  const sdJwt = writeSdJwt(jwt, disclosures)
  const { nonce, audience: aud } = expected.keyBinding
  const payload = plain({ iat: now, aud, nonce, sd_hash: hash('sha-256', sdJwt) }, changes.payload)
  const input = writeSigningInput(plain({ alg: 'ES256', typ: 'kb+jwt' }, changes.header), payload)
  return writeSdJwt(jwt, disclosures, sign(input, changes.keys ?? holderKeys))
}

export function sign(input: string, keys: KeyPair): string {
  return writeJws(input, signerOf(keys.privateJwk).sign(utf8(input)))
}

function plain(own: object, changes: object = {}): JsonObject {
  return JSON.parse(JSON.stringify({ ...own, ...changes }))
}

/** Answers where the world is not as it should be. */
export interface World {
  readonly issuer_key?: IssuerKeyAnswer | ((reference: KeyReference) => IssuerKeyAnswer)
  readonly verdicts?: (checks: readonly SignatureCheck[]) => readonly Verdict[]
  /** What issuers publish about themselves, by their addresses, as texts. */
  readonly metadata?: Readonly<Record<string, string>>
  readonly trust?: TrustAnswer
  /** Documents about types by `vct`, or one answer for all; that of the specimen when absent. */
  readonly types?: Readonly<Record<string, JsonObject>> | TypeDocumentAnswer
  readonly status?: StatusAnswer
  readonly hash?: typeof hash
}

export interface Judged {
  readonly report: Report
  readonly asked: readonly Question[]
}

/** Drives a judgement to its report, as a role does. */
export function judge(compact: string, expectations: Expectations = expected, world: World = {}): Judged {
  const asked: Question[] = []
  let judgement = beginJudgement(compact, expectations, world.hash ?? hash)
  for (let question = nextQuestion(judgement); question !== undefined; question = nextQuestion(judgement)) {
    asked.push(question)
    judgement = takeAnswer(judgement, answerTo(question, world))
  }
  return { report: reportOf(judgement), asked }
}

/** What did not pass: `check: reason`, in the order of the report. */
export function faultsOf({ checks }: Report): readonly string[] {
  return checks.flatMap(({ code, reason }) => (reason === undefined ? [] : [`${code}: ${reason}`]))
}

function answerTo(question: Question, world: World): Answer {
  switch (question.ask) {
    case 'issuer_key':
      return { to: 'issuer_key', ...keyFor(question, world) }
    case 'verdicts':
      return { to: 'verdicts', verdicts: (world.verdicts ?? checkSignatures)(question.checks) }
    case 'trust':
      return { to: 'trust', ...(world.trust ?? { decision: 'trusted', why: 'The issuer is on the list.' }) }
    case 'type_metadata':
      return { to: 'type_metadata', ...documentFor(question.vct, world) }
    case 'status':
      return { to: 'status', ...(world.status ?? { status: 0 }) }
  }
}

/** As in the metadata of the issuer, or a reader's refusal in its own words. */
function publishedKey(
  reference: Extract<KeyReference, { readonly by: 'jwt_vc_issuer' }>,
  { metadata = {} }: World,
): IssuerKeyAnswer {
  const { issuer: address } = reference
  const document = metadata[address]
  if (document === undefined) return { undetermined: 'Nobody is there.' }
  try {
    const read = readIssuerMetadata(document, address)
    const key = 'jwks' in read ? findIssuerKey(read.jwks, reference) : undefined
    return key === undefined ? { refused: 'The issuer has no such key.' } : { key, issuer: address }
  } catch {
    return { refused: 'The metadata cannot be read.' }
  }
}

function documentFor(
  vct: string,
  { types = { [typeDocument.vct]: typeDocument } }: World,
): TypeDocumentAnswer {
  if (isAnswer(types)) return types
  const document = types[vct]
  if (document === undefined) return { undetermined: 'Nobody knows the type.' }
  return { document: JSON.stringify(document) }
}

function isAnswer(types: NonNullable<World['types']>): types is TypeDocumentAnswer {
  return 'document' in types || 'undetermined' in types || 'refused' in types
}

function keyFor(reference: KeyReference, world: World): IssuerKeyAnswer {
  const answer = world.issuer_key
  if (typeof answer === 'function') return answer(reference)
  if (answer !== undefined) return answer
  if (reference.by === 'jwt_vc_issuer') return publishedKey(reference, world)
  if (reference.by !== 'did') return { undetermined: 'Nobody knows other issuers than DIDs here.' }
  const { issuer: did, kid } = reference
  const method = findVerificationMethod(resolveDidJwk(did), kid, 'assertionMethod')
  if (method === undefined) return { refused: 'The issuer has no such key.' }
  return { key: readPublicJwk(method.publicKeyJwk), issuer: did }
}
