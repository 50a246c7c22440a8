/**
 * The demonstration: a credential is issued, held, shown in part, verified, revoked and then
 * refused, by three parties that know each other only by URL and link.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { CredentialSummary } from '@facet-id/holder'
import type { Environment } from '../config/data-directory.ts'
import { FacetError } from '../error.ts'
import { PERSON_CONFIGURATION } from '../person-credential.ts'
import { createClosing } from '../service/closing.ts'
import type { IssuanceNode } from '../service/issuance-node.ts'
import type { VerifierService } from '../service/verifier-service.ts'
import { factsOf, factsShown, type LedgerRow, ledgerRow } from './ledger.ts'
import { type Parties, type Scene, STATUS_TTL_SECONDS, startParties } from './parties.ts'
import { isRevoked, visit } from './presenting.ts'
import { specimen } from './specimen.ts'
import { short, step, type Tell } from './transcript.ts'

export interface Stage {
  readonly directory: string
  readonly environment: Environment
  /** Ends the story between two steps; what was opened is closed. */
  readonly signal: AbortSignal
}

export interface Story {
  readonly issuer: IssuanceNode
  readonly verifier: VerifierService
  /** Closes what is still open. */
  close(): Promise<void>
}

/** @throws {FacetError} `demo_failed` when anything comes out otherwise than it must */
export async function tellStory(stage: Stage, tellAll: Tell): Promise<Story> {
  const closing = createClosing()
  const tell: Tell = (event) => {
    tellAll(event)
    stage.signal.throwIfAborted()
  }
  try {
    const { issuer, verifier } = await play({ ...stage, tell, closing })
    return { issuer, verifier, close: () => closing.close() }
  } catch (error) {
    await closing.close()
    throw error
  }
}

async function play(scene: Scene): Promise<Parties> {
  const { tell } = scene
  tell({ event: 'note', text: 'DEVELOPMENT MODE: plain http is accepted, on loopback only.' })
  tell({ event: 'chapter', title: 'Three parties start' })
  const parties = await startParties(scene)
  const { length: before } = await parties.wallet.holder.credentials()
  if (before > 0) tell({ event: 'note', text: `It still holds ${before} credential(s) from earlier runs.` })

  tell({ event: 'chapter', title: 'Issued' })
  const issued = await issue(parties, tell)
  tell({ event: 'chapter', title: 'Held' })
  const later = await restartWallet(parties, issued.received, tell)
  tell({ event: 'chapter', title: 'Shown in part, and verified' })
  const first = await visit('The platform asks: 18 or over, and of Utopian nationality?', later, tell)
  must(first.outcome === 'verified', 'the first presentation is verified')

  tell({ event: 'chapter', title: 'Revoked' })
  await revoke(later, issued.issuanceId, scene)
  tell({ event: 'chapter', title: 'Refused' })
  const second = await visit('The platform asks again; the wallet shows another copy', later, tell)
  must(second.outcome === 'refused', 'the second presentation is refused')
  must(isRevoked(second), 'the refusal says that the credential is revoked')

  tell({ event: 'chapter', title: 'Who learned what' })
  tell({ event: 'ledger', rows: ledger(later) })
  await later.wallet.close()
  return later
}

interface Issued {
  readonly issuanceId: string
  readonly received: CredentialSummary
}

async function issue({ issuer, wallet, person }: Parties, tell: Tell): Promise<Issued> {
  const { issuanceId, link, txCode } = await step(
    tell,
    'The registry offers a person credential',
    () => issuer.issuer.offer({ configurationId: PERSON_CONFIGURATION, claims: specimen }),
    (made) => [`link: ${made.link.slice(0, 76)}…`, `transaction code, by another channel: ${made.txCode}`],
  )
  if (txCode !== undefined) person.txCode = txCode
  const received = await step(
    tell,
    ({ copies }) => `The wallet checks and keeps ${copies} single-use copies, each bound to a key of its own`,
    async () => theOne((await wallet.holder.accept(link)).credentials),
    ({ issuer: did, vct }) => [`type ${vct}, signed by ${short(did)}`],
  )
  return { issuanceId, received }
}

function theOne<T>(all: readonly T[]): T {
  const [one] = all
  if (one === undefined) throw new Error('the registry issues at once')
  return one
}

async function restartWallet(parties: Parties, received: CredentialSummary, tell: Tell): Promise<Parties> {
  await step(tell, 'The wallet is closed', () => parties.wallet.close())
  const wallet = await step(tell, 'and opened again: the credential is still there', parties.openWallet)
  const held = await wallet.holder.credentials()
  must(
    held.some(({ credentialId }) => credentialId === received.credentialId),
    'the credential survives a restart',
  )
  return { ...parties, wallet }
}

async function revoke({ issuer }: Parties, issuanceId: string, { tell, signal }: Scene): Promise<void> {
  await step(
    tell,
    ({ copies }) => `The registry revokes all ${copies} copies and publishes the status list`,
    () => issuer.issuer.revoke(issuanceId),
  )
  const text = `waiting ${STATUS_TTL_SECONDS} s, the ttl of the status list, until the platform's copy is stale`
  tell({ event: 'waiting', text })
  await pause((STATUS_TTL_SECONDS + 1) * 1000, undefined, { signal })
  tell({
    event: 'note',
    text: 'In production refusal comes within the ttl that the issuer chose for its list, minutes to hours.',
  })
}

function ledger({ sent, verifier }: Parties): readonly LedgerRow[] {
  const all = factsOf(specimen)
  const shown = factsShown(sent, verifier.url)
  return [
    ledgerRow({ party: 'registry', besides: 'not where it is shown' }, all, all),
    ledgerRow({ party: 'wallet', besides: 'it is the person' }, all, all),
    ledgerRow({ party: 'platform', besides: 'not who it is' }, shown, all),
    ledgerRow({ party: 'platform, by photo of the ID', besides: 'portrait and card, 1 to 4 MB' }, all, all),
  ]
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new FacetError('demo_failed', `The demonstration did not come out as it must: ${what}`)
}
