/**
 * Is the request from the client that it names? By the rules of its prefix, each through a port. OpenID4VP 1.0 §5.9.3.
 */
import { checkOf, type PublicJwk, type SignatureCheck } from '@facet-id/credential/jose'
import type { RequestKey, RequestObjectJwt } from '@facet-id/protocol/openid4vp'
import { type ClientId, isInForce, prefixRules } from '@facet-id/protocol/openid4vp/client'
import { isClientOf } from '@facet-id/trust'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import type { HolderPorts } from '../ports.ts'
import { checksOf, type KnownClient, knownByFederation, knownByRegistration } from '../presentation/client.ts'
import type { ClientMemberAnswer, Unproven } from '../presentation/client-ports.ts'

/**
 * What is known of a client before its request is fetched: by registration, or by a federation. One of whom a
 * federation could not be asked is known by nothing yet: its request may bring the statements (§5.9.3).
 *
 * @param request where it came along and need not be fetched
 * @throws {HolderError} `request_not_authentic` for one that is not known, where it must be
 */
export async function knownClient(
  { prefix, id, full }: ClientId,
  { ports }: Holding,
  request?: Pick<RequestObjectJwt, 'key'>,
): Promise<KnownClient> {
  switch (prefixRules[prefix].key) {
    case 'registration': {
      const client = await ports.clients?.registered?.({ clientId: full })
      if (client === undefined)
        throw notAuthentic('Its verifier would have to be known beforehand, and is not')
      return knownByRegistration(client)
    }
    case 'federation': {
      const answer = await memberAnswer(id, ports, request?.key)
      if ('undetermined' in answer && request === undefined) return { evidence: {} }
      return knownMember(id, answer)
    }
    case 'certificate':
      return openIf(ports.clients?.certificateOf)
    case 'attestation':
      return openIf(ports.clients?.attesterKeyOf)
    case 'did':
    case 'none':
      return { evidence: {} }
  }
}

async function memberAnswer(
  entityId: string,
  { clients }: Pick<HolderPorts, 'clients'>,
  key?: RequestKey,
): Promise<ClientMemberAnswer> {
  const { trustChain } = key?.by === 'federation' ? key : {}
  const sent = trustChain === undefined ? {} : { trustChain }
  return (await clients?.memberOf?.({ entityId, ...sent })) ?? unsupported
}

function knownMember(entityId: string, answer: ClientMemberAnswer): KnownClient {
  if (!('member' in answer)) throw unproven()
  const known = knownByFederation(answer.metadata, { federation: answer.member })
  if (known === undefined || answer.member.entityId !== entityId)
    throw notAuthentic('Its federation knows of no such verifier')
  return known
}

/** Nothing is fetched for a verifier of a kind that could not be proven. */
function openIf(port: unknown): KnownClient {
  if (port === undefined) throw notAuthentic(unsupported.refused)
  return { evidence: {} }
}

/**
 * Verifies who signed.
 *
 * @returns what is known of the client now
 * @throws {HolderError} `request_not_authentic`
 */
export async function proveSigner(
  request: RequestObjectJwt,
  known: KnownClient,
  holding: Holding,
): Promise<KnownClient> {
  const { checks, also = [], ...proven } = await signerOf(request, known, holding)
  const verdicts = await holding.ports.checkSignatures([...also, ...checks])
  const alsoHold = verdicts.slice(0, also.length).every((verdict) => verdict === 'valid')
  if (!alsoHold || !verdicts.slice(also.length).includes('valid')) {
    throw notAuthentic('The signature of the request does not hold: it is not from that verifier')
  }
  return { ...known, ...proven, isSigned: true }
}

/** @throws {HolderError} `request_not_authentic` for an unsigned request of a client that signs */
export function ensureUnsigned({ prefix }: ClientId, { keys }: KnownClient): void {
  const { signature } = prefixRules[prefix]
  if (signature === 'forbidden' || (signature === 'as_registered' && keys?.length === 0)) return
  throw notAuthentic('The request is not signed, and its verifier is one that signs')
}

interface Signer extends Partial<KnownClient> {
  /** One of them must hold: the client has several keys. */
  readonly checks: readonly SignatureCheck[]
  /** All of them must. */
  readonly also?: readonly SignatureCheck[]
}

async function signerOf(request: RequestObjectJwt, known: KnownClient, holding: Holding): Promise<Signer> {
  const { clientId, key, jws } = request
  const { ports } = holding
  switch (key.by) {
    case 'did': {
      const answer = await ports.resolveKey({
        did: clientId.id,
        kid: key.kid,
        relationship: 'authentication',
      })
      return { checks: [checkOf(jws, keyIn(answer))] }
    }
    case 'certificate': {
      const answer = (await ports.clients?.certificateOf?.({ x5c: key.x5c })) ?? unsupported
      if (!('certificate' in answer)) throw unproven()
      const { certificate, trustedFreely = false } = answer
      if (!isClientOf(clientId.full, certificate))
        throw notAuthentic('The certificate of the request is of another verifier')
      return { checks: [checkOf(jws, answer.key)], evidence: { certificate }, trustedFreely }
    }
    case 'attestation':
      return attested(request, key, holding)
    case 'federation': {
      if (known.keys !== undefined) return { checks: checksOf(jws, known.keys) }
      if (key.trustChain === undefined) throw unproven()
      const member = knownMember(clientId.id, await memberAnswer(clientId.id, ports, key))
      return { ...member, checks: checksOf(jws, member.keys ?? []) }
    }
    case 'registration':
      return { checks: checksOf(jws, known.keys ?? []) }
  }
}

/** §12: the attestation is in force, and of somebody who is trusted to attest; the request is signed by the key in it. */
async function attested(
  { jws }: RequestObjectJwt,
  { attestation, jws: own }: Extract<RequestKey, { readonly by: 'attestation' }>,
  { ports, settings }: Holding,
): Promise<Signer> {
  if (!isInForce(attestation, ports.now(), settings.clockSkew)) {
    throw notAuthentic('The attestation of its verifier is not in force')
  }
  const { kid, x5c } = own.header
  const answer =
    (await ports.clients?.attesterKeyOf?.({
      attester: attestation.iss,
      ...(kid === undefined ? {} : { kid }),
      ...(x5c === undefined ? {} : { x5c }),
    })) ?? unsupported
  return {
    also: [checkOf(own, keyIn(answer))],
    checks: [checkOf(jws, attestation.cnf.jwk)],
    ...(attestation.redirect_uris === undefined ? {} : { addresses: attestation.redirect_uris }),
  }
}

const unsupported = { refused: 'Verifiers of this kind are not known here' } as const

function keyIn(answer: { readonly key: PublicJwk } | Unproven): PublicJwk {
  if ('key' in answer) return answer.key
  throw unproven()
}

/** The words of a port are not repeated: they may be about anything. */
function unproven(): HolderError {
  return notAuthentic('The key that signed the request could not be found at its verifier')
}

export function notAuthentic(why: string): HolderError {
  return new HolderError('request_not_authentic', why)
}
