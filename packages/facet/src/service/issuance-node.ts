/** An issuance node: the issuer role on the ground of a node. */
import { createIssuer, type Issuer } from '@facet-id/issuer'
import { systemClock } from '../clock.ts'
import { FacetError } from '../error.ts'
import type { IssuingOptions } from '../issuing/options.ts'
import { issuerParts } from '../issuing/parts.ts'
import { showingFor } from '../issuing/shown-persons.ts'
import { certifiedFor } from '../issuing/signing.ts'
import { issuerOperations } from './issuer-operations.ts'
import { transportFor } from './judging-ports.ts'
import { type NodeOptions, startNode } from './node.ts'

export interface IssuanceNodeOptions extends NodeOptions, IssuingOptions {}

export interface IssuanceNode {
  /** As it is now: after a rotation of keys it is another one, over the same state. */
  readonly issuer: Issuer
  /** Stands as `iss` in what it issues, if it is known by it. */
  readonly did: string
  /** `x509_hash:` and the SHA-256 of its certificate, if it is known by one. */
  readonly certificate?: string
  /** The Credential Issuer Identifier. */
  readonly credentialIssuer: string
  /** Where it listens on loopback. */
  readonly port: number
  close(): Promise<void>
}

/**
 * Starts it; {@link startNode} says what is thrown.
 *
 * @throws {FacetError} `certificate_unusable`, `development_mode_needed` for a page that believes anybody, before anything
 * is opened; {VerifierError} `settings_invalid` for what lacks for HAIP where persons show a credential
 */
export async function startIssuanceNode(options: IssuanceNodeOptions): Promise<IssuanceNode> {
  const { clock = systemClock } = options
  checkPersons(options)
  const certified = await certifiedFor(options, clock.now())
  const node = await startNode(options, { alias: 'issuer', role: 'assertion' }, async (ground) => {
    const showing = await showingFor(ground, options)
    const transport = transportFor(options.development)
    const world = { transport, now: ground.now, development: options.development }
    const asking = showing === undefined ? {} : { userAuthentication: showing.userAuthentication }
    const { ports, settings } = await issuerParts(ground, { ...options, ...asking }, { certified, world })
    const issuer = createIssuer(ports, settings)
    return {
      issuer,
      handle: showing?.beside(issuer.handle) ?? issuer.handle,
      operations: issuerOperations(issuer),
      close() {
        showing?.close()
        transport.close()
      },
    }
  })
  return {
    get issuer() {
      return node.role.issuer
    },
    get did() {
      return node.identity.did
    },
    credentialIssuer: node.url,
    port: node.port,
    close: node.close,
    ...(typeof options.knownBy !== 'object' || certified === undefined
      ? {}
      : { certificate: certified.name }),
  }
}

/** @throws {FacetError} `development_mode_needed` */
export function checkPersons({
  developmentPersons,
  development,
}: Pick<IssuanceNodeOptions, 'developmentPersons' | 'development'>): void {
  if (developmentPersons === undefined || development) return
  throw new FacetError(
    'development_mode_needed',
    'A page that believes whoever says who they are is for development mode only',
  )
}
