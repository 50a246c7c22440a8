import { expect, test } from 'vitest'
import { askCredential, issue, nonceFrom, ready, refusalIn, tokenFor } from '../wallet.test-support.ts'
import { world } from '../world.test-support.ts'

test('of fifty requests at once with one token and one nonce, one is answered with credentials', async () => {
  const here = world()
  const { request } = await ready(here)
  const answers = await Promise.all(Array.from({ length: 50 }, () => here.send(request)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  const refusals = answers.filter(({ status }) => status !== 200).map(refusalIn)
  expect(new Set(refusals)).toEqual(new Set(['400 invalid_nonce']))
  const rests = await here.state.rests()
  expect(rests.filter(({ ns }) => ns === 'issuer/issuance')).toHaveLength(1)
  const [session] = rests.filter(({ ns }) => ns === 'issuer/session')
  expect(session?.text).toContain('"issued":true')
  expect(session?.text).not.toContain('Eriksson')
})

test('of fifty requests at once to as many nodes over one state, one is answered with credentials', async () => {
  const here = world()
  const { request } = await ready(here)
  const nodes = Array.from({ length: 50 }, () => world({ beside: here }))
  const answers = await Promise.all(nodes.map((node) => node.send(request)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  const refusals = answers.filter(({ status }) => status !== 200).map(refusalIn)
  expect(new Set(refusals)).toEqual(new Set(['400 invalid_nonce']))
  const rests = await here.state.rests()
  expect(rests.filter(({ ns }) => ns === 'issuer/issuance')).toHaveLength(1)
})

test('of fifty requests at once with one token and fifty nonces, one is answered with credentials', async () => {
  const here = world()
  const token = await tokenFor(here)
  const others = await Promise.all(Array.from({ length: 50 }, () => ready(here, { copies: 1 })))
  const answers = await Promise.all(others.map(({ proofs }) => here.send(askCredential(token, proofs))))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  const refusals = answers.filter(({ status }) => status !== 200).map(refusalIn)
  expect(new Set(refusals)).toEqual(new Set(['401 invalid_token']))
  // Nothing was signed, and no entry of the list given away, for those that lost.
  expect(here.state.allotted()).toBe(1)
  // The nonces of those that lost are not used up: each still serves its own token.
  const unused = others.filter((_, index) => answers[index]?.status !== 200)
  const later = await Promise.all(unused.map(({ request }) => here.send(request)))
  expect(later.every(({ status }) => status === 200)).toBe(true)
})

test('VCI-8.3.1-7 of fifty requests at once with fifty tokens and one nonce, one is answered with credentials', async () => {
  const here = world()
  const { proofs } = await ready(here)
  const tokens = await Promise.all(Array.from({ length: 50 }, () => tokenFor(here)))
  const answers = await Promise.all(tokens.map((token) => here.send(askCredential(token, proofs))))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  const refusals = answers.filter(({ status }) => status !== 200).map(refusalIn)
  expect(new Set(refusals)).toEqual(new Set(['400 invalid_nonce']))
  // The tokens of those that lost are not used up.
  const loser = tokens.find((_, index) => answers[index]?.status !== 200) ?? ''
  const again = await ready(here)
  expect((await here.send(askCredential(loser, again.proofs))).status).toBe(200)
})

test('TSL-13.2-1, TSL-13.3-1 issuances at once have no entry in common', async () => {
  const here = world()
  await Promise.all(Array.from({ length: 10 }, () => issue(here, 3)))
  const entries: string[] = []
  for await (const issuance of here.issuer.issuances()) {
    entries.push(...issuance.entries.map(({ list, index }) => `${list}.${index}`))
  }
  expect(new Set(entries).size).toBe(30)
})

test('a state that changed its mind between reading and writing issues nothing', async () => {
  const here = world()
  const { request, token } = await ready(here)
  // While the copies are signed, somebody else takes the token.
  const { signer } = here.ports
  let other: Promise<unknown> | undefined
  const racing = world({
    beside: here,
    ports: {
      signer: {
        ...signer,
        async sign(data) {
          other ??= nonceFrom(here).then(async () =>
            here.send(askCredential(token, (await ready(here)).proofs)),
          )
          await other
          return signer.sign(data)
        },
      },
    },
  })
  expect(refusalIn(await racing.send(request))).toBe('401 invalid_token')
  const listed = (await here.state.rests()).filter(({ ns }) => ns === 'issuer/issuance')
  expect(listed).toHaveLength(1)
})
