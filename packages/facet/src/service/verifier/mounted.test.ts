/** A verifier in the server of a platform: it opens no port, and answers what it is handed. */
import { createServer } from 'node:http'
import { readJws } from '@facet-id/credential/jose'
import { findMember } from '@facet-id/credential/json'
import { mountRole } from '@facet-id/http/node'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { parties } from '../../command/verifier/asking.test-support.ts'

const { directory, issued, start, present, verifier } = parties()
const nobody = { did: 'did:example:nobody' }

test('FCT-SESSION through the server that it is mounted in, a session has its result and no other has', async () => {
  const issuer = await issued()
  const server = createServer((request, response) => role?.(request, response, () => response.end('ours')))
  let role: ReturnType<typeof mountRole> | undefined
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const service = await start(issuer, { mounted: true, publicUrl: `${origin}/wallets` })
  role = mountRole(service.handle, { publicUrl: service.url })
  try {
    expect(service.port).toBe(0)
    expect(await (await fetch(`${origin}/`)).text()).toBe('ours')
    const asked = async (session: string) => {
      const sameDevice = { session, returnTo: `${origin}/back` }
      const { link } = await service.verifier.request('over 18', { sameDevice })
      expect(new URL(link).searchParams.get('request_uri')).toContain(`${origin}/wallets/requests/`)
      const { out } = await present(link)
      return new URL(/http:\S+/.exec(out)?.[0] ?? '').searchParams.get('response_code') ?? ''
    }
    const mine = 'the session of this browser'
    const responseCode = await asked(mine)
    expect(await service.verifier.returned({ responseCode, session: mine })).toMatchObject({
      outcome: 'verified',
      flow: 'same_device',
    })
    const theirs = { responseCode: await asked('the session of another browser'), session: mine }
    expect(await outcomeOf(() => service.verifier.returned(theirs))).toBe('session_mismatch')
    // The operator's door is as open as ever.
    expect((await verifier('check')).out).toContain('It asks as decentralized_identifier:')
  } finally {
    role.close()
    await new Promise((resolve) => server.close(resolve))
    await service.close()
    await issuer.close()
  }
})

test('FCT-SESSION, FCT-9 who is mounted says where, and the directory is free again', async () => {
  expect(await outcomeOf(() => start(nobody, { mounted: true }))).toBe('usage')
  await (await start(nobody, { mounted: true, publicUrl: 'http://127.0.0.1:9/wallets' })).close()
  expect(directory.path).not.toBe('')
})

test('FCT-CLIENT, FED-9-2 as a member of a federation a verifier says where it is answered, and with which key it signs', async () => {
  const service = await start(nobody, {
    development: false,
    publicUrl: 'https://platform.example',
    federationAuthorities: ['https://anchor.example'],
    clients: [{ knownBy: 'federation' }],
  })
  try {
    expect(service.clientId).toBe('openid_federation:https://platform.example')
    const url = 'https://platform.example/.well-known/openid-federation'
    const { body } = await service.handle({ method: 'GET', url, headers: {} })
    const rules = { typ: 'entity-statement+jwt', algs: ['ES256'], maxBytes: 65_536 } as const
    expect(findMember(readJws(body, rules).payload, 'metadata')).toMatchObject({
      openid_credential_verifier: {
        redirect_uris: ['https://platform.example/responses'],
        jwks: { keys: [{ kty: 'EC', kid: expect.stringMatching(/^[\w-]{43}$/) }] },
      },
    })
    const { link } = await service.verifier.request('over 18')
    const request_uri = new URL(link).searchParams.get('request_uri') ?? ''
    const request = await service.handle({ method: 'GET', url: request_uri, headers: {} })
    const jws = readJws(request.body, { typ: 'oauth-authz-req+jwt', algs: ['ES256'], maxBytes: 65_536 })
    expect(jws.payload).toMatchObject({ response_uri: 'https://platform.example/responses' })
    const known = JSON.parse(JSON.stringify(findMember(readJws(body, rules).payload, 'metadata')))
    expect(jws.header.kid).toBe(known.openid_credential_verifier.jwks.keys[0].kid)
  } finally {
    await service.close()
  }
})
