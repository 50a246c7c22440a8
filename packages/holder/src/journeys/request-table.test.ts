/**
 * Every way to ask, by a table: each kind of client, each response mode, signed or not, the request in the link, at an
 * address, or handed on by a platform. What the table does not allow gets no answer. OpenID4VP 1.0 §5.9.3, §8, §A.
 */
import type { ResponseMode } from '@facet-id/protocol/openid4vp'
import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  encryption,
  encryptionJwk,
  everybody,
  kinds,
  MEMBER,
  RESPONSES,
  under,
} from '../clients.test-support.ts'
import { plain } from '../identity.test-support.ts'
import type { ClientPorts } from '../presentation/client-ports.ts'
import { CLIENT_ID, type RequestChanges, VERIFIER, verifierIdentity } from '../verifier.test-support.ts'
import { holding, type World } from '../wallet.test-support.ts'

type Form =
  | 'signed, at an address'
  | 'signed, in the link'
  | 'unsigned, in the link'
  | 'signed, by a platform'
  | 'unsigned, by a platform'

const forms: readonly Form[] = [
  'signed, at an address',
  'signed, in the link',
  'unsigned, in the link',
  'signed, by a platform',
  'unsigned, by a platform',
]
const modes: readonly ResponseMode[] = [
  'direct_post',
  'direct_post.jwt',
  'fragment',
  'query',
  'dc_api',
  'dc_api.jwt',
]

const keys = keyPair()
const jwks = { keys: [encryptionJwk(keys.publicJwk)] }
const metadata = { jwks, vp_formats_supported: { 'dc+sd-jwt': {} } }

/** Who is known beforehand has the keys of answers there. */
const clients: ClientPorts = {
  ...everybody,
  async memberOf(of) {
    const answer = await everybody.memberOf?.(of)
    if (answer === undefined || !('member' in answer)) return { refused: 'It is no member.' }
    const signing = { ...verifierIdentity.keys.publicJwk, kid: '1' }
    return {
      ...answer,
      metadata: {
        openid_credential_verifier: plain({
          ...metadata,
          jwks: { keys: [signing, ...jwks.keys] },
          redirect_uris: [RESPONSES],
        }),
      },
    }
  },
  registered: ({ clientId }) =>
    clientId === 'platform'
      ? { addresses: [RESPONSES], keys: [{ ...verifierIdentity.keys.publicJwk, kid: '1' }], metadata }
      : clientId === 'page'
        ? { addresses: [RESPONSES], metadata }
        : undefined,
}

/** The usual request of each, and whether it is one that signs. */
const everyone: Readonly<
  Record<
    string,
    {
      readonly signs: boolean
      readonly isKnown?: boolean
      readonly ask: (more: RequestChanges) => RequestChanges
    }
  >
> = {
  decentralized_identifier: {
    signs: true,
    ask: (more) => under(CLIENT_ID, { kid: verifierIdentity.kid }, more),
  },
  x509_hash: { signs: true, ask: (more) => kinds.x509_hash?.(more) ?? more },
  x509_san_dns: { signs: true, ask: (more) => kinds.x509_san_dns?.(more) ?? more },
  verifier_attestation: { signs: true, ask: (more) => kinds.verifier_attestation?.(more) ?? more },
  openid_federation: { signs: true, ask: (more) => under(`openid_federation:${MEMBER}`, { kid: '1' }, more) },
  'pre-registered, with a key': {
    signs: true,
    isKnown: true,
    ask: (more) => kinds.registered?.(more) ?? more,
  },
  'pre-registered, without': {
    signs: false,
    isKnown: true,
    ask: (more) => under('page', {}, more),
  },
  redirect_uri: { signs: false, ask: (more) => under(`redirect_uri:${RESPONSES}`, {}, more) },
}

/** The table: which of all these are answered. */
function isAllowed(signs: boolean, form: Form, mode: ResponseMode): boolean {
  const isByPlatform = form.endsWith('by a platform')
  if (isByPlatform !== mode.startsWith('dc_api')) return false
  // Over a platform whoever does not sign is named by the page that asks, whatever the request says.
  if (form === 'unsigned, by a platform') return true
  return signs === form.startsWith('signed')
}

function addressFor(mode: ResponseMode): object {
  if (mode.startsWith('direct_post')) return { response_uri: RESPONSES }
  return { response_uri: undefined, ...(mode.startsWith('dc_api') ? {} : { redirect_uri: RESPONSES }) }
}

async function outcome(on: World, form: Form, changes: RequestChanges): Promise<string> {
  const { holder, verifier } = on
  try {
    const { accepted, handOver } = await show()
    return handOver === undefined ? `posted ${accepted}` : `handed over by ${handOver.by}`
  } catch (error) {
    return error instanceof Error && 'code' in error ? 'refused' : String(error)
  }

  function show() {
    if (form === 'signed, at an address') return holder.present(verifier.request(changes))
    if (form === 'signed, in the link') return holder.present(verifier.requestByValue(changes))
    if (form === 'unsigned, in the link') return holder.present(verifier.requestByValue(changes, false))
    const signed = form === 'signed, by a platform'
    const protocol = `openid4vp-v1-${signed ? 'signed' : 'unsigned'}`
    const value = new URL(verifier.requestByValue(changes, signed)).searchParams
    const data = signed ? { request: value.get('request') ?? '' } : dataIn(value)
    return holder.presentToPlatform({ protocol, data: plain(data), origin: VERIFIER })
  }
}

/** Parameters as a platform hands them on: what is JSON is no text. */
function dataIn(parameters: URLSearchParams): object {
  return Object.fromEntries(
    [...parameters].map(([name, text]) => [
      name,
      /^[{[]/.test(text) || /^\d+$/.test(text) ? JSON.parse(text) : text,
    ]),
  )
}

const how: Readonly<Record<ResponseMode, string>> = {
  direct_post: 'posted true',
  'direct_post.jwt': 'posted true',
  fragment: 'handed over by user_agent',
  query: 'handed over by user_agent',
  dc_api: 'handed over by platform',
  'dc_api.jwt': 'handed over by platform',
}

for (const [kind, { signs, ask, isKnown = false }] of Object.entries(everyone)) {
  test(`VP-5.9.3-2, VP-8.5-8, VP-5.6-1, VP-A.2-1 of all ways in which ${kind} asks those are answered that the table has`, async () => {
    const found: string[] = []
    const wanted: string[] = []
    for (const form of forms) {
      const on = await holding({ ports: { clients, encryption } })
      let left = 4
      for (const mode of modes) {
        const payload = {
          response_mode: mode,
          client_metadata: isKnown && form !== 'unsigned, by a platform' ? undefined : metadata,
          ...addressFor(mode),
          ...(form.endsWith('platform') ? { state: undefined, expected_origins: [VERIFIER] } : {}),
        }
        const is = await outcome(on, form, ask({ payload }))
        found.push(`${form}, ${mode}: ${is}`)
        wanted.push(`${form}, ${mode}: ${isAllowed(signs, form, mode) ? how[mode] : 'refused'}`)
        // What is refused costs no copy.
        left -= is === 'refused' ? 0 : 1
        expect((await on.holder.credentials())[0]?.copiesLeft).toBe(left)
      }
    }
    expect(found).toEqual(wanted)
  })
}
