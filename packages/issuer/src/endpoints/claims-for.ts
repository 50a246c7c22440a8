/**
 * What a credential will say: as it was offered, or as whoever knows the subject says now. Anything that was not
 * held against the configuration when it was offered is held against it here, before anything is signed.
 */
import { isJsonObject, type JsonObject } from '@facet-id/credential/json'
import type { AllowedCredential } from '../authorization/access.ts'
import { IssuerError } from '../error.ts'
import { draftingOf } from '../issuance/issuance.ts'
import type { SubjectAnswer, SubjectAsked } from '../issuance/subject-claims.ts'
import type { Issuing } from '../issuing.ts'
import { readRehearsed } from '../journeys/offer.ts'
import { checkClaims } from '../offer/claims.ts'
import { configurationOf } from '../settings.ts'

/** Which credential, and whether the operator has said yes to it. */
export interface Wanted
  extends Pick<AllowedCredential, 'configurationId' | 'credentialIdentifier' | 'claims'> {
  readonly issuanceId: string
  readonly subject?: string | undefined
  readonly server?: string | undefined
  readonly approved: boolean
}

/**
 * @throws {IssuerError} `claims_unavailable`: nobody can tell, and nothing was used up; `claims_do_not_fit`: what
 * was said is none of what this configuration says
 */
export async function claimsFor(wanted: Wanted, issuing: Issuing): Promise<SubjectAnswer> {
  const { configurationId, claims, approved } = wanted
  const { approval } = configurationOf(issuing.settings, configurationId)
  if (approval === 'required' && !approved) return { answer: 'later' }
  if (claims !== undefined) return { answer: 'claims', claims }
  const said = await ask(wanted, issuing)
  if (said.answer === 'claims') await checkFit(said.claims, configurationId, issuing)
  return said
}

async function ask(wanted: Wanted, { ports }: Issuing): Promise<SubjectAnswer> {
  const { subject, server, configurationId, credentialIdentifier, issuanceId } = wanted
  if (ports.subjectClaims === undefined) throw unavailable()
  const asked: SubjectAsked = {
    configurationId,
    issuanceId,
    ...(subject === undefined ? {} : { subject }),
    ...(server === undefined ? {} : { server }),
    ...(credentialIdentifier === undefined ? {} : { credentialIdentifier }),
  }
  let said: SubjectAnswer
  try {
    said = await ports.subjectClaims(asked)
  } catch (cause) {
    throw unavailable(cause)
  }
  if (!isAnswer(said)) throw unavailable(new TypeError('The answer about a subject is none of the three'))
  return said
}

/** What is answered comes from outside, and a configuration is the operator's promise about it. */
async function checkFit(claims: JsonObject, configurationId: string, issuing: Issuing): Promise<void> {
  const { ports, settings, types } = issuing
  const configuration = configurationOf(settings, configurationId)
  const own = types.get(configurationId)
  await readRehearsed(checkClaims(draftingOf(claims, configuration, { ports, settings, own })), issuing)
}

function isAnswer(said: SubjectAnswer): boolean {
  switch (said?.answer) {
    case 'claims':
      return isJsonObject(said.claims)
    case 'later':
      return said.interval === undefined || (Number.isSafeInteger(said.interval) && said.interval >= 1)
    default:
      return said?.answer === 'denied'
  }
}

function unavailable(cause?: unknown): IssuerError {
  return new IssuerError(
    'claims_unavailable',
    'What this credential says cannot be found out at the moment; nothing was used up, try again later',
    { cause },
  )
}
