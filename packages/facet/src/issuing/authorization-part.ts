/** Who may ask for credentials, and how, as a configuration file says it. */
import { readPublicJwk } from '@facet-id/credential/jose'
import { isJsonArray } from '@facet-id/credential/json'
import type { ForeignServer, RegisteredClient } from '@facet-id/issuer/authorization'
import { identifierIn } from '../config/address-in.ts'
import type { Members } from '../config/members.ts'
import { defined, type ReadingWorld } from './configuration-file.ts'
import type { IssuingOptions } from './options.ts'
import { findSecretIn } from './secret-file.ts'

const requirements = ['accepted', 'required'] as const
const lifetimes = ['codeLifetime', 'pushedLifetime', 'flowLifetime', 'refreshLifetime'] as const
const demands = ['pushedRequests', 'dpop', 'clientAttestation'] as const

export async function readAuthorization(
  members: Members,
  world: Pick<ReadingWorld, 'development'>,
): Promise<Pick<IssuingOptions, 'authorization' | 'serverClients'>> {
  const said = members.find('authorization', ['clients', 'servers', ...demands, ...lifetimes])
  if (said === undefined) return {}
  const listed = said.list('servers', ['issuer', 'tokens', 'clientId', 'clientSecretFile'])
  const servers = serversIn(listed, world)
  const clients = said.named('clients', ['name', 'redirectUris', 'keys'])
  return {
    authorization: {
      ...defined({
        pushedRequests: said.findWord('pushedRequests', requirements),
        dpop: said.findWord('dpop', requirements),
        clientAttestation: said.findWord('clientAttestation', requirements),
        codeLifetime: said.findWhole('codeLifetime'),
        pushedLifetime: said.findWhole('pushedLifetime'),
        flowLifetime: said.findWhole('flowLifetime'),
        refreshLifetime: said.findWhole('refreshLifetime'),
      }),
      clients: Object.fromEntries(clients.map(([id, client]) => [id, clientIn(client)])),
      servers,
    },
    serverClients: await clientsAt(listed, servers),
  }
}

function clientIn(client: Members): RegisteredClient {
  const keys = client.value('keys')
  return {
    name: client.text('name'),
    redirectUris: client.findTexts('redirectUris') ?? [],
    ...(keys === undefined ? {} : { keys: keysIn(client) }),
  }
}

function keysIn(client: Members): NonNullable<RegisteredClient['keys']> {
  const keys = client.value('keys')
  if (!isJsonArray(keys)) throw client.refuse('keys', 'must be a list of public JWKs')
  return keys.map((jwk) => {
    try {
      const publicJwk = readPublicJwk(jwk)
      return { publicJwk, ...defined({ kid: publicJwk.kid }) }
    } catch (cause) {
      throw client.refuse('keys', 'must be a list of public JWKs', cause)
    }
  })
}

function serversIn(
  listed: readonly Members[],
  world: Pick<ReadingWorld, 'development'>,
): readonly ForeignServer[] {
  const issuers = new Set<string>()
  return listed.map((server) => {
    const issuer = identifierIn(server, 'issuer', world)
    if (issuers.has(issuer)) throw server.refuse('issuer', 'is that of another server too')
    issuers.add(issuer)
    return { issuer, tokens: server.findWord('tokens', ['jwt', 'introspection']) ?? 'jwt' }
  })
}

async function clientsAt(
  listed: readonly Members[],
  servers: readonly ForeignServer[],
): Promise<Readonly<Record<string, { readonly id: string; readonly secret: string }>>> {
  const clients: [string, { readonly id: string; readonly secret: string }][] = []
  for (const [at, { issuer, tokens }] of servers.entries()) {
    const server = listed[at]
    if (server === undefined) continue
    const secret = await findSecretIn(server, 'clientSecretFile')
    if (secret !== undefined) clients.push([issuer, { id: server.text('clientId'), secret }])
    else if (tokens === 'introspection')
      throw server.refuse(
        'clientSecretFile',
        'is missing: a server that is asked about tokens wants to know by whom',
      )
  }
  return Object.fromEntries(clients)
}
