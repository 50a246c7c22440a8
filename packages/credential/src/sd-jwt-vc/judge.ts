/**
 * Judging one SD-JWT VC: whether it may be relied upon, and if not, why.
 * draft-ietf-oauth-sd-jwt-vc-19 §2.4, RFC 9901 §7.
 *
 * parse → issuer's key → signatures → disclosures, type, claims, validity, key binding → trust → type's rules → status
 *
 * The judgement asks and is answered; it does nothing itself. What a stranger may have appended is
 * hashed only after the signatures held, and a status list is asked for only when all else passed.
 * The answers in the key binding JWT are judged whenever the issuer's signature holds, so a report on a
 * replay names all that is wrong with it. Holder and verifier drive the same exchange.
 */
import { CredentialError } from '../error.ts'
import type { PublicJwk } from '../jose/jwk.ts'
import { checkOf } from '../jose/jws.ts'
import type { Hash, SignatureCheck, Verdict } from '../jose/ports.ts'
import type { FindDisclosure } from '../sd-jwt/open.ts'
import type { StatusReference } from '../status-list/reference.ts'
import { checkIssuerKey, checkNoReference, checkSignature, checkStatus, checkTrust } from './check-answer.ts'
import { skip } from './finding.ts'
import { judgeContents, judgeKeyBinding } from './judge-contents.ts'
import { type Presentation, readPresentation } from './presentation.ts'
import type {
  Answer,
  Expectations,
  IssuerKeyAnswer,
  Question,
  StatusAnswer,
  TrustAnswer,
  TypeDocumentAnswer,
  TypeMetadataPolicy,
} from './question.ts'
import {
  type Check,
  type CheckCode,
  type ProvenIssuer,
  type Report,
  type VerifiedCredential,
  writeReport,
} from './report.ts'
import { beginTypeStage, takeTypeDocument } from './type-metadata/judge-type.ts'
import type { WantingDocuments } from './type-metadata/resolution.ts'

/** How far a judgement has come, named by the last thing obtained. */
export type Judgement =
  | ({ readonly has: 'presentation' } & Begun)
  | ({ readonly has: 'issuer_key'; readonly key: PublicJwk; readonly issuer: ProvenIssuer } & Begun)
  | ({ readonly has: 'contents' } & Opened & Begun)
  | ({
      readonly has: 'trust'
      readonly policy: TypeMetadataPolicy
      readonly resolution: WantingDocuments
    } & Opened &
      Begun)
  | ({
      readonly has: 'all_but_status'
      readonly credential: VerifiedCredential
      readonly reference: StatusReference
    } & Begun)
  | { readonly has: 'report'; readonly report: Report }

interface Opened {
  readonly credential: VerifiedCredential
  readonly findDisclosure: FindDisclosure
}

/** What every unfinished judgement carries. */
interface Begun {
  readonly presentation: Presentation
  readonly expected: Expectations
  readonly hash: Hash
  readonly findings: readonly Check[]
}

/**
 * Begins with the text as received. A text that is refused at sight is already judged: then there is
 * no question, and a report.
 */
export function beginJudgement(compact: string, expected: Expectations, hash: Hash): Judgement {
  const { checks, presentation } = readPresentation(compact, expected)
  if (presentation === undefined) return conclude(checks, expected)
  return { has: 'presentation', presentation, expected, hash, findings: checks }
}

/** What the judgement must know next; `undefined` when it has come to its report. */
export function nextQuestion(judgement: Judgement): Question | undefined {
  switch (judgement.has) {
    case 'presentation':
      return { ask: 'issuer_key', ...judgement.presentation.issuerKey }
    case 'issuer_key':
      return { ask: 'verdicts', checks: signaturesOf(judgement.presentation, judgement.key) }
    case 'contents': {
      const { issuer, issuerKnownBy: by, vct } = judgement.credential
      const { issuer: claimed } = judgement.presentation.issuerKey
      const beside = by === 'x5c' && claimed !== undefined ? { claimed } : {}
      return { ask: 'trust', issuer, by, vct, ...beside }
    }
    case 'trust':
      return { ask: 'type_metadata', ...judgement.resolution.wanted }
    case 'all_but_status': {
      const { issuer, issuerKnownBy: by } = judgement.credential
      return { ask: 'status', issuer, by, reference: judgement.reference }
    }
    case 'report':
      return undefined
  }
}

/**
 * Takes in the answer to the question that was asked.
 *
 * @throws {CredentialError} `not_ready` for an answer to anything else
 */
export function takeAnswer(judgement: Judgement, answer: Answer): Judgement {
  if (judgement.has === 'presentation' && answer.to === 'issuer_key') return takeKey(judgement, answer)
  if (judgement.has === 'issuer_key' && answer.to === 'verdicts')
    return takeVerdicts(judgement, answer.verdicts)
  if (judgement.has === 'contents' && answer.to === 'trust') return takeTrust(judgement, answer)
  if (judgement.has === 'trust' && answer.to === 'type_metadata') return takeType(judgement, answer)
  if (judgement.has === 'all_but_status' && answer.to === 'status') return takeStatus(judgement, answer)
  throw new CredentialError('not_ready', 'A judgement takes the answer to its own question only')
}

/**
 * The report, once there is no question left.
 *
 * @throws {CredentialError} `not_ready` before that
 */
export function reportOf(judgement: Judgement): Report {
  if (judgement.has === 'report') return judgement.report
  throw new CredentialError('not_ready', 'A judgement has no report before its questions are answered')
}

type Having<Has extends Judgement['has']> = Extract<Judgement, { readonly has: Has }>

function takeKey(judgement: Having<'presentation'>, answer: IssuerKeyAnswer): Judgement {
  const { presentation, expected } = judgement
  const found = checkIssuerKey(answer, presentation.issuerKey, expected)
  const findings = [...judgement.findings, found]
  if (found.outcome !== 'pass' || !('key' in answer)) return conclude(findings, expected)
  const issuer = { issuer: answer.issuer, issuerKnownBy: presentation.issuerKey.by }
  return { ...judgement, has: 'issuer_key', key: answer.key, issuer, findings }
}

/** The issuer's signature first, then that of the holder where one is asked for. */
function signaturesOf({ issuerSigned, keyBinding }: Presentation, key: PublicJwk): readonly SignatureCheck[] {
  const issuer = checkOf(issuerSigned, key)
  return keyBinding === undefined ? [issuer] : [issuer, checkOf(keyBinding.jws, keyBinding.key)]
}

function takeVerdicts(judgement: Having<'issuer_key'>, verdicts: readonly Verdict[]): Judgement {
  const { presentation, expected, hash, issuer } = judgement
  const asked = presentation.keyBinding === undefined ? 1 : 2
  if (verdicts.length !== asked) {
    throw new CredentialError('not_ready', 'A judgement takes one verdict for each signature it asked about')
  }
  const signatures = [checkSignature('issuer_signature', verdicts[0])]
  if (asked === 2) signatures.push(checkSignature('holder_signature', verdicts[1]))
  const findings = [...judgement.findings, ...signatures]
  if (findings.some(isNoPass('issuer_signature'))) return conclude(findings, expected)
  findings.push(...judgeKeyBinding(presentation, expected, hash))
  if (findings.some(isNoPass('holder_signature'))) return conclude(findings, expected)
  const { checks, credential, findDisclosure } = judgeContents(presentation, expected, hash)
  findings.push(...checks)
  if (credential === undefined || findDisclosure === undefined || findings.some(isNoPass())) {
    return conclude(findings, expected)
  }
  return {
    has: 'contents',
    presentation,
    expected,
    hash,
    findings,
    credential: { ...credential, ...issuer },
    findDisclosure,
  }
}

function takeTrust(judgement: Having<'contents'>, answer: TrustAnswer): Judgement {
  const { expected, credential, presentation } = judgement
  const findings = [...judgement.findings, checkTrust(answer)]
  if (findings.some(isNoPass())) return conclude(findings, expected)
  const policy = expected.typeMetadata
  if (policy === undefined) return withoutStatus({ ...judgement, findings })
  const resolution = beginTypeStage(presentation, credential.vct)
  return { ...judgement, has: 'trust', findings, policy, resolution }
}

/** Asked only of issuers that are trusted: nobody else makes us fetch anything (§8.3). */
function takeType(judgement: Having<'trust'>, answer: TypeDocumentAnswer): Judgement {
  const { presentation, policy, hash, resolution, expected, findDisclosure } = judgement
  const stage = takeTypeDocument(resolution, answer, { presentation, policy, hash, findDisclosure })
  if ('wanting' in stage) return { ...judgement, resolution: stage.wanting }
  const { check, type } = stage
  const findings = [...judgement.findings, check]
  if (check.outcome === 'fail' || check.outcome === 'undetermined') return conclude(findings, expected)
  const credential = type === undefined ? judgement.credential : { ...judgement.credential, type }
  return withoutStatus({ ...judgement, findings, credential })
}

function withoutStatus(judgement: Begun & { readonly credential: VerifiedCredential }): Judgement {
  const { presentation, expected, hash, findings, credential } = judgement
  const reference = credential.status
  if (reference !== undefined) {
    return { has: 'all_but_status', presentation, expected, hash, findings, credential, reference }
  }
  const status = checkNoReference(credential, presentation.issuerSigned.payload, expected)
  return conclude([...findings, status], expected, credential)
}

function takeStatus(
  { findings, expected, credential }: Having<'all_but_status'>,
  answer: StatusAnswer,
): Judgement {
  return conclude([...findings, checkStatus(answer, expected)], expected, credential)
}

function isNoPass(code?: CheckCode): (check: Check) => boolean {
  return (check) => (code === undefined || check.code === code) && check.outcome !== 'pass'
}

const bindingCodes: readonly CheckCode[] = [
  'holder_signature',
  'nonce',
  'audience',
  'key_binding_time',
  'presentation_hash',
]

/** What may be missing from the report is decided by what was expected, not by what was found. */
function conclude(
  found: readonly Check[],
  expected: Expectations,
  credential?: VerifiedCredential,
): Judgement {
  const waived = new Set<CheckCode>()
  const findings = [...found]
  if (expected.keyBinding.binding === 'forbidden') {
    for (const code of bindingCodes) {
      waived.add(code)
      findings.push(skip(code, 'Not looked at, because no key binding is asked for here.'))
    }
  }
  if (expected.typeMetadata === undefined) {
    findings.push(skip('type_metadata', 'Not looked at, because it is not asked for here.'))
  }
  if (expected.typeMetadata?.need !== 'required') waived.add('type_metadata')
  if (expected.status === 'when_present' && credential?.status === undefined) waived.add('status')
  return { has: 'report', report: writeReport(findings, waived, credential) }
}
