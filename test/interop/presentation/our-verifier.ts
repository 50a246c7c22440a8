/** Our verifier behind an address of loopback, by every name that a peer of it knows. */

import { writeDidJwk } from '@facet-id/credential/did'
import {
  generateEncryptionKey,
  generateKey,
  jweOpenerOf,
  random,
  sealJwe,
  signerOf,
} from '@facet-id/crypto/node'
import { PERSON_VCT } from '@facet-id/facet'
import { serve } from '@facet-id/http/node'
import type { Handle } from '@facet-id/protocol/wire'
import { memoryStore } from '@facet-id/store'
import { createAllowList } from '@facet-id/trust'
import {
  type ClientIdentity,
  createVerifier,
  defaultSettings,
  type PresentationResult,
  type RefusedAnswer,
  type VerifierSettings,
} from '@facet-id/verifier'
import type { TestAuthority } from './certificates.ts'
import { type Closing, ourWorld } from './world.ts'

export interface OurVerifierOptions {
  /** DIDs of the issuers that it believes, and the types that it takes of them. */
  readonly issuers: readonly string[]
  readonly vcts?: readonly string[]
  readonly authority: TestAuthority
  readonly closing: Closing
  readonly settings?: Partial<VerifierSettings>
  /** Names that it has besides. */
  readonly more?: (url: string) => readonly ClientIdentity[]
}

const HOST = 'localhost'

/** Known by a DID unless a request says otherwise. */
export async function ourVerifierByEveryName({
  issuers,
  vcts = [PERSON_VCT],
  authority,
  closing,
  settings = {},
  more = () => [],
}: OurVerifierOptions) {
  let handle: Handle = async () => ({ status: 503, headers: {}, body: '' })
  const served = await serve((request) => handle(request), { host: HOST })
  closing(() => served.close())
  const { publicJwk, privateJwk } = generateKey('ES256')
  const did = writeDidJwk(publicJwk)
  const certified = await authority.certify(HOST)
  const signed = { signer: signerOf(certified.privateJwk), certificates: [certified.certificate.der] }
  const names = {
    decentralized_identifier: `decentralized_identifier:${did}`,
    x509_hash: `x509_hash:${certified.hash}`,
    x509_san_dns: `x509_san_dns:${HOST}`,
    redirect_uri: `redirect_uri:${served.url}/responses`,
  }
  const refused: RefusedAnswer[] = []
  const world = ourWorld(closing)
  const verifier = createVerifier(
    {
      ...world,
      store: memoryStore({ now: () => world.now() * 1000 }),
      signer: { ...signerOf(privateJwk), kid: `${did}#0` },
      identities: [
        { client_id: names.x509_hash, ...signed },
        { client_id: names.x509_san_dns, ...signed },
        { client_id: names.redirect_uri },
        ...more(served.url),
      ],
      encryption: { generateKey: generateEncryptionKey, openerOf: jweOpenerOf, seal: sealJwe },
      random,
      trust: createAllowList({ issuers: issuers.map((id) => ({ id, vcts })), verifiers: [] }),
      onRefusedAnswer: (answer) => refused.push(answer),
    },
    {
      ...defaultSettings,
      client_id: names.decentralized_identifier,
      baseUrl: served.url,
      scheme: 'https_or_loopback_http',
      ...settings,
    },
  )
  handle = verifier.handle
  return { verifier, names, refused, url: served.url }
}

export type OurVerifier = Awaited<ReturnType<typeof ourVerifierByEveryName>>

/** In the order of the table of OpenID4VP §5.9.3. */
export const prefixes = ['redirect_uri', 'decentralized_identifier', 'x509_san_dns', 'x509_hash'] as const
export type Prefix = (typeof prefixes)[number]

/** Each name with each way of an answer. */
export const everyWay = prefixes.flatMap((prefix) =>
  (['direct_post', 'direct_post.jwt'] as const).map((responseMode) => ({ prefix, responseMode })),
)

/** What it was shown, by the id of the query. */
export function shownIn(result: PresentationResult): Readonly<Record<string, unknown>> {
  if (!('reports' in result)) return {}
  return Object.fromEntries(Object.entries(result.reports).map(([id, { shown }]) => [id, shown]))
}

/** What it did not let pass. */
export function failed(result: PresentationResult): readonly object[] {
  if (!('reports' in result)) return []
  return Object.entries(result.reports).flatMap(([queryId, { checks }]) =>
    checks.filter(({ outcome }) => outcome === 'fail').map(({ code, reason }) => ({ queryId, code, reason })),
  )
}
