/** A world of entities that publish statements, and counts what is asked of them. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { Transport, WireResponse } from '@facet-id/protocol/wire'
import { checkSignatures, clock, keyPair, signerOf } from '@facet-id/testkit'
import { readFederationKeys } from '@facet-id/trust/federation'
import { createFederation } from './federation.ts'
import type { FederationBounds } from './ports.ts'

export const start = 1_800_000_000
const times = { iat: start - 10, exp: start + 1000 }

export interface Entity {
  readonly id: string
  readonly jwks: JsonObject
  sign(typ: string, claims: JsonObject): string
}

export function entity(id: string): Entity {
  const { publicJwk, privateJwk } = keyPair()
  const kid = `key of ${id}`
  const signer = signerOf(privateJwk)
  return {
    id,
    jwks: { keys: [{ ...publicJwk, kid }] },
    sign(typ, claims) {
      const input = writeSigningInput({ alg: 'ES256', kid, typ }, { iss: id, ...times, ...claims })
      return writeJws(input, signer.sign(utf8(input)))
    },
  }
}

type Page = WireResponse | (() => WireResponse | Promise<WireResponse>)

export function statementPage(body: string, contentType = 'application/entity-statement+jwt'): WireResponse {
  return { status: 200, headers: { 'content-type': contentType }, body }
}

const typ = 'entity-statement+jwt'

export function federationWorld(anchors: readonly Entity[], bounds: Partial<FederationBounds> = {}) {
  const pages = new Map<string, Page>()
  const asked: string[] = []
  const time = clock(start)
  const transport: Transport = {
    async send({ url }) {
      asked.push(url)
      const page = pages.get(url) ?? { status: 404, headers: {}, body: '' }
      return typeof page === 'function' ? page() : page
    },
  }
  const configurationUrl = (id: string) => `${id.replace(/\/$/, '')}/.well-known/openid-federation`
  const fetchUrl = (superior: Entity, sub: string) => {
    const url = new URL(`${superior.id}/fetch`)
    url.searchParams.set('sub', sub)
    return url.href
  }
  return {
    pages,
    asked,
    clock: time,
    configurationUrl,
    fetchUrl,
    /** What stands at that address. */
    textAt(url: string): string {
      const page = pages.get(url)
      if (page === undefined || typeof page === 'function') throw new Error('no statement stands there')
      return page.body
    },
    /** What it says of itself, and where its superiors are. */
    publish(of: Entity, superiors: readonly string[], claims: JsonObject = {}): void {
      const metadata = { federation_entity: { federation_fetch_endpoint: `${of.id}/fetch` } }
      const hints = superiors.length === 0 ? {} : { authority_hints: superiors }
      const text = of.sign(typ, { sub: of.id, jwks: of.jwks, metadata, ...hints, ...claims })
      pages.set(configurationUrl(of.id), statementPage(text))
    },
    /** What a superior says of it. */
    vouch(superior: Entity, of: Entity, claims: JsonObject = {}): void {
      const text = superior.sign(typ, { sub: of.id, jwks: of.jwks, ...claims })
      pages.set(fetchUrl(superior, of.id), statementPage(text))
    },
    federation: createFederation(
      {
        transport,
        checkSignatures,
        now: time.now,
        anchors: anchors.map(({ id, jwks }) => ({ entityId: id, keys: readFederationKeys(jwks, 'jwks') })),
      },
      bounds,
    ),
  }
}
