import type { Evidence } from '@facet-id/trust'
import type { HolderPorts } from '../ports.ts'

/** What a federation proves of an issuer by its address; nothing of any other. */
export async function federated(
  issuer: string,
  { federationOf }: Pick<HolderPorts, 'federationOf'>,
): Promise<Pick<Evidence, 'federation'>> {
  const federation = issuer.startsWith('https:') ? await federationOf?.({ entityId: issuer }) : undefined
  return federation === undefined ? {} : { federation }
}
