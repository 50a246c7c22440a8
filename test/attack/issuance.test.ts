/**
 * Attacks on an issuer while it issues: a nonce that serves twice, or is left out, and a promise that somebody
 * else would collect, or for another key.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { writeJws } from '@facet-id/credential/jose'
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import {
  checkSignatures,
  deflate,
  generateEncryptionKey,
  generateKey,
  hash,
  jweOpenerOf,
  macOf,
  random,
  sealJwe,
  signerOf,
} from '@facet-id/crypto/node'
import {
  createIssuer,
  defaultSettings,
  type Issuer,
  type IssuerPorts,
  type IssuerSettings,
} from '@facet-id/issuer'
import {
  PRE_AUTHORIZED_CODE_GRANT,
  readErrorResponse,
  readTokenResponse,
  tokenRequest,
} from '@facet-id/protocol/oauth'
import {
  accessTokenHash,
  findDpopNonce,
  writeDpopAuthorization,
  writeDpopInput,
} from '@facet-id/protocol/oauth/dpop'
import {
  credentialRequest,
  nonceRequest,
  readCredentialResponse,
  readNonceResponse,
} from '@facet-id/protocol/openid4vci'
import { deferredCredentialRequest, notificationRequest } from '@facet-id/protocol/openid4vci/afterwards'
import { decrypted, encrypted, findEncrypted, plainOf } from '@facet-id/protocol/openid4vci/encryption'
import { writeProofInput } from '@facet-id/protocol/openid4vci/key-proof'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { memoryStore, type Store } from '@facet-id/store'
import { clock } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { ISSUER } from '../flow/memory.ts'
import { personConfiguration, specimen } from '../flow/specimen.ts'

const time = clock()

/** Nodes of one issuer, over one state. */
interface Nodes {
  readonly store: Store
  readonly nodes: readonly Issuer[]
  readonly issuer: Issuer
  send(request: WireRequest): Promise<WireResponse>
}

const encryptionKey = generateEncryptionKey()
const issuerJwk = { ...encryptionKey.publicJwk, kid: 'enc', alg: 'ECDH-ES', use: 'enc' } as const

function issuerNodes(
  count: number,
  changes: { readonly ports?: Partial<IssuerPorts>; readonly settings?: Partial<IssuerSettings> } = {},
): Nodes {
  const { publicJwk, privateJwk } = generateKey('ES256')
  const did = writeDidJwk(publicJwk)
  const kid = `${did}#0`
  const store = memoryStore({ now: time.nowMs })
  const ports: IssuerPorts = {
    store,
    signer: { ...signerOf(privateJwk, kid), kid },
    checkSignatures,
    hash,
    random,
    mac: macOf(random(32)),
    deflate,
    now: time.now,
    encryption: {
      keys: [{ publicJwk: issuerJwk, open: jweOpenerOf(encryptionKey.privateJwk) }],
      seal: sealJwe,
    },
    ...changes.ports,
  }
  const settings: IssuerSettings = {
    ...defaultSettings,
    credential_issuer: ISSUER,
    did,
    display: [],
    configurations: { person: personConfiguration },
    ...changes.settings,
  }
  const nodes = Array.from({ length: count }, () => createIssuer(ports, settings))
  const [issuer] = nodes
  if (issuer === undefined) throw new Error('there is a node')
  return { store, nodes, issuer, send: issuer.handle }
}

type Key = ReturnType<typeof generateKey>

const newKey = (): Key => generateKey('ES256')
const sign = async (input: string, { privateJwk }: Key): Promise<string> =>
  writeJws(input, await signerOf(privateJwk).sign(utf8(input)))

/** A token, bound to a key where one is given. */
async function tokenFrom({ issuer, send }: Nodes, sender?: Key): Promise<string> {
  const { offer, txCode } = await issuer.offer({ configurationId: 'person', claims: specimen })
  const grant = offer.grants[PRE_AUTHORIZED_CODE_GRANT]
  const request = tokenRequest(`${ISSUER}/token`, {
    grant_type: PRE_AUTHORIZED_CODE_GRANT,
    'pre-authorized_code': grant?.['pre-authorized_code'] ?? '',
    ...(txCode === undefined ? {} : { tx_code: txCode }),
  })
  return readTokenResponse(await bound(request, send, sender)).access_token
}

/** With a proof of that key, and with the nonce that the first try was answered with. */
async function bound(
  request: WireRequest,
  send: Nodes['send'],
  sender: Key | undefined,
  token?: string,
): Promise<WireResponse> {
  if (sender === undefined) return send(request)
  const proven = async (nonce?: string): Promise<WireRequest> => {
    const input = writeDpopInput({
      request,
      jti: hash('sha-256', random(16)),
      issuedAt: time.now(),
      jwk: sender.publicJwk,
      alg: 'ES256',
      ...(nonce === undefined ? {} : { nonce }),
      ...(token === undefined ? {} : { ath: accessTokenHash(token, hash) }),
    })
    const authorization = token === undefined ? {} : { authorization: writeDpopAuthorization(token) }
    return { ...request, headers: { ...request.headers, dpop: await sign(input, sender), ...authorization } }
  }
  const first = await send(await proven())
  return first.body.includes('use_dpop_nonce') ? send(await proven(findDpopNonce(first))) : first
}

async function nonceFrom({ send }: Nodes): Promise<string> {
  return readNonceResponse(await send(nonceRequest(`${ISSUER}/nonce`))).c_nonce
}

function proofOf(key: Key, nonce: string | undefined): Promise<string> {
  const claims = { audience: ISSUER, issuedAt: time.now(), jwk: key.publicJwk, alg: 'ES256' } as const
  return sign(writeProofInput({ ...claims, ...(nonce === undefined ? {} : { nonce }) }), key)
}

const asking = (token: string, jwt: readonly string[]): WireRequest =>
  credentialRequest(`${ISSUER}/credential`, token, {
    credential_configuration_id: 'person',
    proofs: { jwt },
  })

function refusalIn(response: WireResponse): string {
  return response.status < 400 ? 'accepted' : readErrorResponse(response).error
}

async function keysIn(store: Store, ns: string): Promise<number> {
  let found = 0
  for await (const _ of store.range(ns)) found++
  return found
}

/** The keys to which credentials are bound. */
function boundTo(response: WireResponse): readonly unknown[] {
  const answer = readCredentialResponse(response)
  if ('transaction_id' in answer) throw new Error('the credentials are deferred')
  return answer.credentials.map(({ credential }) => {
    const payload: JsonObject = readJsonObject(
      Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString(),
    )
    return payload.cnf
  })
}

test('ATK-15 one proof with one nonce, sent fifty times at once to two nodes, is good once', async () => {
  const here = issuerNodes(2)
  const token = await tokenFrom(here)
  const request = asking(token, [await proofOf(newKey(), await nonceFrom(here))])
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, place) => here.nodes[place % 2]?.handle(request)),
  )
  const outcomes = answers.map((answer) => answer && refusalIn(answer))
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
  expect(await keysIn(here.store, 'issuer/issuance')).toBe(1)
  expect(await keysIn(here.store, 'issuer/nonce-used')).toBe(1)
})

test('ATK-15 fifty tokens with proofs of one nonce, at once on two nodes, get one issuance, and the others lose nothing', async () => {
  const here = issuerNodes(2)
  const tokens = await Promise.all(Array.from({ length: 50 }, () => tokenFrom(here)))
  const nonce = await nonceFrom(here)
  const requests = await Promise.all(
    tokens.map(async (token) => asking(token, [await proofOf(newKey(), nonce)])),
  )
  const answers = await Promise.all(requests.map((request, place) => here.nodes[place % 2]?.handle(request)))
  const outcomes = answers.map((answer) => answer && refusalIn(answer))
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
  expect(new Set(outcomes)).toEqual(new Set(['accepted', 'invalid_nonce']))
  expect(await keysIn(here.store, 'issuer/issuance')).toBe(1)
  const loser = tokens[outcomes.indexOf('invalid_nonce')] ?? ''
  const again = asking(loser, [await proofOf(newKey(), await nonceFrom(here))])
  expect(refusalIn(await here.send(again))).toBe('accepted')
})

test('ATK-15 a nonce is remembered for as long as any clock believes it', async () => {
  const here = issuerNodes(1)
  const nonce = await nonceFrom(here)
  const first = asking(await tokenFrom(here), [await proofOf(newKey(), nonce)])
  expect(refusalIn(await here.send(first))).toBe('accepted')
  for (const _ of [1, 2, 3, 4, 5, 6, 7, 8]) {
    time.advance(defaultSettings.nonceLifetime / 6)
    const again = asking(await tokenFrom(here), [await proofOf(newKey(), nonce)])
    expect(refusalIn(await here.send(again))).toBe('invalid_nonce')
  }
})

test('VCI-11.2-1 one notification, sent fifty times at once to two nodes, is answered alike and heard once', async () => {
  const here = issuerNodes(2, { settings: { notifications: true } })
  const token = await tokenFrom(here)
  const issued = await here.send(asking(token, [await proofOf(newKey(), await nonceFrom(here))]))
  const read = readCredentialResponse(issued)
  const notification_id = 'credentials' in read ? (read.notification_id ?? '') : ''
  const request = notificationRequest(`${ISSUER}/notification`, token, {
    notification_id,
    event: 'credential_accepted',
  })
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, place) => here.nodes[place % 2]?.handle(request)),
  )
  expect(new Set(answers.map((answer) => answer?.status))).toEqual(new Set([204]))
  expect(await keysIn(here.store, 'issuer/notification')).toBe(1)
  // Under another grant the name is none, and nothing more is heard.
  const other = await tokenFrom(here)
  const foreign = { ...request, headers: { ...request.headers, authorization: `Bearer ${other}` } }
  expect(refusalIn(await here.send(foreign))).toBe('invalid_notification_id')
  expect(await keysIn(here.store, 'issuer/notification')).toBe(1)
})

test('ATK-16 a proof without a nonce is refused, alone and in a batch, and spends nothing', async () => {
  const here = issuerNodes(1)
  const token = await tokenFrom(here)
  const nonce = await nonceFrom(here)
  const without = await proofOf(newKey(), undefined)
  for (const jwt of [[without], [await proofOf(newKey(), nonce), without]]) {
    expect(refusalIn(await here.send(asking(token, jwt)))).toBe('invalid_proof')
  }
  for (const wrong of ['', 'x', `${nonce}x`, nonce.slice(1)]) {
    if (wrong === '') continue
    expect(refusalIn(await here.send(asking(token, [await proofOf(newKey(), wrong)])))).toBe('invalid_nonce')
  }
  expect(await keysIn(here.store, 'issuer/issuance')).toBe(0)
  expect(await keysIn(here.store, 'issuer/nonce-used')).toBe(0)
  expect(refusalIn(await here.send(asking(token, [await proofOf(newKey(), nonce)])))).toBe('accepted')
})

const approving: { readonly settings: Partial<IssuerSettings> } = {
  settings: { configurations: { person: { ...personConfiguration, approval: 'required' } } },
}

/** A credential was asked for with a token that is bound to a key, and will be there when it is asked for again. */
async function promised() {
  const here = issuerNodes(1, approving)
  const [sender, holder] = [newKey(), newKey()]
  const token = await tokenFrom(here, sender)
  const request = asking(token, [await proofOf(holder, await nonceFrom(here))])
  const answer = readCredentialResponse(await bound(request, here.send, sender, token))
  if (!('transaction_id' in answer)) throw new Error('the operator is asked first')
  for await (const { issuanceId } of here.issuer.deferred()) await here.issuer.approve(issuanceId)
  const { transaction_id } = answer
  const collect = (more: object = {}): WireRequest =>
    deferredCredentialRequest(`${ISSUER}/deferred-credential`, token, { transaction_id, ...more })
  return { here, sender, holder, token, transaction_id, collect }
}

test('ATK-28 what was promised is collected with the key of its token alone: who stole token and transaction gets nothing', async () => {
  const { here, sender, holder, token, transaction_id, collect } = await promised()
  const thief = newKey()
  expect(refusalIn(await bound(collect(), here.send, thief, token))).toBe('invalid_dpop_proof')
  // The token as if it were bound to nobody.
  expect(refusalIn(await here.send(collect()))).toBe('invalid_token')
  // A token of the thief's own.
  for (const own of [undefined, thief]) {
    const other = await tokenFrom(here, own)
    const request = deferredCredentialRequest(`${ISSUER}/deferred-credential`, other, { transaction_id })
    expect(refusalIn(await bound(request, here.send, own, other))).toBe('invalid_transaction_id')
  }
  expect(await keysIn(here.store, 'issuer/issuance')).toBe(0)
  expect(boundTo(await bound(collect(), here.send, sender, token))).toEqual([{ jwk: holder.publicJwk }])
})

test('ATK-28 proofs of another key that are slipped into the request change nothing: the credential is for the key that was proven', async () => {
  const { here, sender, holder, token, collect } = await promised()
  const other = newKey()
  const slipped = { proofs: { jwt: [await proofOf(other, await nonceFrom(here))] }, jwk: other.publicJwk }
  const request = collect()
  const body = JSON.stringify({ ...JSON.parse(request.body ?? ''), ...slipped })
  expect(boundTo(await bound({ ...request, body }, here.send, sender, token))).toEqual([
    { jwk: holder.publicJwk },
  ])
})

test('ATK-28 a key for the answer counts only in an encrypted request, and only in the one that is answered', async () => {
  const { here, sender, holder, token, collect } = await promised()
  const key = (): {
    jwk: object
    enc: 'A256GCM'
    open: (response: WireResponse) => Promise<WireResponse>
  } => {
    const { publicJwk, privateJwk } = generateEncryptionKey()
    return {
      jwk: { ...publicJwk, alg: 'ECDH-ES', use: 'enc' },
      enc: 'A256GCM',
      async open(response) {
        const jwe = findEncrypted(response)
        if (jwe === undefined) throw new Error('the answer is in the clear')
        return decrypted(response, await jweOpenerOf(privateJwk)(jwe))
      },
    }
  }
  const [thief, own] = [key(), key()]
  const naming = ({ jwk, enc }: typeof thief): WireRequest =>
    collect({ credential_response_encryption: { jwk, enc } })
  // Whoever stands in the way puts a key of theirs into a request in the clear.
  expect(refusalIn(await bound(naming(thief), here.send, sender, token))).toBe(
    'invalid_encryption_parameters',
  )
  expect(await keysIn(here.store, 'issuer/issuance')).toBe(0)
  const sealed = async (request: WireRequest): Promise<WireRequest> =>
    encrypted(request, await sealJwe(plainOf(request), { key: issuerJwk, enc: 'A256GCM' }))
  const response = await bound(await sealed(naming(own)), here.send, sender, token)
  expect(boundTo(await own.open(response))).toEqual([{ jwk: holder.publicJwk }])
  await expect(thief.open(response)).rejects.toThrow()
  // Without a key of its own the next request is answered in the clear, and not with the key of the last.
  const plain = await bound(collect(), here.send, sender, token)
  expect(plain.headers['content-type']).toBe('application/json')
})
