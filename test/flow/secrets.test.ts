import { readFile, writeFile } from 'node:fs/promises'
import { readBase64urlText } from '@facet-id/credential/base64url'
import {
  derivePassphraseSealer,
  generateEncryptionKey,
  generateKey,
  jweOpenerOf,
  random,
  sealJwe,
  signerOf,
} from '@facet-id/crypto/node'
import { openNodeData } from '@facet-id/facet'
import { serve } from '@facet-id/http/node'
import { openLevelStore } from '@facet-id/level'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { safeTransport } from '@facet-id/resolve/node'
import { openWithPassphrase, type Store } from '@facet-id/store'
import { expect, test } from 'vitest'
import { foundAtRest } from './at-rest.ts'
import { type MemoryStage, memoryStage, VERIFIER } from './memory.ts'
import { type Ended, facet, startFacet } from './process.ts'
import { personQuery, specimen } from './specimen.ts'
import { inTemporaryDirectory } from './temporary.ts'

const passphrase = 'correct horse battery staple'

const claims = {
  given_name: 'Anna Maria',
  family_name: 'Eriksson',
  birthdate: '1974-08-12',
  nationalities: ['UTO', 'ZZZ'],
  document_number: 'L898902C3',
  age_equal_or_over: { '18': true },
}

test('FCT-7 after a whole flow no secret and no claim stands in any output or data directory', async () => {
  await inTemporaryDirectory(async (directory) => {
    await writeFile(`${directory}/claims.json`, JSON.stringify(claims))
    await writeFile(`${directory}/passphrase`, passphrase)
    const at = (party: string): readonly string[] => ['--data', `${directory}/data/${party}`]
    const printed: string[] = []
    const run = async (...args: readonly string[]): Promise<Ended> => {
      const ended = await facet(args, { FACET_PASSPHRASE_FILE: `${directory}/passphrase` })
      printed.push(ended.stdout, ended.stderr)
      return ended
    }
    const wire = await eavesdrop()
    const issuer = await startFacet(
      ['issuer', 'serve', '--development', '--public-url', wire.url, ...at('issuer')],
      {},
    )
    wire.leadTo(`http://${issuer.facts.listening}`)
    const verifier = await startFacet([
      'verifier',
      'serve',
      '--development',
      '--issuer',
      issuer.facts.did ?? '',
      ...at('verifier'),
    ])

    // What is printed on purpose, for the person, is not looked at.
    const offered = await facet([
      'issuer',
      'offer',
      '--claims',
      `${directory}/claims.json`,
      '--json',
      ...at('issuer'),
    ])
    const { link, txCode, issuanceId } = JSON.parse(offered.stdout)
    const asked = await facet(['verifier', 'ask', '--over', '18', '--json', ...at('verifier')])
    const request = JSON.parse(asked.stdout)

    const wallet = (...args: readonly string[]) =>
      run('wallet', ...args, '--yes', '--development', '--json', ...at('wallet'))
    expect((await wallet('accept', link, '--tx-code', txCode, '--copies', '2')).code).toBe(0)
    const presented = await facet(
      ['wallet', 'present', request.link, '--yes', '--development', '--json', ...at('wallet')],
      { FACET_PASSPHRASE_FILE: `${directory}/passphrase` },
    )
    expect(JSON.parse(presented.stdout)).toEqual({ accepted: true })
    await run('wallet', 'list', '--json', ...at('wallet'))
    await run('wallet', 'log', '--json', ...at('wallet'))
    await run('issuer', 'list', '--json', ...at('issuer'))
    await run('issuer', 'revoke', issuanceId, ...at('issuer'))
    const again = await run(
      'wallet',
      'accept',
      link,
      '--tx-code',
      txCode,
      '--yes',
      '--development',
      ...at('wallet'),
    )
    expect(again.code).toBe(1)

    for (const service of [issuer, verifier]) {
      const { stdout, stderr } = await service.stop()
      expect(stderr).toBe('')
      printed.push(stdout, stderr)
    }
    await wire.close()

    const secrets = [
      ...values(claims),
      passphrase,
      txCode,
      ...wire.secrets(),
      ...(await keysOfNode(`${directory}/data/issuer`)),
      ...(await keysOfNode(`${directory}/data/verifier`)),
      ...(await keysOfWallet(`${directory}/data/wallet`)),
    ]
    expect(secrets.length).toBeGreaterThan(30)
    const texts = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('base64url')])
    // What is known to stand in the clear is found, so what is not found is not there.
    for (const [party, namespace] of [
      ['issuer', 'agent/key'],
      ['verifier', 'agent/key'],
      ['wallet', 'holder/key'],
    ] as const) {
      const found = await foundAtRest(`${directory}/data/${party}`, [...texts, namespace])
      expect([party, found]).toEqual([party, [namespace]])
    }
    expect(texts.filter((text) => printed.join('\n').includes(text))).toEqual([])
  })
  // A dozen processes, one after the other.
}, 240_000)

test('FCT-7 what a verifier keeps of a request is not to be read on its disk: keys, nonces, sessions, codes, results', async () => {
  await inTemporaryDirectory(async (directory) => {
    const level = await openLevelStore({ location: `${directory}/store` })
    const store = await openWithPassphrase(level, passphrase, { derive: derivePassphraseSealer, random })
    const stage = await encryptingStage(store)
    const session = 'session-cookie-of-a-browser'
    const options = {
      responseMode: 'direct_post.jwt',
      sameDevice: { session, returnTo: `${VERIFIER}/back` },
      webhook: { url: `${VERIFIER}/hook`, reference: 'order-of-a-customer' },
    } as const
    const query = readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' }))
    const asked = await stage.verifier.request(query, options)
    const keys = await membersIn(store, 'verifier/presentation', ['d', 'nonce'])
    expect(keys).toHaveLength(2)
    const done = await stage.holder.present(asked.link)
    const code = new URL(done.redirectUri ?? '').searchParams.get('response_code') ?? ''
    await stage.verifier.returned({ responseCode: code, session })
    const shown = await membersIn(store, 'verifier/delivery', ['reference', 'family_name'])
    expect(shown).toEqual(['order-of-a-customer'])
    await store.close()
    const secrets = [...keys, session, code, asked.transactionId, ...shown]
    const texts = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('base64url')])
    expect(secrets.filter((secret) => secret.length < 16)).toEqual([])
    expect(await foundAtRest(directory, [...texts, 'verifier/presentation'])).toEqual([
      'verifier/presentation',
    ])
  })
})

interface Eavesdropper {
  readonly url: string
  leadTo(origin: string): void
  /** Codes, tokens, nonces, credentials, and the disclosures in them, as they went over the wire. */
  secrets(): readonly string[]
  close(): Promise<void>
}

/** Stands between the wallet and the issuer, and remembers what only these two know. */
async function eavesdrop(): Promise<Eavesdropper> {
  const transport = safeTransport({ mode: 'development' })
  const heard: string[] = []
  let origin = ''
  const handle = async (request: WireRequest): Promise<WireResponse> => {
    const response = await transport.send({ ...request, url: request.url.replace(served.url, origin) })
    heard.push(...secretsIn(request.body ?? '', response.body))
    return response
  }
  const served = await serve(handle)
  return {
    url: served.url,
    leadTo(to) {
      origin = to
    },
    secrets: () => [...new Set(heard)],
    async close() {
      await served.close()
      transport.close()
    },
  }
}

function secretsIn(request: string, response: string): readonly string[] {
  const code = new URLSearchParams(request).get('pre-authorized_code')
  const named = ['access_token', 'refresh_token', 'c_nonce'].flatMap((name) => {
    const [, value] = new RegExp(`"${name}":"([^"]+)"`).exec(response) ?? []
    return value ?? []
  })
  const credentials = [...response.matchAll(/"credential":"([^"]+)"/g)].flatMap(([, compact = '']) => {
    const [jwt = '', ...disclosures] = compact.split('~').filter((part) => part !== '')
    const [, payload = '', signature = ''] = jwt.split('.')
    const salts = disclosures.map((disclosure) => String(JSON.parse(readBase64urlText(disclosure))[0]))
    return [payload, signature, ...disclosures, ...salts]
  })
  const proofs = [...request.matchAll(/"(eyJ[^"]+)"/g)].map(([, proof = '']) => proof.split('.').at(-1) ?? '')
  return [...(code === null ? [] : [code]), ...named, ...credentials, ...proofs]
}

/** A verifier on that store that asks for encrypted answers and sends results, and a wallet that holds the specimen. */
async function encryptingStage(store: Store): Promise<MemoryStage> {
  const { publicJwk, privateJwk } = generateEncryptionKey()
  const stage = memoryStage({
    verifier: {
      store,

      encryption: { generateKey: generateEncryptionKey, openerOf: jweOpenerOf, seal: sealJwe },
      webhooks: {
        transport: { send: () => Promise.reject(new Error('away')) },
        signer: signerOf(generateKey('ES256').privateJwk),
      },
    },
    holder: {
      encryption: { seal: sealJwe, generateKey: () => ({ publicJwk, open: jweOpenerOf(privateJwk) }) },
    },
  })
  const { txCode, link } = await stage.issuer.offer({ configurationId: 'person', claims: specimen })
  if (txCode !== undefined) stage.person.txCode = txCode
  await stage.holder.accept(link)
  return stage
}

/** Texts that are long enough to be found by their meaning and not by chance. */
function values(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length > 3 ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(values) : []
}

/** The key file, and the private half of the one key that a node keeps, as its own seal opens it. */
async function keysOfNode(directory: string): Promise<readonly string[]> {
  const { store, close } = await openNodeData(directory, {})
  const found = await privateKeys(store, 'agent/key')
  await close()
  expect(found).toHaveLength(1)
  const [, key = ''] = (await readFile(`${directory}.key`, 'utf8')).trim().split(':')
  return [...found, key]
}

/** What a wallet keeps that is worth stealing: keys of copies, of itself as a sender and of an offer that waits, and access that is left. */
async function keysOfWallet(directory: string): Promise<readonly string[]> {
  const level = await openLevelStore({ location: `${directory}/store` })
  const store = await openWithPassphrase(level, passphrase, { derive: derivePassphraseSealer, random })
  const keys = await privateKeys(store, 'holder/key')
  const grants = await membersIn(store, 'holder/grant', ['accessToken', 'refreshToken'])
  await store.close()
  // Two copies, the key that their grant is bound to, and that of the offer that waits.
  expect(keys).toHaveLength(4)
  return [...keys, ...grants]
}

function privateKeys(store: Store, namespace: string): Promise<readonly string[]> {
  return membersIn(store, namespace, ['d'])
}

/** The texts that stand under these names, anywhere in what is kept there. */
async function membersIn(
  store: Store,
  namespace: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { value } of store.range(namespace)) {
    JSON.parse(new TextDecoder().decode(value), (name, member: unknown) => {
      if (names.includes(name) && typeof member === 'string') found.push(member)
      return member
    })
  }
  return found
}
