/**
 * The demonstration: a credential is issued, held, shown in part, verified, revoked and then
 * refused, by three parties that know each other only by URL and link.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { PresentationResult } from '@facet-id/verifier'
import type { Environment } from '../config/data-directory.ts'
import { FacetError } from '../error.ts'
import { PERSON_CONFIGURATION } from '../person-credential.ts'
import { personQuery } from '../person-query.ts'
import { createClosing } from '../service/closing.ts'
import { assemble, type Cast, STATUS_TTL_SECONDS, short } from './cast.ts'
import { factsOf, factsShown, type LedgerRow, ledgerRow } from './ledger.ts'
import { specimen } from './specimen.ts'
import { step, type Tell } from './transcript.ts'

export interface Telling {
  readonly directory: string
  readonly environment: Environment
  /** Ends the story between two steps; what was opened is closed. */
  readonly signal: AbortSignal
}

export interface Story extends Pick<Cast, 'issuer' | 'verifier'> {
  /** Closes what is still open. */
  close(): Promise<void>
}

/** @throws {FacetError} `demo_failed` when anything comes out otherwise than it must */
export async function tellStory(telling: Telling, tellAll: Tell): Promise<Story> {
  const { directory, environment, signal } = telling
  const closing = createClosing()
  const tell: Tell = (event) => {
    tellAll(event)
    signal.throwIfAborted()
  }
  try {
    tell({ event: 'note', text: 'DEVELOPMENT MODE: plain http is accepted, on loopback only.' })
    tell({ event: 'chapter', title: 'Three parties start' })
    const cast = await assemble({ directory, environment, closing, tell })
    const { issuanceId, credentialId } = await issued(cast, tell)
    await held(cast, credentialId, tell)
    await shownAndVerified(cast, tell)
    await revoked(cast, issuanceId, { tell, signal })
    await refused(cast, tell)
    tell({ event: 'chapter', title: 'Who learned what' })
    tell({ event: 'ledger', rows: ledger(cast) })
    await cast.wallet.close()
    return { issuer: cast.issuer, verifier: cast.verifier, close: () => closing.close() }
  } catch (error) {
    // Why it ended counts, not what else went wrong on the way back.
    await closing.close().catch(() => {})
    throw error
  }
}

async function issued(
  { issuer, wallet, person }: Cast,
  tell: Tell,
): Promise<{ readonly issuanceId: string; readonly credentialId: string }> {
  const before = await wallet.holder.credentials()
  if (before.length > 0)
    tell({ event: 'note', text: `It still holds ${before.length} credential(s) from earlier runs.` })
  tell({ event: 'chapter', title: 'Issued' })
  const { issuanceId, link, txCode } = await step(
    tell,
    'The registry offers a person credential',
    () => issuer.issuer.offer({ configurationId: PERSON_CONFIGURATION, claims: specimen }),
    (made) => [`link: ${made.link.slice(0, 76)}…`, `transaction code, by another channel: ${made.txCode}`],
  )
  if (txCode !== undefined) person.txCode = txCode
  const { credentialId } = await step(
    tell,
    ({ copies }) => `The wallet checks and keeps ${copies} single-use copies, each bound to a key of its own`,
    () => wallet.holder.accept(link),
    ({ issuer: did, vct }) => [`type ${vct}, signed by ${short(did)}`],
  )
  return { issuanceId, credentialId }
}

async function held(cast: Cast, credentialId: string, tell: Tell): Promise<void> {
  tell({ event: 'chapter', title: 'Held' })
  await step(tell, 'The wallet is closed', () => cast.wallet.close())
  cast.wallet = await step(tell, 'and opened again: the credential is still there', cast.openWallet)
  const still = await cast.wallet.holder.credentials()
  must(
    still.some((one) => one.credentialId === credentialId),
    'the credential survives a restart',
  )
}

async function shownAndVerified(cast: Cast, tell: Tell): Promise<void> {
  tell({ event: 'chapter', title: 'Shown in part, and verified' })
  const result = await present(cast, 'The platform asks: 18 or over, and of Utopian nationality?', tell)
  must(result.outcome === 'verified', 'the first presentation is verified')
}

async function revoked(
  { issuer }: Cast,
  issuanceId: string,
  { tell, signal }: { readonly tell: Tell; readonly signal: AbortSignal },
): Promise<void> {
  tell({ event: 'chapter', title: 'Revoked' })
  await step(
    tell,
    ({ copies }) => `The registry revokes all ${copies} copies and publishes the status list`,
    () => issuer.issuer.revoke(issuanceId),
  )
  tell({
    event: 'waiting',
    text: `waiting ${STATUS_TTL_SECONDS} s, the ttl of the status list, until the platform's copy is stale`,
  })
  await pause((STATUS_TTL_SECONDS + 1) * 1000, undefined, { signal })
  tell({
    event: 'note',
    text: 'In production refusal comes within the ttl that the issuer chose for its list, minutes to hours.',
  })
}

async function refused(cast: Cast, tell: Tell): Promise<void> {
  tell({ event: 'chapter', title: 'Refused' })
  const result = await present(cast, 'The platform asks again; the wallet shows another copy', tell)
  must(result.outcome === 'refused', 'the second presentation is refused')
  must(saysRevoked(result), 'the refusal says that the credential is revoked')
}

async function present({ verifier, wallet }: Cast, text: string, tell: Tell): Promise<PresentationResult> {
  const query = readDcqlQuery(personQuery({ age: 18, nationality: 'UTO' }))
  const request = await step(
    tell,
    text,
    () => verifier.verifier.request(query),
    ({ link }) => [`link: ${link.slice(0, 76)}…`],
  )
  await step(
    tell,
    ({ accepted }) => `The wallet shows two claims; the platform ${accepted ? 'accepts' : 'refuses'}`,
    () => wallet.holder.present(request.link),
  )
  const result = await verifier.verifier.result(request.transactionId)
  if ('reports' in result) {
    for (const { checks, shown } of Object.values(result.reports)) {
      tell({ event: 'report', outcome: result.outcome, checks, ...(shown === undefined ? {} : { shown }) })
    }
  }
  return result
}

function ledger({ sent, verifier }: Cast): readonly LedgerRow[] {
  const all = factsOf(specimen)
  const shown = factsShown(sent, verifier.url)
  return [
    ledgerRow({ party: 'registry', besides: 'not where it is shown' }, all, all),
    ledgerRow({ party: 'wallet', besides: 'it is the person' }, all, all),
    ledgerRow({ party: 'platform', besides: 'not who it is' }, shown, all),
    ledgerRow({ party: 'platform, by photo of the ID', besides: 'portrait and card, 1 to 4 MB' }, all, all),
  ]
}

function saysRevoked(result: PresentationResult): boolean {
  if (!('reports' in result)) return false
  return Object.values(result.reports).some(({ checks }) =>
    checks.some(
      ({ code, outcome, reason }) => code === 'status' && outcome === 'fail' && reason === 'revoked',
    ),
  )
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new FacetError('demo_failed', `The demonstration did not come out as it must: ${what}`)
}
