/** Our wallet at our verifier, by every way that a wallet answers with no page in between. */
import { generateEncryptionKey, jweOpenerOf, sealJwe } from '@facet-id/crypto/node'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { RequestOptions } from '@facet-id/verifier'
import { expect, test } from 'vitest'
import { type MemoryStage, memoryStage, VERIFIER } from './memory.ts'
import { personQuery, specimen } from './specimen.ts'

const query = readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' }))

async function stageWithCredential(): Promise<MemoryStage> {
  const stage = memoryStage({
    verifier: { encryption: { generateKey: generateEncryptionKey, openerOf: jweOpenerOf, seal: sealJwe } },
    holder: {
      encryption: {
        seal: sealJwe,
        generateKey() {
          const { publicJwk, privateJwk } = generateEncryptionKey()
          return { publicJwk, open: jweOpenerOf(privateJwk) }
        },
      },
    },
  })
  const { txCode, link } = await stage.issuer.offer({ configurationId: 'person', claims: specimen })
  if (txCode !== undefined) stage.person.txCode = txCode
  await stage.holder.accept(link)
  return stage
}

const ways: readonly [what: string, options: RequestOptions][] = [
  ['direct_post', {}],
  ['direct_post, the request in the link', { byValue: true }],
  ['direct_post.jwt', { responseMode: 'direct_post.jwt' }],
  ['direct_post.jwt, the request in the link', { responseMode: 'direct_post.jwt', byValue: true }],
]

test.each(ways)(
  'FCT-1 a person shows by %s, and the platform learns what it asked and no more',
  async (_, options) => {
    const stage = await stageWithCredential()
    const { link, transactionId } = await stage.verifier.request(query, options)
    expect(await stage.holder.present(link)).toEqual({ accepted: true })
    expect(await stage.verifier.result(transactionId)).toMatchObject({
      outcome: 'verified',
      reports: {
        person: {
          verdicts: { proof: 'pass', trust: 'pass', policy: 'pass' },
          shown: { age_equal_or_over: { '18': true }, nationalities: ['UTO'] },
        },
      },
    })
  },
)

test('FCT-1, ATK-22 an encrypted answer is seen by nobody in between, and counts once', async () => {
  const stage = await stageWithCredential()
  const { link, transactionId } = await stage.verifier.request(query, { responseMode: 'direct_post.jwt' })
  await stage.holder.present(link)
  const sent = stage.sent.findLast(({ url }) => url.startsWith(`${VERIFIER}/responses`))
  if (sent === undefined) throw new Error('the wallet answers')
  expect(sent.body).toMatch(/^response=[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/)
  expect((await stage.verifier.handle(sent)).status).toBe(400)
  const other = await stage.verifier.request(query, { responseMode: 'direct_post.jwt' })
  const [, id = ''] = /requests%2F([A-Za-z0-9_-]+)/.exec(other.link) ?? []
  // The key of another request does not open it, and one that served is gone.
  const moved = await stage.verifier.handle({ ...sent, url: `${VERIFIER}/responses/${id}` })
  expect([moved.status, JSON.parse(moved.body).error]).toEqual([400, 'invalid_request'])
  expect(await stage.verifier.result(other.transactionId)).toEqual({ outcome: 'pending' })
  expect(await stage.verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
})
