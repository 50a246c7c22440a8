/**
 * Platforms that lay side by side what they were shown, to find out who came twice; and verifiers that lay side by
 * side how they were refused.
 */
import { writeDidJwk } from '@facet-id/credential/did'
import { type JsonObject, type JsonValue, readJsonObject } from '@facet-id/credential/json'
import { readDisclosure, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { checkSignatures, deflate, generateKey, hash, macOf, random, signerOf } from '@facet-id/crypto/node'
import { createIssuer, defaultSettings } from '@facet-id/issuer'
import { readTokenResponse } from '@facet-id/protocol/oauth'
import {
  credentialRequest,
  nonceRequest,
  readCredentialResponse,
  readNonceResponse,
} from '@facet-id/protocol/openid4vci'
import { writeProofInput } from '@facet-id/protocol/openid4vci/key-proof'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { WireRequest } from '@facet-id/protocol/wire'
import { memoryStore, type Store } from '@facet-id/store'
import { clock, outcomeOf, seededRandom } from '@facet-id/testkit'
import { beforeAll, expect, test } from 'vitest'
import { ISSUER, memoryStage } from '../flow/memory.ts'
import { PERSON_VCT, personConfiguration, personQuery } from '../flow/specimen.ts'
import { issuedOn } from '../flow/steps.ts'
import { signedText, tokenOffered } from './asking.ts'

const BATCHES = 1_000
const COPIES = 3

/** One copy, as whoever it is shown to sees it, all of it disclosed. */
interface Copy {
  readonly batch: number
  readonly payload: JsonObject
  readonly signature: string
  readonly disclosures: readonly string[]
  readonly salts: readonly string[]
  readonly index: number
  /** The place of its key among those that were proven. */
  readonly asked: number
}

async function copiesOf(batches: number): Promise<readonly Copy[]> {
  const time = clock()
  const { publicJwk, privateJwk } = generateKey('ES256')
  const did = writeDidJwk(publicJwk)
  const kid = `${did}#0`
  const issuer = createIssuer(
    {
      store: memoryStore({ now: time.nowMs }),
      signer: { ...signerOf(privateJwk, kid), kid },
      checkSignatures,
      hash,
      random,
      // Indices follow from this key alone: with one that is always the same, nothing of this test is chance.
      mac: macOf(seededRandom('unlinkability')(32)),
      deflate,
      now: time.now,
    },
    {
      ...defaultSettings,
      credential_issuer: ISSUER,
      did,
      display: [],
      configurations: { person: personConfiguration },
      notifications: true,
    },
  )
  const keys = Array.from({ length: COPIES }, () => generateKey('ES256'))
  const copies: Copy[] = []
  for (let batch = 0; batch < batches; batch++) {
    time.advance(37)
    const { access_token } = readTokenResponse(await issuer.handle(await tokenOffered(issuer)))
    const nonce = readNonceResponse(await issuer.handle(nonceRequest(`${ISSUER}/nonce`))).c_nonce
    const jwt = await Promise.all(
      keys.map((key) =>
        signedText(
          writeProofInput({
            audience: ISSUER,
            issuedAt: time.now(),
            jwk: key.publicJwk,
            alg: 'ES256',
            nonce,
          }),
          key,
        ),
      ),
    )
    const request = credentialRequest(`${ISSUER}/credential`, access_token, {
      credential_configuration_id: 'person',
      proofs: { jwt },
    })
    const answer = readCredentialResponse(await issuer.handle(request))
    if ('transaction_id' in answer) throw new Error('nothing is deferred here')
    for (const { credential } of answer.credentials) {
      const { jwt: signed, disclosures } = splitSdJwt(credential)
      const [, body = '', signature = ''] = signed.split('.')
      const payload = readJsonObject(Buffer.from(body, 'base64url').toString())
      const { status, cnf } = payload as {
        readonly status: { readonly status_list: { readonly idx: number } }
        readonly cnf: { readonly jwk: { readonly x: string } }
      }
      copies.push({
        batch,
        payload,
        signature,
        disclosures,
        salts: disclosures.map((encoded) => readDisclosure(encoded).salt),
        index: status.status_list.idx,
        asked: keys.findIndex((key) => key.publicJwk.x === cnf.jwk.x),
      })
    }
  }
  return copies
}

let copies: readonly Copy[]
beforeAll(async () => {
  copies = await copiesOf(BATCHES)
}, 120_000)

test('ATK-42 of a thousand batches no two copies share a salt, a digest, a signature or an entry, nor a time of day, and none says which batch it is of', async () => {
  expect(copies).toHaveLength(BATCHES * COPIES)
  const allDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length
  expect(allDistinct(copies.flatMap(({ salts }) => salts))).toBe(true)
  expect(allDistinct(copies.flatMap(({ disclosures }) => disclosures))).toBe(true)
  expect(allDistinct(copies.flatMap(({ payload }) => payload._sd as readonly JsonValue[]))).toBe(true)
  expect(allDistinct(copies.map(({ signature }) => signature))).toBe(true)
  expect(allDistinct(copies.map(({ index }) => index))).toBe(true)
  // What is not one of these is the same in all of them, but for the key, which its holder chose.
  const same = new Set(
    copies.map(({ payload: { _sd, cnf, status, iat, exp, ...others } }) => JSON.stringify(others)),
  )
  expect(same.size).toBe(1)
  expect(Object.keys(copies[0]?.payload ?? {}).sort()).toEqual(
    ['_sd', '_sd_alg', 'cnf', 'exp', 'iat', 'iss', 'status', 'vct'].sort(),
  )
  const lists = new Set(copies.map(({ payload }) => JSON.stringify(payload.status).replace(/"idx":\d+/, '')))
  expect(lists.size).toBe(1)
  // Ten hours and more of issuing: the days that the times name, and nothing else of them.
  const times = copies.flatMap(({ payload: { iat, exp } }) => [Number(iat), Number(exp)])
  expect(times.every((at) => at % 86_400 === 0)).toBe(true)
})

test('ATK-42, HAIP-6.1-6 of a thousand batches neither the distance of two entries nor the order of the answer tells who belongs together', async () => {
  const entries = 2 ** 20
  // Of two entries chosen blindly one in 128 pairs is this near; of those of a batch it is no other share.
  const near = entries / 256
  let pairs = 0
  let neighbours = 0
  for (let at = 0; at < copies.length; at++) {
    for (let other = at + 1; other < copies.length && copies[other]?.batch === copies[at]?.batch; other++) {
      pairs++
      const distance = Math.abs((copies[at]?.index ?? 0) - (copies[other]?.index ?? 0))
      if (distance < near) neighbours++
    }
  }
  expect(pairs).toBe((BATCHES * COPIES * (COPIES - 1)) / 2)
  expect(neighbours / pairs).toBeLessThan(2 / 128)
  // Later ones do not stand further back either.
  const halves = [copies.slice(0, copies.length / 2), copies.slice(copies.length / 2)]
  for (const half of halves) {
    const mean = half.reduce((sum, { index }) => sum + index, 0) / half.length
    expect(Math.abs(mean / entries - 0.5)).toBeLessThan(0.05)
  }
  // The first of the answer is for the first key in one of three answers.
  const first = copies.filter((_, at) => at % COPIES === 0)
  for (let place = 0; place < COPIES; place++) {
    const share = first.filter(({ asked }) => asked === place).length / first.length
    expect(Math.abs(share - 1 / COPIES)).toBeLessThan(0.08)
  }
})

/** Everything that a wallet does besides thinking, counted from the person's answer on. */
interface Work {
  digests: number
  signatures: number
  reads: number
  commits: number
  randoms: number
}

function countingStore(store: Store, work: Work): Store {
  return {
    get capabilities() {
      return store.capabilities
    },
    get(ns, key) {
      work.reads++
      return store.get(ns, key)
    },
    commit(ops) {
      work.commits++
      return store.commit(ops)
    },
    range(ns, within) {
      work.reads++
      return store.range(ns, within)
    },
    read: (log, from, limit) => store.read(log, from, limit),
    sweep: (max) => store.sweep(max),
    close: () => store.close(),
  }
}

/** What is sent to the verifier, and how much work there was between the person's answer and that. */
async function refusal(way: { readonly agrees: boolean; readonly query: object; readonly spent?: true }) {
  const time = clock()
  const work: Work = { digests: 0, signatures: 0, reads: 0, commits: 0, randoms: 0 }
  let [isAsked, refusing] = [false, true]
  let worked: Work | undefined
  const heard: WireRequest[] = []
  const stage = memoryStage({
    copies: 1,
    holder: {
      store: countingStore(memoryStore({ now: time.nowMs }), work),
      now: time.now,
      hash(alg, data) {
        work.digests++
        return hash(alg, data)
      },
      checkSignatures(checks) {
        work.signatures += checks.length
        return checkSignatures(checks)
      },
      random(size) {
        work.randoms++
        return random(size)
      },
      consent: {
        toFetch: () => ({ agreed: true }),
        toReceive: () => ({ agreed: true, ...stage.person }),
        toPresent() {
          isAsked = true
          for (const name of Object.keys(work) as (keyof Work)[]) work[name] = 0
          return { agreed: !refusing || way.agrees }
        },
      },
    },
    around: (transport) => ({
      send(request) {
        if (!isAsked || !refusing) return transport.send(request)
        worked ??= { ...work }
        heard.push({ ...request, url: request.url.replace(/[^/]+$/, '') })
        return transport.send(request)
      },
    }),
  })
  await issuedOn(stage)
  const asked = async () =>
    (await stage.verifier.request(readDcqlQuery(JSON.parse(JSON.stringify(way.query))))).link
  if (way.spent) {
    refusing = false
    await stage.holder.present(await asked())
    refusing = true
    isAsked = false
  }
  const outcome = await outcomeOf(async () => stage.holder.present(await asked()))
  const [state] = heard.map(({ body = '' }) => new URLSearchParams(body).get('state') ?? '')
  const told = heard.map(({ body = '', ...rest }) => ({ ...rest, body: body.replace(state || '-', 'STATE') }))
  return { outcome, told, worked }
}

test('ATK-43 who declines, who holds nothing, and who has no copy left: the same words after the same work', async () => {
  const query = personQuery({ over: 18, nationality: 'UTO' })
  const absent = {
    credentials: [
      {
        id: 'person',
        format: 'dc+sd-jwt',
        meta: { vct_values: [PERSON_VCT] },
        claims: [{ path: ['given_name'], values: ['nobody is called so'] }],
      },
    ],
  }
  const declined = await refusal({ agrees: false, query })
  const ways = [
    await refusal({ agrees: true, query: absent }),
    await refusal({ agrees: false, query: absent }),
    await refusal({ agrees: true, query, spent: true }),
  ]
  expect([declined, ...ways].map(({ outcome }) => outcome)).toEqual([
    'declined_by_person',
    'nothing_matches',
    'nothing_matches',
    'copies_spent',
  ])
  expect(declined.told).toHaveLength(1)
  expect(declined.told[0]?.body).toMatch(/^error=access_denied&state=STATE$/)
  expect(declined.worked).toMatchObject({ signatures: 0 })
  for (const { told, worked } of ways) expect([told, worked]).toEqual([declined.told, declined.worked])
})
