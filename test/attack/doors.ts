/**
 * The doors at which a signed token of somebody else comes in, each with the honest flow around it: a test
 * rewrites the token on its way, and sees what the door makes of it. What must hold whenever a door refuses
 * is looked at here: nothing was stored, sent or spent.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { type Signer, writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { writeSdJwt } from '@facet-id/credential/sd-jwt'
import { generateKey, hash, signerOf } from '@facet-id/crypto/node'
import { authorizationResponseRequest, readAuthorizationResponse } from '@facet-id/protocol/openid4vp'
import type { Transport, WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { Store } from '@facet-id/store'
import { expect } from 'vitest'
import { type Changes, ISSUER, type MemoryStage, memoryStage, saidOf, VERIFIER } from '../flow/memory.ts'
import { askedOf, issuedOn } from '../flow/steps.ts'

const CREDENTIAL = `${ISSUER}/credential`

/** A token as its honest maker wrote it. */
export interface Honest {
  readonly text: string
  readonly header: JsonObject
  readonly payload: JsonObject
  /** Signs as its maker would. */
  sign(header: JsonObject, payload: JsonObject): Promise<string>
}

export type Rewrite = (honest: Honest) => string | Promise<string>

/** A credential as its honest issuer wrote it, and what stands in its place. */
export type RewriteCredential = (
  honest: Honest & { readonly disclosures: readonly string[] },
) => Promise<{ readonly jwt: string; readonly disclosures: readonly string[] }>

export interface Seen {
  readonly stage: MemoryStage
  /** `accepted`, or the code at this door: of the report, of the error, or on the wire. */
  readonly outcome: string
  /** Of those that were asked for after the token came in. */
  readonly signaturesChecked: number
}

export type Door = (rewrite: Rewrite, changes?: Changes) => Promise<Seen>

/** The wallet takes in a credential. */
export const credentialDoor: Door = (rewrite, changes) => receiving(jwtOnly(rewrite), changes)

/** The same, with other disclosures. */
export async function receiving(rewrite: RewriteCredential, changes: Changes = {}): Promise<Seen> {
  const at = doorOf(changes, {
    async back(request, response, stage) {
      if (request.url !== CREDENTIAL) return response
      at.begin()
      const { credentials }: { credentials: { credential: string }[] } = JSON.parse(response.body)
      const rewritten = await Promise.all(
        credentials.map(async ({ credential }) => {
          const { jwt, disclosures } = parts(credential)
          const forged = await rewrite({ ...honestOf(jwt, stage.signers.issuer), disclosures })
          return { credential: writeSdJwt(forged.jwt, forged.disclosures) }
        }),
      )
      return { ...response, body: JSON.stringify({ credentials: rewritten }) }
    },
  })
  const outcome = await codeOf(issuedOn(at.stage))
  if (outcome !== 'accepted') {
    expect(await at.stage.holder.credentials()).toEqual([])
    expect(await keysIn(at.stage.stores.holder, 'holder/key')).toEqual([])
    expect(at.stage.sent.at(-1)?.url).toBe(CREDENTIAL)
  }
  return at.seen(outcome)
}

/** The verifier takes in a presentation whose credential is another. */
export const presentationDoor: Door = (rewrite, changes) => showing(jwtOnly(rewrite), changes)

/** The same, with other disclosures; the holder signs for them. */
export function showing(rewrite: RewriteCredential, changes: Changes = {}): Promise<Seen> {
  return presenting(changes, async ({ jwt, disclosures, kb }, stage) => {
    const forged = await rewrite({ ...honestOf(jwt, stage.signers.issuer), disclosures })
    const sdJwt = writeSdJwt(forged.jwt, forged.disclosures)
    const holder = honestOf(kb, holderOf(jwt, stage))
    return sdJwt + (await holder.sign(holder.header, { ...holder.payload, sd_hash: hash('sha-256', sdJwt) }))
  })
}

/** The verifier takes in a presentation whose key binding is another. */
export const keyBindingDoor: Door = (rewrite, changes = {}) =>
  presenting(changes, async ({ jwt, disclosures, kb }, stage) =>
    writeSdJwt(jwt, disclosures, await rewrite(honestOf(kb, holderOf(jwt, stage)))),
  )

/** The issuer takes in the proof of a key. */
export const proofDoor: Door = async (rewrite, changes = {}) => {
  let wire = ''
  const at = doorOf(
    { ...changes, copies: 1 },
    {
      async onWay(request, { signers }) {
        if (request.url !== CREDENTIAL) return request
        const body = JSON.parse(request.body ?? '')
        const [proof = ''] = body.proofs.jwt
        const { jwk } = headerOf(proof) as { readonly jwk?: { readonly x?: string } }
        const jwt = [await rewrite(honestOf(proof, signers.ofHolder(jwk?.x ?? '')))]
        at.begin()
        return { ...request, body: JSON.stringify({ ...body, proofs: { jwt } }) }
      },
      async back(request, response, { stores }) {
        if (request.url !== CREDENTIAL || response.status === 200) return response
        wire = String(JSON.parse(response.body).error)
        expect(await keysIn(stores.issuer, 'issuer/nonce-used')).toEqual([])
        expect(await keysIn(stores.issuer, 'issuer/issuance')).toEqual([])
        expect(await keysIn(stores.issuer, 'issuer/session')).toHaveLength(1)
        return response
      },
    },
  )
  const outcome = await codeOf(issuedOn(at.stage))
  return at.seen(outcome === 'accepted' ? outcome : wire)
}

/** The wallet takes in a request. */
export const requestDoor: Door = async (rewrite, changes = {}) => {
  const at = doorOf(changes, {
    async back(request, response, { signers }) {
      if (!request.url.startsWith(`${VERIFIER}/requests/`)) return response
      return { ...response, body: await rewrite(honestOf(response.body, signers.verifier)) }
    },
  })
  const { stage } = at
  await issuedOn(stage)
  const before = await stage.holder.credentials()
  const { link, transactionId } = await askedOf(stage)
  at.begin()
  const outcome = await codeOf(stage.holder.present(link))
  if (outcome !== 'accepted') {
    expect(stage.sent.filter(isAnswer)).toEqual([])
    expect(await stage.holder.credentials()).toEqual(before)
    expect(await stage.verifier.result(transactionId)).toEqual({ outcome: 'pending' })
  }
  return at.seen(outcome)
}

/** The wallet takes in the attestation of a verifier, with its request. */
export const attestationDoor: Door = async (rewrite, changes = {}) => {
  const attester = generateKey('ES256')
  const signer = signerOf(attester.privateJwk)
  const clients = { attesterKeyOf: () => ({ key: attester.publicJwk }) }
  const at = doorOf(
    { ...changes, holder: { ...changes.holder, clients } },
    {
      async back(request, response, { signers, time }) {
        if (!request.url.startsWith(`${VERIFIER}/requests/`)) return response
        const { header, payload, sign } = honestOf(response.body, signers.verifier)
        const { did, key } = keyOfDid(String(payload.client_id))
        const attestation = {
          iss: 'https://attester.example',
          sub: did,
          exp: time.now() + 60,
          cnf: { jwk: key },
        }
        const honest = await signedBy(signer, { alg: 'ES256', typ: 'verifier-attestation+jwt' }, attestation)
        const jwt = await rewrite(honestOf(honest, signer))
        const body = await sign({ ...header, jwt }, { ...payload, client_id: `verifier_attestation:${did}` })
        return { ...response, body }
      },
    },
  )
  const { stage } = at
  await issuedOn(stage)
  const before = await stage.holder.credentials()
  const { link, transactionId } = await askedOf(stage)
  at.begin()
  const attested = link.replace('client_id=decentralized_identifier', 'client_id=verifier_attestation')
  const outcome = await codeOf(stage.holder.present(attested))
  if (outcome !== 'accepted') {
    expect(stage.sent.filter(isAnswer)).toEqual([])
    expect(await stage.holder.credentials()).toEqual(before)
    expect(await stage.verifier.result(transactionId)).toEqual({ outcome: 'pending' })
  }
  return at.seen(outcome)
}

function keyOfDid(client_id: string): { readonly did: string; readonly key: JsonObject } {
  const did = client_id.slice(client_id.indexOf(':') + 1)
  const key = readJsonObject(Buffer.from(did.slice('did:jwk:'.length), 'base64url').toString())
  return { did, key }
}

/** The wallet takes in a status list, for a credential that it was sent. */
export const statusListDoor: Door = async (rewrite, changes = {}) => {
  const at = doorOf(
    { ...changes, copies: 1 },
    {
      async back(request, response, { signers }) {
        if (!request.url.startsWith(`${ISSUER}/status-lists/`)) return response
        at.begin()
        return { ...response, body: await rewrite(honestOf(response.body, signers.issuer)) }
      },
    },
  )
  const outcome = await codeOf(issuedOn(at.stage))
  if (outcome !== 'accepted') {
    expect(await at.stage.holder.credentials()).toEqual([])
    expect(await keysIn(at.stage.stores.holder, 'holder/key')).toEqual([])
  }
  return at.seen(outcome)
}

async function presenting(
  changes: Changes,
  change: (shown: Parts, stage: MemoryStage) => Promise<string>,
): Promise<Seen> {
  const at = doorOf(changes, {
    async onWay(request, stage) {
      if (!isAnswer(request)) return request
      const answer = readAuthorizationResponse(request)
      if (!('vp_token' in answer)) return request
      const changed = await Promise.all(
        Object.entries(answer.vp_token).map(
          async ([id, all]) =>
            [id, await Promise.all(all.map((text) => change(parts(text), stage)))] as const,
        ),
      )
      at.begin()
      const vp_token = Object.fromEntries(changed)
      return authorizationResponseRequest(request.url, { ...answer, vp_token })
    },
  })
  const { stage } = at
  await issuedOn(stage)
  const { link, transactionId } = await askedOf(stage)
  await stage.holder.present(link)
  const result = await saidOf(stage, transactionId)
  if (result.outcome === 'verified') return at.seen('accepted')
  // The message itself was refused: it answers nothing, and an honest answer may still come.
  if (result.outcome === 'pending') return at.seen('pending')
  const reports = 'reports' in result ? Object.values(result.reports) : []
  const failed = reports.flatMap(({ checks }) => checks).find(({ outcome }) => outcome === 'fail')
  expect(result.outcome).toBe('refused')
  expect(JSON.stringify(result)).not.toMatch(/"UTO"|Eriksson|Anna/)
  for (const { verified, ...told } of reports) {
    expect([verified, 'shown' in told]).toEqual([false, false])
  }
  return at.seen(String(failed?.reason))
}

function jwtOnly(rewrite: Rewrite): RewriteCredential {
  return async (honest) => ({ jwt: await rewrite(honest), disclosures: honest.disclosures })
}

/** Changes what is sent, or what is answered. */
interface Interception {
  onWay?(request: WireRequest, stage: MemoryStage): Promise<WireRequest>
  back?(request: WireRequest, response: WireResponse, stage: MemoryStage): Promise<WireResponse>
}

interface At {
  readonly stage: MemoryStage
  /** What was checked before does not count. */
  begin(): void
  seen(outcome: string): Seen
}

function doorOf(changes: Changes, { onWay, back }: Interception): At {
  let before = 0
  const around = (transport: Transport): Transport => ({
    async send(request) {
      const response = await transport.send((await onWay?.(request, stage)) ?? request)
      return (await back?.(request, response, stage)) ?? response
    },
  })
  const stage = memoryStage({ ...changes, around })
  return {
    stage,
    begin() {
      before = stage.work.signatures
    },
    seen: (outcome) => ({ stage, outcome, signaturesChecked: stage.work.signatures - before }),
  }
}

function isAnswer({ url }: WireRequest): boolean {
  return url.startsWith(`${VERIFIER}/responses/`)
}

/** Of a presentation. */
export interface Parts {
  readonly jwt: string
  readonly disclosures: readonly string[]
  readonly kb: string
}

export function parts(text: string): Parts {
  const all = text.split('~')
  return { jwt: all[0] ?? '', disclosures: all.slice(1, -1), kb: all.at(-1) ?? '' }
}

function honestOf(text: string, signer: Signer): Honest {
  return {
    text,
    header: headerOf(text),
    payload: payloadOf(text),
    sign: (header, payload) => signedBy(signer, header, payload),
  }
}

export async function signedBy(signer: Signer, header: JsonObject, payload: JsonObject): Promise<string> {
  const input = writeSigningInput(header, payload)
  return writeJws(input, await signer.sign(utf8(input)))
}

export function headerOf(jwt: string): JsonObject {
  return readJsonObject(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString())
}

export function payloadOf(jwt: string): JsonObject {
  return readJsonObject(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
}

/** Who can sign for the copy. */
function holderOf(jwt: string, { signers }: MemoryStage): Signer {
  const { cnf } = payloadOf(jwt) as { readonly cnf?: { readonly jwk?: { readonly x?: string } } }
  return signers.ofHolder(cnf?.jwk?.x ?? '')
}

async function keysIn(store: Store, ns: string): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const { key } of store.range(ns)) keys.push(key)
  return keys
}

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act
    return 'accepted'
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
}
