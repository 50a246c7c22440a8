/** A verifier service: the verifier role on the ground of a node. */
import { random } from '@facet-id/crypto/node'
import { createAllowList, type IssuerRule } from '@facet-id/trust'
import { createVerifier, defaultSettings, type Verifier } from '@facet-id/verifier'
import { judgingPorts, transportFor } from './judging-ports.ts'
import { type Ground, type NodeOptions, startNode } from './node.ts'
import { verifierOperations } from './verifier-operations.ts'

export interface VerifierServiceOptions extends NodeOptions {
  /** Who may issue what. Nobody else is believed. */
  readonly issuers: readonly IssuerRule[]
}

export interface VerifierService {
  readonly verifier: Verifier
  /** Full client id, as wallets see it. */
  readonly clientId: string
  readonly url: string
  close(): Promise<void>
}

/** Starts it; {@link startNode} says what is thrown. */
export async function startVerifierService(options: VerifierServiceOptions): Promise<VerifierService> {
  const { role, identity, url, close } = await startNode(options, 'verifier', (ground) => {
    const verifier = verifierOn(ground, options)
    return { verifier, handle: verifier.handle, operations: verifierOperations(verifier) }
  })
  return { verifier: role.verifier, clientId: clientIdOf(identity.did), url, close }
}

function clientIdOf(did: string): string {
  return `decentralized_identifier:${did}`
}

function verifierOn({ store, identity, url, now }: Ground, options: VerifierServiceOptions): Verifier {
  const ports = {
    store,
    signer: { ...identity.signer, kid: identity.kid },
    random,
    now,
    trust: createAllowList({ issuers: options.issuers, verifiers: [] }),
    ...judgingPorts(transportFor(options.development), now),
  }
  return createVerifier(ports, {
    ...defaultSettings,
    client_id: clientIdOf(identity.did),
    baseUrl: url,
    scheme: options.development ? 'https_or_loopback_http' : 'https',
  })
}
