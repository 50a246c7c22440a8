/** A platform's page hears over HTTP what comes of a request, as it comes. */
import { serve } from '@facet-id/http/node'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { expect, test } from 'vitest'
import { memoryStage, VERIFIER } from './memory.ts'
import { personQuery, specimen } from './specimen.ts'

test('VRF-6, NET-17 server-sent events over HTTP: pending, then the result, then the end', async () => {
  const stage = memoryStage()
  const { txCode, link } = await stage.issuer.offer({ configurationId: 'person', claims: specimen })
  if (txCode !== undefined) stage.person.txCode = txCode
  await stage.holder.accept(link)
  const served = await serve(stage.verifier.handle, { publicUrl: VERIFIER })
  try {
    const query = readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' }))
    const asked = await stage.verifier.request(query)
    const headers = { authorization: `Bearer ${asked.transactionId}`, accept: 'text/event-stream' }
    const answer = await fetch(`http://127.0.0.1:${served.port}/results`, { headers })
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toBe('event: result\ndata: {"outcome":"pending"}\n\n')
    await stage.holder.present(asked.link)
    let rest = ''
    for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read())
      rest += next.value
    expect(rest).toMatch(/^event: result\ndata: \{"outcome":"verified".*"flow":"cross_device"\}\n\n$/)
    const unknown = await fetch(`http://127.0.0.1:${served.port}/results`, {
      headers: { ...headers, authorization: 'Bearer of-nothing' },
    })
    expect(unknown.status).toBe(404)
  } finally {
    await served.close()
  }
})
