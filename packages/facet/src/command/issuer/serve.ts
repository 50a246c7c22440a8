/** `facet issuer serve`: an issuance node, until it is stopped. */
import type { Issuer } from '@facet-id/issuer'
import { createErrorOutput, type Terminal } from '../../terminal/output.ts'
import type { Arguments } from '../arguments.ts'
import { timeOf } from '../operating.ts'
import { nodeOptions, serveUntilStopped } from '../serving.ts'
import { configuredOf, DEFAULT_DATA } from './configured.ts'

export async function serve(args: Arguments, terminal: Terminal): Promise<number> {
  const { options, close: closeSources } = await configuredOf(args, terminal)
  const { startIssuanceNode } = await import('../../service/issuance-node.ts')
  try {
    const node = await startIssuanceNode({ ...(await nodeOptions(args, DEFAULT_DATA, terminal)), ...options })
    const { credentialIssuer, did, certificate } = node
    const facts = {
      credential_issuer: credentialIssuer,
      did,
      ...(certificate === undefined ? {} : { certificate }),
      ...(options.profile === 'haip' ? { profile: 'haip' } : {}),
    }
    const warn = (): Promise<void> => warnOfStopped(node.issuer, terminal)
    await warn().catch(async (error: unknown) => {
      await node.close()
      throw error
    })
    const close = (): Promise<void> => warn().finally(() => node.close())
    return await serveUntilStopped({ port: node.port, close }, facts, { args, terminal })
  } finally {
    closeSources()
  }
}

/** At the start and at the end: whoever was not looking when it was stopped hears of it all the same. */
async function warnOfStopped(issuer: Issuer, terminal: Terminal): Promise<void> {
  for (const { configurationId, stoppedAt } of await issuer.stopped()) {
    createErrorOutput(terminal).line(
      `facet: the configuration ${JSON.stringify(configurationId)} is stopped since ${timeOf(stoppedAt)}, because a second engine read a credential of it differently; "facet issuer resume" issues it again [configuration_stopped]`,
    )
  }
}
