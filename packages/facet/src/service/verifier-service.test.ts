import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { safeTransport } from '@facet-id/resolve/node'
import { outcomeOf } from '@facet-id/testkit'
import { afterAll, expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { personQuery } from '../person-query.ts'
import { startVerifierService, type VerifierServiceOptions } from './verifier-service.ts'

const directory = temporaryDirectory()
const transport = safeTransport({ mode: 'development' })
afterAll(() => transport.close())

const start = (more: Partial<VerifierServiceOptions> = {}) =>
  startVerifierService({
    dataDirectory: directory.in('verifier'),
    environment: {},
    development: true,
    issuers: [],
    ...more,
  })

const query = readDcqlQuery(personQuery({ age: 18 }))

test('FCT-5 in production every address in a link and in a request is the public one', async () => {
  const service = await start({ development: false, publicUrl: 'https://platform.example' })
  try {
    const { link } = await service.verifier.request(query)
    const uri = new URL(link).searchParams.get('request_uri') ?? ''
    expect(uri).toMatch(/^https:\/\/platform\.example\/requests\//)
    const url = uri.replace('https://platform.example', `http://127.0.0.1:${service.port}`)
    const { body } = await transport.send({ method: 'GET', url, headers: {} })
    const request = JSON.parse(Buffer.from(body.split('.')[1] ?? '', 'base64url').toString())
    expect(request.response_uri).toMatch(/^https:\/\/platform\.example\/responses\//)
    expect(JSON.stringify(request)).not.toMatch(/127\.0\.0\.1|http:/)
  } finally {
    await service.close()
  }
})

test('FCT-3 a second start has the same client id and address, and still knows what it asked', async () => {
  const first = await start()
  const { transactionId } = await first.verifier.request(query)
  await first.close()
  const second = await start()
  expect([second.clientId, second.url]).toEqual([first.clientId, first.url])
  expect(await second.verifier.result(transactionId)).toEqual({ outcome: 'pending' })
  await second.close()
})

test('FCT-9 a service that cannot start is closed again', async () => {
  expect(await outcomeOf(() => start({ issuers: [{ id: '', vcts: 'any' }] }))).toBe('rule_malformed')
  await (await start()).close()
})
