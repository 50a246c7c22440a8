/** What goes over the wire, in the form and by the algorithms that HAIP 1.0 wants of everybody. */
import { splitSdJwt } from '@facet-id/credential/sd-jwt'
import { readAuthorizationResponse } from '@facet-id/protocol/openid4vp'
import { expect, test } from 'vitest'
import { headerOf, parts, payloadOf } from '../attack/doors.ts'
import { ISSUER, memoryStage, saidOf, VERIFIER } from './memory.ts'
import { askedOf, issuedOn } from './steps.ts'

test('HAIP-5.3.2-1, HAIP-6.1-1, HAIP-6.1-2, HAIP-6.1-4, HAIP-7-1, HAIP-8-1 a credential is compact, of the right format, limited, in a status list, and by ES256 and SHA-256 throughout', async () => {
  const issued: string[] = []
  const stage = memoryStage({
    around: (transport) => ({
      async send(request) {
        const response = await transport.send(request)
        if (request.url === `${ISSUER}/credential`) {
          const { credentials }: { credentials: { credential: string }[] } = JSON.parse(response.body)
          issued.push(...credentials.map(({ credential }) => credential))
        }
        return response
      },
    }),
  })
  await issuedOn(stage)
  expect(issued).toHaveLength(4)
  for (const credential of issued) {
    const { jwt, disclosures, keyBindingJwt } = splitSdJwt(credential)
    expect(credential.endsWith('~')).toBe(true)
    expect([disclosures.length > 0, keyBindingJwt]).toEqual([true, undefined])
    expect(headerOf(jwt)).toMatchObject({ typ: 'dc+sd-jwt', alg: 'ES256' })
    const payload = payloadOf(jwt)
    expect(payload).toMatchObject({
      _sd_alg: 'sha-256',
      exp: expect.any(Number),
      status: { status_list: { idx: expect.any(Number), uri: expect.stringMatching(/^https:/) } },
      cnf: { jwk: { kty: 'EC', crv: 'P-256' } },
    })
    expect(Object.keys(payload.status ?? {})).toEqual(['status_list'])
  }
  const { link, transactionId } = await askedOf(stage)
  await stage.holder.present(link)
  const [posted] = stage.sent.filter(({ url }) => url.startsWith(`${VERIFIER}/responses/`))
  const answer = posted && readAuthorizationResponse(posted)
  const [shown = ''] = answer && 'vp_token' in answer ? Object.values(answer.vp_token).flat() : []
  expect(headerOf(parts(shown).kb)).toMatchObject({ typ: 'kb+jwt', alg: 'ES256' })
  expect((await saidOf(stage, transactionId)).outcome).toBe('verified')
})
