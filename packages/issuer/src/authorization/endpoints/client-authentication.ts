/**
 * Who sends this to the authorization server: which client, how it proves that, and which key its tokens are bound
 * to. RFC 6749 §2.3, RFC 7523, RFC 9449 §5, Attestation-Based Client Authentication §7.
 *
 * What a request proves itself with is good once, and is taken in the commit of what the request buys.
 */
import { FORM_MEDIA_TYPE, readForm } from '@facet-id/protocol/form'
import type { WireRequest } from '@facet-id/protocol/wire'
import type { Op, Out } from '@facet-id/store'
import { attestationReplayed } from '../../client/attestation.ts'
import { dpopReplayed } from '../../client/dpop.ts'
import { attestedClient, provenSender } from '../../endpoints/sender.ts'
import { IssuerError } from '../../error.ts'
import type { Issuing } from '../../issuing.ts'
import { type Client, publicClient, registeredAs, unknownClient } from '../client.ts'
import {
  assertionKey,
  assertionUse,
  CLIENT_ASSERTION_TYPE,
  readClientAssertion,
} from '../client-assertion.ts'

/** Whoever sends a request, and what it is used up with. */
export interface Requester<C extends Client | undefined = Client> {
  readonly client: C
  /** Thumbprint of the key that a DPoP proof shows; absent: it brought none. */
  readonly jkt?: string
  readonly uses: readonly Use[]
}

interface Use {
  readonly op: Op
  /** Another request was quicker with it. */
  readonly refused: () => IssuerError
}

/**
 * Of a request that only clients send.
 *
 * @param named the `client_id` of the message itself
 * @throws {IssuerError} `client_unknown`, `client_attestation_missing`, and those of `provenSender` and
 * `attestedClient`
 */
export async function requesterOf(
  request: WireRequest,
  named: string | undefined,
  issuing: Issuing,
): Promise<Requester> {
  const { client, ...others } = await findRequester(request, named, issuing)
  return { client: client ?? publicClient(named, issuing.settings.authorization), ...others }
}

/** Of a request that anybody may send: a pre-authorized code is enough (OpenID4VCI §6.1). */
export async function findRequester(
  request: WireRequest,
  named: string | undefined,
  issuing: Issuing,
): Promise<Requester<Client | undefined>> {
  const { authorization } = issuing.settings
  const sender = await provenSender(request, issuing)
  const proven = await findProven(request, { named, jkt: sender?.jkt }, issuing)
  if (authorization.clientAttestation === 'required' && proven?.client.provenBy !== 'attestation') {
    throw new IssuerError(
      'client_attestation_missing',
      'This server takes requests of attested wallets only: send OAuth-Client-Attestation',
    )
  }
  const known = named !== undefined && registeredAs(named, authorization.clients) !== undefined
  const client = proven?.client ?? (known ? publicClient(named, authorization) : undefined)
  const dpop = sender === undefined ? [] : [{ op: sender.use, refused: dpopReplayed }]
  return {
    client,
    uses: [...dpop, ...(proven?.uses ?? [])],
    ...(sender === undefined ? {} : { jkt: sender.jkt }),
  }
}

/**
 * Commits what a request buys together with what it proves itself with.
 *
 * @returns what the store says of the first operations
 * @throws {IssuerError} where a proof was used before; nothing was changed
 */
export async function commitOnce(
  ops: readonly Op[],
  { uses }: Pick<Requester, 'uses'>,
  { ports }: Pick<Issuing, 'ports'>,
): Promise<
  { readonly ok: true; readonly out: readonly Out[] } | { readonly ok: false; readonly failed: number }
> {
  const done = await ports.store.commit([...ops, ...uses.map(({ op }) => op)])
  const used = done.ok ? undefined : uses[done.failed - ops.length]
  if (used !== undefined) throw used.refused()
  return done
}

/** @throws {IssuerError} `dpop_proof_missing` where tokens must be bound */
export function checkBound(jkt: string | undefined, { settings }: Pick<Issuing, 'settings'>): void {
  if (jkt !== undefined || settings.authorization.dpop !== 'required') return
  throw new IssuerError(
    'dpop_proof_missing',
    'This server gives out tokens that are bound to a key: send a DPoP proof',
  )
}

/** @throws {IssuerError} `sender_key_differs` where a key was named before, and it is another */
export function checkSenderKey(named: string | undefined, proven: string | undefined): void {
  if (named === undefined || named === proven) return
  throw new IssuerError(
    'sender_key_differs',
    'The key that is proven here is not the one that was named before',
  )
}

interface Proven {
  readonly client: Client
  readonly uses: readonly Use[]
}

async function findProven(
  request: WireRequest,
  { named, jkt }: { readonly named: string | undefined; readonly jkt: string | undefined },
  issuing: Issuing,
): Promise<Proven | undefined> {
  const about = { ...(named === undefined ? {} : { clientId: named }), ...(jkt === undefined ? {} : { jkt }) }
  const attested = await attestedClient(request, issuing, about)
  const { client_assertion, client_assertion_type } = formOf(request)
  if (attested === undefined) {
    if (client_assertion === undefined && client_assertion_type === undefined) return undefined
    if (client_assertion === undefined || client_assertion_type !== CLIENT_ASSERTION_TYPE)
      throw unknownClient()
    return asserted(client_assertion, named, issuing)
  }
  // RFC 6749 §2.3: one way to authenticate a request, not two.
  if (client_assertion !== undefined) throw unknownClient()
  const { clientId, instanceJkt, use } = attested
  const registered = registeredAs(clientId, issuing.settings.authorization.clients)
  return {
    client: {
      clientId,
      provenBy: 'attestation',
      instanceKey: instanceJkt,
      ...(registered === undefined ? {} : { registered }),
    },
    uses: use === undefined ? [] : [{ op: use, refused: attestationReplayed }],
  }
}

async function asserted(assertion: string, named: string | undefined, issuing: Issuing): Promise<Proven> {
  const { ports, settings } = issuing
  const read = readClientAssertion(assertion, { audience: settings.credential_issuer, now: ports.now() })
  const registered = registeredAs(read.clientId, settings.authorization.clients)
  const key = registered === undefined ? undefined : assertionKey(registered, read.kid)
  if (registered === undefined || key === undefined) throw unknownClient()
  if (named !== undefined && named !== read.clientId) throw unknownClient()
  const [verdict] = await ports.checkSignatures([read.check(key)])
  if (verdict !== 'valid') throw unknownClient()
  return {
    client: { clientId: read.clientId, provenBy: 'private_key_jwt', registered },
    uses: [{ op: assertionUse(read, ports.hash), refused: unknownClient }],
  }
}

function formOf({ headers, body = '' }: WireRequest): Readonly<Record<string, string>> {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() === FORM_MEDIA_TYPE
    ? readForm(body)
    : {}
}
