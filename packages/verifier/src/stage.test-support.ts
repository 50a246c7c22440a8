/** A verifier on a store in memory, and a world around it that a test can change. */
import { findVerificationMethod, resolveDidJwk } from '@facet-id/credential/did'
import { readPublicJwk, type Signer } from '@facet-id/credential/jose'
import type { StatusAnswer } from '@facet-id/credential/sd-jwt-vc'
import { authorizationResponseRequest, type DcqlQuery, readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { WireResponse } from '@facet-id/protocol/wire'
import { memoryStore, type Store } from '@facet-id/store'
import { type Clock, checkSignatures, clock, hash, random, signerOf } from '@facet-id/testkit'
import { createAllowList } from '@facet-id/trust'
import type { QueryReport } from './judging/query-report.ts'
import type { RefusedAnswer, VerifierPorts } from './ports.ts'
import type { PresentationResult } from './result/presentation.ts'
import { defaultSettings, type VerifierSettings } from './settings.ts'
import { createVerifier, type MadeRequest, type Verifier } from './verifier.ts'
import {
  fetchRequest,
  type Held,
  issue,
  type Party,
  PERSON,
  type PostedRequest,
  party,
  present,
  type Showing,
} from './wallet.test-support.ts'

export const BASE_URL = 'https://platform.example'

export const personQuery: DcqlQuery = readDcqlQuery({
  credentials: [
    {
      id: 'person',
      format: 'dc+sd-jwt',
      meta: { vct_values: [PERSON] },
      claims: [
        { path: ['age_equal_or_over', '18'], values: [true] },
        { path: ['nationalities', null], values: ['UTO'] },
      ],
    },
  ],
})

export interface Stage {
  readonly verifier: Verifier
  /** The same verifier, begun again on the same store. */
  restarted(): Verifier
  readonly clientId: string
  readonly issuer: Party
  readonly time: Clock
  readonly store: Store
  readonly ports: StagePorts
  /** What the issuer's list says of every credential. */
  readonly world: { status: StatusAnswer }
  /** Answers that changed nothing, in the order in which they came. */
  readonly refused: readonly RefusedAnswer[]
}

/** The verifier of a stage has a DID, and signs. */
export type StagePorts = VerifierPorts & { readonly signer: Signer & { readonly kid: string } }

export interface StageChanges {
  /** In the place of the usual ones, which are given. */
  readonly ports?: (usual: StagePorts) => Partial<VerifierPorts>
  readonly settings?: Partial<VerifierSettings>
}

export function stage(changes: StageChanges = {}): Stage {
  const time = clock()
  const issuer = party()
  const self = party()
  const world: Stage['world'] = { status: { status: 0 } }
  const refused: RefusedAnswer[] = []
  const usual: StagePorts = {
    onRefusedAnswer: (answer) => refused.push(answer),
    store: memoryStore({ now: time.nowMs }),
    signer: { ...signerOf(self.key.privateJwk), kid: self.kid },
    checkSignatures,
    hash,
    random,
    now: time.now,
    resolveKey: ({ did, kid, relationship }) => {
      const method = findVerificationMethod(resolveDidJwk(did), kid, relationship)
      return method === undefined
        ? { refused: 'The DID has no such key for issuing.' }
        : { key: readPublicJwk(method.publicKeyJwk) }
    },
    trust: createAllowList({ issuers: [{ id: issuer.did, vcts: [PERSON] }], verifiers: [] }),
    statusOf: () => world.status,
  }
  const ports = { ...usual, ...changes.ports?.(usual) } as StagePorts
  const clientId = `decentralized_identifier:${self.did}`
  const settings = { ...defaultSettings, client_id: clientId, baseUrl: BASE_URL, ...changes.settings }
  const restarted = (): Verifier => createVerifier(ports, settings)
  return {
    verifier: restarted(),
    restarted,
    clientId,
    issuer,
    time,
    store: ports.store,
    ports,
    world,
    refused,
  }
}

/** A request that a wallet has fetched. */
export interface Asked extends MadeRequest {
  readonly object: PostedRequest
  readonly requestId: string
}

export async function ask({ verifier }: Stage, query: DcqlQuery = personQuery): Promise<Asked> {
  const made = await verifier.request(query)
  const object = await fetchRequest(verifier.handle, made.link)
  return { ...made, object, requestId: object.response_uri.slice(`${BASE_URL}/responses/`.length) }
}

/** Sends a presentation for each query of the request. */
export async function answer(
  { verifier }: Stage,
  { object }: Asked,
  presentations: readonly string[],
): Promise<WireResponse> {
  const ids = object.dcql_query.credentials.map(({ id }) => id)
  const vp_token = Object.fromEntries(ids.map((id, index) => [id, presentations.slice(index, index + 1)]))
  const { response_uri, state = '' } = object
  return verifier.handle(authorizationResponseRequest(response_uri, { vp_token, state }))
}

/** A credential of the stage's issuer, a day old. */
export function heldOn({ issuer, time }: Stage): Held {
  return issue({ issuer, issuedAt: time.now() - 24 * 3600 })
}

export interface Presenting extends Showing {
  /** A fresh, honest credential unless told. */
  readonly held?: Held
  readonly query?: DcqlQuery
  /** Changes the presentation on its way. */
  readonly edit?: (presentation: string) => string
}

/**
 * Asks, presents, and looks at what came of it. An answer that nothing proves to be one changes nothing: then it is
 * what was said of that answer.
 */
export async function presented(
  on: Stage,
  { held = heldOn(on), query = personQuery, edit = (text) => text, ...showing }: Presenting = {},
): Promise<{ readonly response: WireResponse; readonly result: PresentationResult }> {
  const request = await ask(on, query)
  const presentation = present(held, request.object, { at: on.time.now(), ...showing })
  const response = await answer(on, request, [edit(presentation)])
  const result = await on.verifier.result(request.transactionId)
  const refused = on.refused.at(-1)
  if (result.outcome !== 'pending' || refused?.requestId !== request.requestId) return { response, result }
  const { reports } = refused
  return {
    response,
    result: { outcome: 'refused', answeredAt: on.time.now(), reports, flow: 'cross_device' },
  }
}

/** Everything that rests in the store as text, expired or not. */
export async function restingIn({ store, time }: Pick<Stage, 'store' | 'time'>): Promise<string> {
  const elapsed = time.now()
  time.advance(-elapsed)
  const decoder = new TextDecoder()
  let text = ''
  for (const ns of ['presentation', 'transaction', 'response-code', 'delivery', 'attempt'].map(
    (kind) => `verifier/${kind}`,
  )) {
    for await (const { key, value } of store.range(ns)) text += `${key} ${decoder.decode(value)}\n`
  }
  time.advance(elapsed)
  return text
}

/** The report on the first query. */
export function reportIn(result: PresentationResult): QueryReport {
  if (!('reports' in result)) throw new Error('the presentation was judged')
  const [report] = Object.values(result.reports)
  if (report === undefined) throw new Error('there is a report for each query')
  return report
}

/**
 * What may stand nowhere but in a result that is verified. Short values are quoted: three letters
 * turn up in ids by chance.
 */
export const personal: readonly string[] = [
  'Anna Maria',
  'Eriksson',
  '1974-08-12',
  'Zenith',
  '12 Specimen Street',
  '"ZZZ"',
  '"UTO"',
]
