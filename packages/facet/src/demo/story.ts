/**
 * The demonstration: a credential is issued, held, shown in part, verified, revoked and then
 * refused, by three parties that know each other only by URL and link.
 */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Consent } from '@facet-id/holder'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { PresentationResult } from '@facet-id/verifier'
import type { Environment } from '../config/data-directory.ts'
import { FacetError } from '../error.ts'
import { PERSON_CONFIGURATION, PERSON_VCT } from '../person-credential.ts'
import { personQuery } from '../person-query.ts'
import { createClosing } from '../service/closing.ts'
import { type IssuanceNode, startIssuanceNode } from '../service/issuance-node.ts'
import { startVerifierService, type VerifierService } from '../service/verifier-service.ts'
import { openWallet, type Wallet } from '../service/wallet.ts'
import { factsOf, factsShown, type LedgerRow, ledgerRow, recorder } from './ledger.ts'
import { demoPassphrase } from './passphrase.ts'
import { specimen } from './specimen.ts'
import { step, type Tell } from './transcript.ts'

/** Short, so that a demonstration need not wait. */
const STATUS_TTL_SECONDS = 2
const COPIES = 4

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
export async function tellStory({ directory, environment, signal }: Stage, tellAll: Tell): Promise<Story> {
  const closing = createClosing()
  const tell: Tell = (event) => {
    tellAll(event)
    signal.throwIfAborted()
  }
  try {
    return await play()
  } catch (error) {
    await closing.close()
    throw error
  }

  /** Noted as soon as it is open: whatever is told next may be the end. */
  async function opened<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
    const part = await opening
    closing.add(() => part.close())
    return part
  }

  async function play(): Promise<Story> {
    const node = { environment, development: true }
    tell({ event: 'note', text: 'DEVELOPMENT MODE: plain http is accepted, on loopback only.' })

    tell({ event: 'chapter', title: 'Three parties start' })
    const issuer = await step(
      tell,
      'The issuance node is up',
      () =>
        opened(
          startIssuanceNode({
            ...node,
            dataDirectory: join(directory, 'issuer'),
            name: 'Registry of Utopia',
            statusListTtl: STATUS_TTL_SECONDS,
          }),
        ),
      ({ credentialIssuer, did }) => [
        `at ${credentialIssuer}`,
        `as ${short(did)}, its keys kept by a Veramo agent, sealed on disk`,
      ],
    )
    const verifier = await step(
      tell,
      'A platform is up',
      () =>
        opened(
          startVerifierService({
            ...node,
            dataDirectory: join(directory, 'verifier'),
            issuers: [{ id: issuer.did, vcts: [PERSON_VCT] }],
          }),
        ),
      ({ url, clientId }) => [
        `at ${url}`,
        `as ${short(clientId)}`,
        'it believes this one issuer for this one type',
      ],
    )
    const tape = recorder()
    let txCode: string | undefined
    const consent: Consent = {
      toReceive: () => (txCode === undefined ? { agreed: true } : { agreed: true, txCode }),
      toPresent: ({ items }) => ({ agreed: items.length > 0 }),
    }
    const passphrase = await demoPassphrase(directory)
    const open = (): Promise<Wallet> =>
      opened(
        openWallet({
          dataDirectory: join(directory, 'wallet'),
          passphrase,
          development: true,
          consent,
          copies: COPIES,
          around: tape.around,
        }),
      )
    let wallet = await step(tell, 'The wallet is unlocked', open, () => [
      'its store is sealed under a passphrase (scrypt, AES-256-GCM)',
    ])
    const before = await wallet.holder.credentials()
    if (before.length > 0)
      tell({ event: 'note', text: `It still holds ${before.length} credential(s) from earlier runs.` })

    tell({ event: 'chapter', title: 'Issued' })
    const offer = await step(
      tell,
      'The registry offers a person credential',
      () => issuer.issuer.offer({ configurationId: PERSON_CONFIGURATION, claims: specimen }),
      (made) => [`link: ${made.link.slice(0, 76)}…`, `transaction code, by another channel: ${made.txCode}`],
    )
    txCode = offer.txCode
    const received = await step(
      tell,
      ({ copies }) =>
        `The wallet checks and keeps ${copies} single-use copies, each bound to a key of its own`,
      () => wallet.holder.accept(offer.link),
      ({ issuer: did, vct }) => [`type ${vct}, signed by ${short(did)}`],
    )

    tell({ event: 'chapter', title: 'Held' })
    await step(tell, 'The wallet is closed', () => wallet.close())
    wallet = await step(tell, 'and opened again: the credential is still there', open)
    must(
      (await wallet.holder.credentials()).some(({ credentialId }) => credentialId === received.credentialId),
      'the credential survives a restart',
    )

    tell({ event: 'chapter', title: 'Shown in part, and verified' })
    const first = await present('The platform asks: 18 or over, and of Utopian nationality?')
    must(first.outcome === 'verified', 'the first presentation is verified')

    tell({ event: 'chapter', title: 'Revoked' })
    await step(
      tell,
      ({ copies }) => `The registry revokes all ${copies} copies and publishes the status list`,
      () => issuer.issuer.revoke(offer.issuanceId),
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

    tell({ event: 'chapter', title: 'Refused' })
    const second = await present('The platform asks again; the wallet shows another copy')
    must(second.outcome === 'refused', 'the second presentation is refused')
    must(isRevoked(second), 'the refusal says that the credential is revoked')

    tell({ event: 'chapter', title: 'Who learned what' })
    tell({ event: 'ledger', rows: ledger() })
    await wallet.close()
    return { issuer, verifier, close: () => closing.close() }

    async function present(text: string): Promise<PresentationResult> {
      const query = readDcqlQuery(personQuery({ age: 18, nationality: 'UTO' }))
      const request = await step(
        tell,
        text,
        () => verifier.verifier.request(query),
        ({ link }) => [`link: ${link.slice(0, 76)}…`],
      )
      await step(
        tell,
        ({ accepted }) =>
          accepted
            ? 'The wallet shows two claims; the platform accepts'
            : 'The wallet shows two claims; the platform refuses',
        () => wallet.holder.present(request.link),
      )
      const result = await verifier.verifier.result(request.transactionId)
      if ('reports' in result) {
        for (const { checks, shown } of Object.values(result.reports)) {
          tell({
            event: 'report',
            outcome: result.outcome,
            checks,
            ...(shown === undefined ? {} : { shown }),
          })
        }
      }
      return result
    }

    function ledger(): readonly LedgerRow[] {
      const all = factsOf(specimen)
      const shown = factsShown(tape.sent, verifier.url)
      return [
        ledgerRow({ party: 'registry', besides: 'not where it is shown' }, all, all),
        ledgerRow({ party: 'wallet', besides: 'it is the person' }, all, all),
        ledgerRow({ party: 'platform', besides: 'not who it is' }, shown, all),
        ledgerRow(
          { party: 'platform, by photo of the ID', besides: 'portrait and card, 1 to 4 MB' },
          all,
          all,
        ),
      ]
    }
  }
}

function isRevoked(result: PresentationResult): boolean {
  if (!('reports' in result)) return false
  return Object.values(result.reports).some(({ checks }) =>
    checks.some(({ code, outcome }) => code === 'status' && outcome === 'fail'),
  )
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new FacetError('demo_failed', `The demonstration did not come out as it must: ${what}`)
}

/** The beginning of a long identifier. */
function short(identifier: string): string {
  return identifier.length <= 48 ? identifier : `${identifier.slice(0, 47)}…`
}
