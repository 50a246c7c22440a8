/**
 * The stage of a judgement in which the credential is held against its type: one document after the
 * other is taken in, then the rules are checked. draft-ietf-oauth-sd-jwt-vc-19 §5.7.
 */
import type { Hash } from '../../jose/ports.ts'
import { findMember } from '../../json.ts'
import type { FindDisclosure } from '../../sd-jwt/open.ts'
import { attempt, fail, pass, skip, undetermined } from '../finding.ts'
import type { Presentation } from '../presentation.ts'
import type { TypeDocumentAnswer, TypeMetadataPolicy } from '../question.ts'
import type { Check } from '../report.ts'
import { asOpened } from './as-issued.ts'
import { checkClaimRules } from './claim-rules.ts'
import type { CredentialType } from './credential-type.ts'
import { beginType, takeDocument, type WantingDocuments } from './resolution.ts'

/** What one answer led to: a further document that is wanted, or a line of the report. */
export type TypeStage =
  | { readonly wanting: WantingDocuments }
  | { readonly check: Check; readonly type?: CredentialType }

interface Typing {
  readonly presentation: Presentation
  /** Of the presentation, whose disclosures were opened before. */
  readonly findDisclosure: FindDisclosure
  readonly policy: TypeMetadataPolicy
  readonly hash: Hash
}

/** @param vct of the credential, whose `vct#integrity` stands in the clear or nowhere */
export function beginTypeStage({ issuerSigned }: Presentation, vct: string): WantingDocuments {
  const integrity = findMember(issuerSigned.payload, 'vct#integrity')
  return beginType(vct, typeof integrity === 'string' ? integrity : undefined)
}

export function takeTypeDocument(
  resolution: WantingDocuments,
  answer: TypeDocumentAnswer,
  { presentation, policy, hash, findDisclosure }: Typing,
): TypeStage {
  if ('refused' in answer) return { check: checkAbsent('fail', answer.refused, policy) }
  if ('undetermined' in answer) return { check: checkAbsent('undetermined', answer.undetermined, policy) }
  const taken = attempt(() => takeDocument(resolution, answer, hash))
  if (!taken.ok) return { check: fail('type_metadata', { reason: taken.reason, text: taken.text }) }
  if (taken.value.has === 'documents') return { wanting: taken.value }
  const { type } = taken.value
  // §5.6.4: "the Consumer MUST reject the credential".
  const rules = attempt(() => {
    const issued = asOpened(presentation.issuerSigned.payload, findDisclosure)
    checkClaimRules(type, issued, policy.disclosures)
  })
  if (!rules.ok) return { check: fail('type_metadata', { reason: rules.reason, text: rules.text }) }
  return { check: pass('type_metadata', 'The credential keeps the rules of its type.'), type }
}

/** §5.7: what cannot be had refuses the credential where the policy demands it. */
function checkAbsent(outcome: 'fail' | 'undetermined', text: string, { need }: TypeMetadataPolicy): Check {
  if (need === 'when_available') return skip('type_metadata', `Not looked at. ${text}`)
  const expected = 'a document about the type'
  return outcome === 'fail'
    ? fail('type_metadata', { reason: 'type_metadata_refused', text, expected })
    : undetermined('type_metadata', { reason: 'type_metadata_undetermined', text, expected })
}
