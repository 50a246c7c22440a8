/** What the answers of the world mean for the report. */
import type { Verdict } from '../jose/ports.ts'
import type { JsonObject } from '../json.ts'
import { type StatusMeaning, statusMeaning } from '../status-list/bits.ts'
import { type Fault, fail, pass, skip, undetermined } from './finding.ts'
import { didsOnly, isTakenFor, type KeyReference } from './issuer-key/mechanism.ts'
import type { Expectations, IssuerKeyAnswer, StatusAnswer, TrustAnswer } from './question.ts'
import type { Check, VerifiedCredential } from './report.ts'
import { mayBeWithheld } from './withheld.ts'

/** An answer that says two things at once is taken for the worse of them. */
export function checkIssuerKey(
  answer: IssuerKeyAnswer,
  { by, issuer }: KeyReference,
  { issuerKeys = didsOnly }: Expectations,
): Check {
  if ('refused' in answer) return fail('issuer_key', { reason: 'issuer_key_refused', text: answer.refused })
  if ('undetermined' in answer) {
    return undetermined('issuer_key', { reason: 'issuer_key_undetermined', text: answer.undetermined })
  }
  // A certificate may prove another name than `iss`; a DID or an address proves itself and no other.
  if (by !== 'x5c' && answer.issuer !== issuer) {
    const text = 'The key that was found is one of another issuer.'
    return fail('issuer_key', { reason: 'issuer_key_of_other', text })
  }
  if (!isTakenFor(issuerKeys, answer.issuer, by)) return checkMechanism(by)
  return pass('issuer_key', 'The key that the credential names is one of its issuer.')
}

/** For a credential whose issuer is not known in that way here (§7.3). */
export function checkMechanism(by: KeyReference['by']): Check {
  const text = `The credential shows the key of its issuer by ${mechanismNames[by]}, which is not taken for this issuer.`
  return fail('issuer_key', {
    reason: 'mechanism_not_taken',
    text,
    expected: 'a mechanism taken for the issuer',
  })
}

const mechanismNames: Record<KeyReference['by'], string> = {
  did: 'a DID',
  x5c: 'a certificate',
  jwt_vc_issuer: 'metadata at its address',
}

/** An absent verdict is no verdict: nothing passes by being left out. */
export function checkSignature(
  code: 'issuer_signature' | 'holder_signature',
  verdict: Verdict | undefined,
): Check {
  const whose = code === 'issuer_signature' ? 'issuer' : 'holder'
  if (verdict === 'valid') return pass(code, `The signature of the ${whose} is valid.`)
  if (verdict === 'key_unusable') {
    return fail(code, { reason: 'key_unusable', text: `The key of the ${whose} cannot check a signature.` })
  }
  const what =
    whose === 'issuer' ? 'The credential was changed or forged' : 'The presentation is not by its holder'
  return fail(code, {
    reason: 'signature_invalid',
    text: `${what}: the signature of the ${whose} is not valid.`,
  })
}

export function checkTrust({ decision, why }: TrustAnswer): Check {
  if (decision === 'trusted') return pass('trust', why)
  if (decision === 'not_trusted') return fail('trust', { reason: 'not_trusted', text: why })
  return undetermined('trust', { reason: 'trust_undetermined', text: why })
}

export function checkStatus(answer: StatusAnswer, { now, skewSeconds }: Expectations): Check {
  if ('refused' in answer) return fail('status', { reason: 'status_refused', text: answer.refused })
  if ('undetermined' in answer) {
    return undetermined('status', { reason: 'status_undetermined', text: answer.undetermined })
  }
  const { status, listExpiresAt = Number.POSITIVE_INFINITY } = answer
  // Token Status List §8.3: after its end a list says nothing, neither that the credential is valid nor that it is not.
  if (!(listExpiresAt > now - skewSeconds)) {
    const text = 'The status list has expired. Try again when its issuer has published a newer one.'
    return undetermined('status', { reason: 'status_list_expired', text })
  }
  const fault = statusFaults[statusMeaning(status)]
  return fault === undefined
    ? pass('status', 'The issuer has not revoked the credential.')
    : fail('status', fault)
}

/**
 * For a credential without a reference to a status list: nobody can be asked.
 *
 * @param payload as signed, to tell whether the reference may have been withheld
 */
export function checkNoReference(
  { claims, disclosed }: VerifiedCredential,
  payload: JsonObject,
  expected: Expectations,
): Check {
  if (expected.status === 'required') {
    const text = 'The credential cannot be checked for revocation, which is required here.'
    return fail('status', { reason: 'status_missing', text, expected: 'status with a status_list' })
  }
  if (!Object.hasOwn(claims, 'status')) {
    if (mayBeWithheld(payload, disclosed, expected)) {
      const text = 'The credential names no status list, and one may have been withheld.'
      return undetermined('status', { reason: 'withheld_possible', text, expected: 'status in the clear' })
    }
    return skip('status', 'The credential names no status list, and none is required here.')
  }
  const text = 'The status of the credential is kept in a way that is not known here.'
  return undetermined('status', {
    reason: 'status_undetermined',
    text,
    expected: 'status with a status_list',
  })
}

const statusFaults: Record<StatusMeaning, Fault | undefined> = {
  valid: undefined,
  invalid: { reason: 'revoked', text: 'The issuer has revoked the credential.' },
  suspended: { reason: 'suspended', text: 'The issuer has suspended the credential for the time being.' },
  application_specific: {
    reason: 'status_unknown',
    text: 'The issuer gave the credential a status not known here.',
  },
  unknown: { reason: 'status_unknown', text: 'The issuer gave the credential a status not known here.' },
}
