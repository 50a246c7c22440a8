/**
 * From what a platform hands on to a request that is proven: the Digital Credentials API. OpenID4VP 1.0 §A.
 *
 * Who asks is the page, whose origin the platform tells, and whoever signed. Of several signers one is believed: the
 * first, in the order of the request, that is proven and trusted; then the first that is proven and of which nobody
 * says that it must not ask. What the others are makes no difference (§A.3.2.2).
 */
import type { JsonValue } from '@facet-id/credential/json'
import type { RequestObjectJwt, RequestPayload } from '@facet-id/protocol/openid4vp'
import { isExpectedAt, platformAudience, readPlatformRequest } from '@facet-id/protocol/openid4vp/platform'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { askerOf } from '../presentation/asker.ts'
import type { KnownClient } from '../presentation/client.ts'
import { judgeAsking } from '../presentation/over-asking.ts'
import { checkRequestTime } from '../presentation/presentation.ts'
import {
  type ProvenRequest,
  readProven,
  refuseMetadataOfKnown,
  withCountingMetadata,
} from '../presentation/proven-request.ts'
import { knownClient, notAuthentic, proveSigner } from './prove-client.ts'
import { sealing } from './send-answer.ts'

/** What a platform hands on. */
export interface PlatformAsk {
  /** `openid4vp-v1-unsigned`, `openid4vp-v1-signed` or `openid4vp-v1-multisigned`. */
  readonly protocol: string
  readonly data: JsonValue
  /** Of the page or app that asked, as the platform tells it; nothing in the request counts for it. */
  readonly origin: string
}

/**
 * @throws {HolderError} `request_not_authentic`, `request_expired`, `verifier_not_trusted`
 * @throws {ProtocolError} {CredentialError} for what cannot be read
 */
export async function provenPlatformRequest(ask: PlatformAsk, holding: Holding): Promise<ProvenRequest> {
  const { algs, scheme } = holding.settings
  ensureOrigin(ask.origin, holding)
  const read = readPlatformRequest(ask.protocol, ask.data, { algs, scheme })
  if (read.signed) return oneOf(read.requests, ask.origin, holding)
  const client_id = platformAudience(ask.origin)
  return readFrom(read, { client_id, origin: ask.origin, known: { evidence: {} } }, holding)
}

async function oneOf(
  requests: readonly RequestObjectJwt[],
  origin: string,
  holding: Holding,
): Promise<ProvenRequest> {
  let firstFailure: unknown
  let undecided: ProvenRequest | undefined
  for (const request of requests) {
    try {
      const proven = await signedRequest(request, origin, holding)
      const decision = decisionOn(proven, holding)
      if (decision === 'trusted') return proven
      if (decision === 'not_trusted') {
        throw new HolderError(
          'verifier_not_trusted',
          'A trust list says that this verifier must not ask for this',
        )
      }
      undecided ??= proven
    } catch (error) {
      firstFailure ??= error
    }
  }
  if (undecided !== undefined) return undecided
  throw firstFailure
}

async function signedRequest(
  request: RequestObjectJwt,
  origin: string,
  holding: Holding,
): Promise<ProvenRequest> {
  const { clientId } = request
  const known = await proveSigner(request, await knownClient(clientId, holding, request), holding)
  refuseMetadataOfKnown(request)
  const payload = withCountingMetadata(request, known)
  const proven = await readFrom(payload, { client_id: clientId.full, origin, known }, holding)
  // §A.2: "the Wallet MUST compare the Origin … MUST return an error if they do not match".
  if (isExpectedAt(origin, proven.expected_origins)) return proven
  throw notAuthentic('The request was signed for other pages than the one that asks')
}

interface From {
  readonly client_id: string
  readonly origin: string
  readonly known: KnownClient
}

async function readFrom(
  payload: RequestPayload,
  { client_id, origin, known }: From,
  { ports, settings }: Holding,
): Promise<ProvenRequest> {
  const request = readProven(payload, settings)
  if (request.to.by !== 'platform')
    throw notAuthentic('What a platform hands on is answered to the platform, and nowhere else')
  checkRequestTime(request, ports.now(), settings.clockSkew)
  const encryption = request.to.encrypted ? await sealing(request, ports) : undefined
  return {
    ...request,
    client_id,
    audience: platformAudience(origin),
    evidence: known.evidence,
    ...(known.isSigned === true ? { isSigned: true } : {}),
    ...(encryption === undefined ? {} : { encryption }),
  }
}

function decisionOn(request: ProvenRequest, { ports }: Holding): string {
  return judgeAsking(request.dcql_query, askerOf(request), ports.trust).trust.decision
}

/** §A.2: origins of these schemes name nobody; plain http is for development, on this machine. */
const NO_ORIGIN = /^(?:ftp|javascript|data|ws|wss|file|blob|null)(?::|$)/i
const PLAIN = /^http:/i
const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]+)?$/

function ensureOrigin(origin: string, { settings }: Holding): void {
  const isPlain =
    PLAIN.test(origin) && !(settings.scheme === 'https_or_loopback_http' && LOOPBACK.test(origin))
  if (origin === '' || origin.length > 2048 || isPlain || NO_ORIGIN.test(origin)) {
    throw notAuthentic('The platform names no origin that a credential could be shown to')
  }
}
