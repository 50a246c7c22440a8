/**
 * Whole flows over loopback HTTP in one process, on disk: offer, accept, present, verify. One copy a
 * flow, so that the signatures are counted easily; time moves as it does in life.
 *
 * Beside it stands what the same number of signatures, checks and key imports costs by itself: the
 * share of the time that no protocol can save.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  openWallet,
  personQuery,
  startIssuanceNode,
  startVerifierService,
  type Wallet,
} from '@facet-id/facet'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { specimen } from '../flow/specimen.ts'
import type { Measured } from './run.ts'
import { signatureFloor } from './signature-floor.ts'

const FLOWS = 320
const AT_ONCE = 8

/**
 * What is signed in one flow: the key proof, the credential, the request object, the key binding JWT.
 * The status list is signed once in its `ttl`, not once a flow.
 */
const SIGNATURES = 4
/**
 * What is checked: the proof, the credential by the wallet and by the verifier, the request object and the
 * key binding JWT; the list where it was fetched, and one credential in a hundred by the second engine.
 */
const CHECKS = 5
/** Keys that are new in a flow: the wallet's own, which issuer and verifier see for the first time. */
const NEW_KEYS = 1

export async function bench(): Promise<readonly Measured[]> {
  const directory = await mkdtemp(join(tmpdir(), 'facet-bench-'))
  try {
    const floor = await signatureFloor({ signatures: SIGNATURES, checks: CHECKS, newKeys: NEW_KEYS })
    const measured = await flows(directory)
    return [
      {
        name: 'full flows over HTTP, on disk, one process',
        unit: 'flows/s',
        value: FLOWS / measured.seconds,
        notes: {
          flows: FLOWS,
          at_once: AT_ONCE,
          wallets: AT_ONCE,
          cpu_ms_per_flow: round((measured.cpuSeconds / FLOWS) * 1000),
          floor_cpu_ms_per_flow: round(floor * 1000),
          share_of_signatures: round((floor * FLOWS) / measured.cpuSeconds),
        },
      },
    ]
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function flows(directory: string): Promise<{ readonly seconds: number; readonly cpuSeconds: number }> {
  const node = { environment: {}, development: true }
  const issuance = await startIssuanceNode({ ...node, dataDirectory: join(directory, 'issuer') })
  const service = await startVerifierService({
    ...node,
    dataDirectory: join(directory, 'verifier'),
    issuers: [{ id: issuance.did, vcts: ['urn:facet:person:1'] }],
  })
  const wallets = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => walletIn(join(directory, `wallet-${index}`))),
  )
  const query = readDcqlQuery(personQuery({ age: 18, nationality: 'UTO' }))

  async function flow({ holder }: Wallet): Promise<void> {
    const { link } = await issuance.issuer.offer({
      configurationId: 'person',
      claims: specimen,
      txCodeLength: 0,
    })
    const { credentials } = await holder.accept(link)
    const request = await service.verifier.request(query)
    await holder.present(request.link)
    const { outcome } = await service.verifier.result(request.transactionId)
    if (outcome !== 'verified') throw new Error(`a flow ended ${outcome}`)
    // A wallet holds a few credentials and not as many as a benchmark makes.
    for (const { credentialId } of credentials) await holder.forget(credentialId)
  }

  async function lanes(flowsEach: number): Promise<void> {
    await Promise.all(
      wallets.map(async (wallet) => {
        for (let done = 0; done < flowsEach; done++) await flow(wallet)
      }),
    )
  }

  try {
    await lanes(3)
    const cpuBefore = process.cpuUsage()
    const began = performance.now()
    await lanes(FLOWS / AT_ONCE)
    const seconds = (performance.now() - began) / 1000
    const { user, system } = process.cpuUsage(cpuBefore)
    return { seconds, cpuSeconds: (user + system) / 1e6 }
  } finally {
    for (const wallet of wallets) await wallet.close()
    await service.close()
    await issuance.close()
  }
}

function walletIn(dataDirectory: string): Promise<Wallet> {
  return openWallet({
    dataDirectory,
    passphrase: randomUUID(),
    development: true,
    copies: 1,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true }),
      toPresent: () => ({ agreed: true }),
    },
  })
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
