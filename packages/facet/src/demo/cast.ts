/** The parties of the story, and how they come on stage. They know each other only by URL and link. */
import { join } from 'node:path'
import type { WireRequest } from '@facet-id/protocol/wire'
import type { Environment } from '../config/data-directory.ts'
import { PERSON_VCT } from '../person-credential.ts'
import type { Closing } from '../service/closing.ts'
import { type IssuanceNode, startIssuanceNode } from '../service/issuance-node.ts'
import { startVerifierService, type VerifierService } from '../service/verifier-service.ts'
import { openWallet, type Wallet } from '../service/wallet.ts'
import { recorder } from './ledger.ts'
import { demoPassphrase } from './passphrase.ts'
import { step, type Tell } from './transcript.ts'

/** Short, so that a demonstration need not wait. */
export const STATUS_TTL_SECONDS = 2
const COPIES = 4

export interface Stage {
  readonly directory: string
  readonly environment: Environment
  /** Whatever is opened is noted here as soon as it is open. */
  readonly closing: Closing
  readonly tell: Tell
}

export interface Cast {
  readonly issuer: IssuanceNode
  readonly verifier: VerifierService
  /** As the person has it in hand: closed and opened again in the course of the story. */
  wallet: Wallet
  openWallet(): Promise<Wallet>
  /** What reached the person by another channel than the offer. */
  readonly person: { txCode?: string }
  /** Everything that left the wallet. */
  readonly sent: readonly WireRequest[]
}

export async function assemble(stage: Stage): Promise<Cast> {
  const issuer = await startRegistry(stage)
  const verifier = await startPlatform(stage, issuer.did)
  const person: Cast['person'] = {}
  const tape = recorder()
  const passphrase = await demoPassphrase(stage.directory)
  const open = (): Promise<Wallet> =>
    opened(
      stage,
      openWallet({
        dataDirectory: join(stage.directory, 'wallet'),
        passphrase,
        development: true,
        copies: COPIES,
        around: tape.around,
        consent: {
          toReceive: () => ({ agreed: true, ...person }),
          toPresent: ({ items }) => ({ agreed: items.length > 0 }),
        },
      }),
    )
  const wallet = await step(stage.tell, 'The wallet is unlocked', open, () => [
    'its store is sealed under a passphrase (scrypt, AES-256-GCM)',
  ])
  return { issuer, verifier, wallet, openWallet: open, person, sent: tape.sent }
}

function startRegistry(stage: Stage): Promise<IssuanceNode> {
  const options = {
    environment: stage.environment,
    development: true,
    dataDirectory: join(stage.directory, 'issuer'),
    name: 'Registry of Utopia',
    statusListTtl: STATUS_TTL_SECONDS,
  }
  return step(
    stage.tell,
    'The issuance node is up',
    () => opened(stage, startIssuanceNode(options)),
    ({ credentialIssuer, did }) => [
      `at ${credentialIssuer}`,
      `as ${short(did)}, its keys kept by a Veramo agent, sealed on disk`,
    ],
  )
}

function startPlatform(stage: Stage, issuerDid: string): Promise<VerifierService> {
  const options = {
    environment: stage.environment,
    development: true,
    dataDirectory: join(stage.directory, 'verifier'),
    issuers: [{ id: issuerDid, vcts: [PERSON_VCT] }],
  }
  return step(
    stage.tell,
    'A platform is up',
    () => opened(stage, startVerifierService(options)),
    ({ url, clientId }) => [
      `at ${url}`,
      `as ${short(clientId)}`,
      'it believes this one issuer for this one type',
    ],
  )
}

/** Noted before anything is told of it: whatever is told may be the end. */
async function opened<T extends { close(): Promise<void> }>(
  { closing }: Stage,
  opening: Promise<T>,
): Promise<T> {
  const part = await opening
  closing.add(() => part.close())
  return part
}

/** The beginning of a long identifier. */
export function short(identifier: string): string {
  return identifier.length <= 48 ? identifier : `${identifier.slice(0, 47)}…`
}
