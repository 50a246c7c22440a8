/** The stage as the product runs it: servers on loopback ports, stores on disk, a Veramo agent for keys. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openWallet, startIssuanceNode, startVerifierService } from '@facet-id/facet'
import type { Stage } from './flow.ts'
import { PERSON_VCT, personConfiguration } from './specimen.ts'

const TTL_SECONDS = 1

export async function httpStage(directory: string, knownBy: 'did' | 'address' = 'did'): Promise<Stage> {
  const node = { environment: {}, development: true }
  const issuance = await startIssuanceNode({
    ...node,
    dataDirectory: join(directory, 'issuer'),
    configurations: { person: personConfiguration },
    statusListTtl: TTL_SECONDS,
    knownBy,
  })
  const service = await startVerifierService({
    ...node,
    dataDirectory: join(directory, 'verifier'),
    issuers: [{ id: knownBy === 'did' ? issuance.did : issuance.credentialIssuer, vcts: [PERSON_VCT] }],
  })
  const person: Stage['person'] = {}
  const wallet = await openWallet({
    dataDirectory: join(directory, 'wallet'),
    passphrase: randomUUID(),
    development: true,
    copies: 4,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true, ...person }),
      toPresent: ({ items }) => ({ agreed: items.length > 0 }),
    },
  })
  return {
    issuer: issuance.issuer,
    holder: wallet.holder,
    verifier: service.verifier,
    person,
    letTimePass: () => pause((TTL_SECONDS + 1) * 1000),
    async close() {
      await wallet.close()
      await service.close()
      await issuance.close()
    },
  }
}
