/** The three parties of the demonstration: each a server or a wallet of its own, on its own data. */
import { join, resolve } from 'node:path'
import type { Consent } from '@facet-id/holder'
import type { WireRequest } from '@facet-id/protocol/wire'
import type { Environment } from '../config/data-directory.ts'
import { PERSON_VCT } from '../person-type.ts'
import type { Closing } from '../service/closing.ts'
import { type IssuanceNode, startIssuanceNode } from '../service/issuance-node.ts'
import { startVerifierService, type VerifierService } from '../service/verifier-service.ts'
import { openWallet, type Wallet } from '../service/wallet.ts'
import { recorder } from './ledger.ts'
import { demoPassphrase } from './passphrase.ts'
import { short, step, type Tell } from './transcript.ts'

/** Short, so that a demonstration need not wait. */
export const STATUS_TTL_SECONDS = 2
const COPIES = 4

/** Where the story plays, and who hears it. */
export interface Scene {
  readonly directory: string
  readonly environment: Environment
  /** Ends the story between two steps. */
  readonly signal: AbortSignal
  readonly tell: Tell
  /** Whatever is opened is noted here at once: what is told next may be the end. */
  readonly closing: Closing
}

export interface Parties {
  readonly issuer: IssuanceNode
  readonly verifier: VerifierService
  /** The one that is open now. */
  readonly wallet: Wallet
  /** Opens it again, after it was closed. */
  openWallet(): Promise<Wallet>
  /** What the person knows by another channel. */
  readonly person: { txCode?: string }
  /** Everything that left the wallet. */
  readonly sent: readonly WireRequest[]
}

export async function startParties(scene: Scene): Promise<Parties> {
  const issuer = await startRegistry(scene)
  const verifier = await startPlatform(scene, issuer)
  const person: Parties['person'] = {}
  const tape = recorder()
  const consent: Consent = {
    toFetch: () => ({ agreed: true }),
    toReceive: () => ({ agreed: true, ...person }),
    toPresent: ({ items }) => ({ agreed: items.length > 0 }),
  }
  const dataDirectory = join(scene.directory, 'wallet')
  const passphrase = await demoPassphrase(scene.directory)
  const options = {
    dataDirectory,
    passphrase,
    development: true,
    consent,
    copies: COPIES,
    around: tape.around,
  }
  const open = (): Promise<Wallet> => opened(openWallet(options), scene)
  const wallet = await step(scene.tell, 'The wallet is unlocked', open, () => [
    'its store is sealed under a passphrase (scrypt, AES-256-GCM)',
  ])
  return { issuer, verifier, wallet, openWallet: open, person, sent: tape.sent }
}

function startRegistry(scene: Scene): Promise<IssuanceNode> {
  const starting = {
    environment: environmentOf('issuer', scene),
    development: true,
    dataDirectory: join(scene.directory, 'issuer'),
    name: 'Registry of Utopia',
    statusListTtl: STATUS_TTL_SECONDS,
  }
  return step(
    scene.tell,
    'The issuance node is up',
    () => opened(startIssuanceNode(starting), scene),
    ({ credentialIssuer, did }) => [
      `at ${credentialIssuer}`,
      `as ${short(did)}, its keys kept by a Veramo agent, sealed on disk`,
    ],
  )
}

function startPlatform(scene: Scene, { did }: IssuanceNode): Promise<VerifierService> {
  const starting = {
    environment: environmentOf('verifier', scene),
    development: true,
    dataDirectory: join(scene.directory, 'verifier'),
    issuers: [{ id: did, vcts: [PERSON_VCT] }],
  }
  return step(
    scene.tell,
    'A platform is up',
    () => opened(startVerifierService(starting), scene),
    ({ url, clientId }) => [
      `at ${url}`,
      `as ${short(clientId)}`,
      'it believes this one issuer for this one type',
    ],
  )
}

async function opened<T extends { close(): Promise<void> }>(
  opening: Promise<T>,
  { closing }: Scene,
): Promise<T> {
  const part = await opening
  closing.add(() => part.close())
  return part
}

/** Keys lie outside the whole of the demonstration's data, so that a copy of it opens nothing. */
function environmentOf(party: string, { directory, environment }: Scene): Environment {
  const chosen = environment.FACET_KEY_FILE ?? ''
  const beside = join(`${resolve(directory)}.keys`, `${party}.key`)
  return { ...environment, FACET_KEY_FILE: chosen === '' ? beside : chosen }
}
