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
const lifetimes = [
  ...['codeLifetime', 'pushedLifetime', 'flowLifetime', 'refreshLifetime'],
  ...['tokenLifetime', 'boundTokenLifetime'],
]
const demands = ['pushedRequests', 'dpop', 'clientAttestation'] as const

export async function readAuthorization(
  members: Members,
  world: Pick<ReadingWorld, 'development'>,
): Promise<Pick<IssuingOptions, 'authorization' | 'serverClients' | 'tokenLifetime'>> {
  const said = members.find('authorization', [
    'clients',
    'servers',
    'ownServer',
    'attestationChallenge',
    ...demands,
    ...lifetimes,
  ])
  if (said === undefined) return {}
  const servers = serversIn(
    said.list('servers', ['issuer', 'tokens', 'audience', 'clientId', 'clientSecretFile']),
    world,
  )
  const clients = said.named('clients', ['name', 'redirectUris', 'keys'])
  return {
    authorization: {
      ...defined({
        pushedRequests: said.findWord('pushedRequests', requirements),
        dpop: said.findWord('dpop', requirements),
        clientAttestation: said.findWord('clientAttestation', requirements),
        ownServer: said.findWord('ownServer', ['unused']),
        attestationChallenge: said.findWord('attestationChallenge', ['required', 'when_present']),
        codeLifetime: said.findWhole('codeLifetime'),
        pushedLifetime: said.findWhole('pushedLifetime'),
        flowLifetime: said.findWhole('flowLifetime'),
        refreshLifetime: said.findWhole('refreshLifetime'),
        boundTokenLifetime: said.findWhole('boundTokenLifetime'),
      }),
      clients: Object.fromEntries(clients.map(([id, client]) => [id, clientIn(client)])),
      servers: servers.map(({ server }) => server),
    },
    ...defined({ tokenLifetime: said.findWhole('tokenLifetime') }),
    serverClients: await clientsAt(servers),
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

interface SaidServer {
  readonly said: Members
  readonly server: ForeignServer
}

function serversIn(
  listed: readonly Members[],
  world: Pick<ReadingWorld, 'development'>,
): readonly SaidServer[] {
  const issuers = new Set<string>()
  return listed.map((said) => {
    const issuer = identifierIn(said, 'issuer', world)
    if (issuers.has(issuer)) throw said.refuse('issuer', 'is that of another server too')
    issuers.add(issuer)
    const tokens = said.findWord('tokens', ['jwt', 'introspection']) ?? 'jwt'
    const audience = said.findWord('audience', ['required', 'optional'])
    if (audience === 'optional' && tokens === 'jwt')
      throw said.refuse('audience', 'can be optional for introspection alone')
    return { said, server: { issuer, tokens, ...defined({ audience }) } }
  })
}

async function clientsAt(
  servers: readonly SaidServer[],
): Promise<Readonly<Record<string, { readonly id: string; readonly secret: string }>>> {
  const clients: [string, { readonly id: string; readonly secret: string }][] = []
  for (const { said, server } of servers) {
    const secret = await findSecretIn(said, 'clientSecretFile')
    if (secret !== undefined) clients.push([server.issuer, { id: said.text('clientId'), secret }])
    else if (server.tokens === 'introspection')
      throw said.refuse(
        'clientSecretFile',
        'is missing: a server that is asked about tokens wants to know by whom',
      )
  }
  return Object.fromEntries(clients)
}
