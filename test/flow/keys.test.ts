/** Nodes whose keys are elsewhere, nodes that are found on the web, and what becomes of both when keys rotate. */
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateKey } from '@facet-id/crypto/node'
import { writeOwnerFile, writePrivateKey } from '@facet-id/crypto/node/keys'
import {
  type IssuanceNode,
  type NodeDidMethod,
  openKeySource,
  openWallet,
  startIssuanceNode,
  startVerifierService,
  type VerifierService,
  type Wallet,
} from '@facet-id/facet'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { safeTransport } from '@facet-id/resolve/node'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { foundAtRest } from './at-rest.ts'
import { facet, startFacet } from './process.ts'
import { makeToken, softHsmModule } from './soft-hsm.ts'
import { PERSON_VCT, personConfiguration, personQuery, specimen } from './specimen.ts'
import { inTemporaryDirectory } from './temporary.ts'

/** Milliseconds for what starts many processes, on a machine that has other work too. */
const SLOWLY = 180_000

interface Parties {
  readonly issuance: IssuanceNode
  readonly service: VerifierService
  readonly wallet: Wallet
}

interface PartiesOptions {
  readonly did?: NodeDidMethod
  /** Of the issuer. */
  readonly keys?: string
  readonly verifierKeys?: string
  readonly environment?: Readonly<Record<string, string>>
}

async function parties(
  directory: string,
  { did, keys, verifierKeys, environment = {} }: PartiesOptions,
): Promise<Parties> {
  const node = { environment, development: true, ...(did === undefined ? {} : { did }) }
  const issuing = await openKeySource(keys, environment)
  const issuance = await startIssuanceNode({
    ...node,
    ...(issuing === undefined ? {} : { keys: issuing }),
    dataDirectory: join(directory, 'issuer'),
    configurations: { person: personConfiguration },
  })
  const wallet = await openWallet({
    dataDirectory: join(directory, 'wallet'),
    passphrase: randomUUID(),
    development: true,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true }),
      toPresent: () => ({ agreed: true }),
    },
  })
  const dataDirectory = join(directory, 'verifier')
  const issuers = [{ id: issuance.did, vcts: [PERSON_VCT] }]
  const proving = await openKeySource(verifierKeys, environment)
  const service = await startVerifierService({
    ...node,
    ...(proving === undefined ? {} : { keys: proving }),
    dataDirectory,
    issuers,
  })
  return { issuance, wallet, service }
}

async function close({ issuance, service, wallet }: Parties): Promise<void> {
  await wallet.close()
  await service.close()
  await issuance.close()
}

async function issue({ issuance, wallet }: Parties): Promise<string> {
  const { link } = await issuance.issuer.offer({
    configurationId: 'person',
    claims: specimen,
    txCodeLength: 0,
  })
  return (await wallet.holder.accept(link)).credentials[0]?.credentialId ?? ''
}

async function present({ service, wallet }: Parties): Promise<string> {
  const query = readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' }))
  const { link, transactionId } = await service.verifier.request(query)
  await wallet.holder.present(link)
  return (await service.verifier.result(transactionId)).outcome
}

async function runs(directory: string, options: PartiesOptions): Promise<string> {
  const all = await parties(directory, options)
  try {
    await issue(all)
    expect(await present(all)).toBe('verified')
    return all.issuance.did
  } finally {
    await close(all)
  }
}

const passphrase = 'correct horse battery staple'

async function secretsIn(directory: string): Promise<Readonly<Record<string, string>>> {
  await writeFile(join(directory, 'passphrase'), `${passphrase}\n`, { mode: 0o600 })
  await writeFile(join(directory, 'pin'), '271828\n', { mode: 0o600 })
  return {
    FACET_KEYS_PASSPHRASE_FILE: join(directory, 'passphrase'),
    FACET_PIN_FILE: join(directory, 'pin'),
  }
}

test.each(['sealed', 'pem'] as const)(
  'DMG-40 a node signs with the key in a %s file, and with that one again',
  async (form) => {
    await inTemporaryDirectory(async (directory) => {
      const environment = await secretsIn(directory)
      const { privateJwk, publicJwk } = generateKey()
      const path = join(directory, 'issuer.key.json')
      await writeOwnerFile(path, await writePrivateKey(privateJwk, form, passphrase))
      const options = { keys: `file:${path}`, environment }
      const did = await runs(directory, options)
      expect(Buffer.from(did.slice('did:jwk:'.length), 'base64url').toString()).toContain(publicJwk.x)
      const service = await openKeySource(options.keys, environment)
      if (service === undefined) throw new Error('a key file is a key source')
      const again = await startIssuanceNode({
        dataDirectory: join(directory, 'issuer'),
        environment,
        development: true,
        keys: service,
      })
      expect(again.did).toBe(did)
      await again.close()
      expect(await foundAtRest(join(directory, 'issuer'), [privateJwk.d, passphrase])).toEqual([])
    })
  },
)

test('DMG-40 a node signs with keys of a keyring; without it, it does not start and nothing signs in its place', async () => {
  await inTemporaryDirectory(async (directory) => {
    const environment = await secretsIn(directory)
    const keys = `keyring:${join(directory, 'ring')}`
    const verifierKeys = `keyring:${join(directory, 'ring of the verifier')}`
    await runs(directory, { keys, verifierKeys, environment, did: 'web' })
    const start = (source: string | undefined) => async () => {
      const service = await openKeySource(source, environment)
      const node = await startIssuanceNode({
        dataDirectory: join(directory, 'issuer'),
        environment,
        development: true,
        ...(service === undefined ? {} : { keys: service }),
      })
      await node.close()
    }
    expect(await outcomeOf(start(keys))).toBe('accepted')
    expect(await outcomeOf(start(undefined))).toBe('holder_missing')
    expect(await outcomeOf(start(`keyring:${join(directory, 'another')}`))).toBe('key_unknown')
  })
})

test.skipIf(softHsmModule === '')('DMG-40 a node signs with a key in a PKCS #11 token', async () => {
  await inTemporaryDirectory(async (directory) => {
    const environment = await secretsIn(directory)
    await makeToken(directory, 'facet', '271828')
    const keys = `pkcs11:${softHsmModule}?token=facet`
    await runs(directory, { keys, environment, did: 'webvh' })
    expect(await outcomeOf(() => openKeySource(`pkcs11:${softHsmModule}?token=none`, environment))).toBe(
      'pkcs11_token_unknown',
    )
  })
})

test('DMG-40, DMG-46 a node signs with keys of a signer process, and with nothing when that is gone', async () => {
  await inTemporaryDirectory(async (directory) => {
    const environment = await secretsIn(directory)
    const at = join(directory, 'signer')
    const serving = ['signer', 'serve', '--keys', `keyring:${join(directory, 'ring')}`, '--data', at]
    const signer = await startFacet(serving, environment)
    const all = await parties(directory, { keys: `signer:${at}`, environment: {} })
    try {
      await issue(all)
      expect(await present(all)).toBe('verified')
      expect((await signer.stop()).code).toBe(0)
      const again = await outcomeOf(() => issue(all))
      expect(again).toBe('refused_by_peer')
    } finally {
      await close(all)
    }
    expect(await outcomeOf(async () => (await openKeySource(`signer:${at}`, {}))?.get('one'))).toBe(
      'service_not_running',
    )
  })
})

test.each(['web', 'webvh'] as const)(
  'DMG-41, DMG-42 a did:%s rotates its keys while it runs, and what it issued before still verifies',
  async (did) => {
    await inTemporaryDirectory(async (directory) => {
      const all = await parties(directory, { did })
      const transport = safeTransport({ mode: 'development' })
      try {
        expect(all.issuance.did).toMatch(
          did === 'web' ? /^did:web:localhost%3A\d+$/ : /^did:webvh:Qm\w+:localhost%3A\d+$/,
        )
        await issue(all)
        expect(await present(all)).toBe('verified')
        const before = await shown(all.issuance.did)

        const rotated = await facet([
          'did',
          'rotate',
          'issuer',
          '--json',
          '--data',
          join(directory, 'issuer'),
        ])
        expect(rotated.code).toBe(0)
        expect(JSON.parse(rotated.stdout)).toMatchObject({ did: all.issuance.did, revision: 2 })
        const after = await shown(all.issuance.did)
        expect(after).toHaveLength(2 * before.length)
        for (const key of before) expect(after).toContain(key)
        expect(await present(all)).toBe('verified')

        // A verifier that never met the DID before: both generations of keys are in the document that it finds.
        const dataDirectory = join(directory, 'other')
        const node = { environment: {}, development: true, did: 'web' } as const
        const issuers = [{ id: all.issuance.did, vcts: [PERSON_VCT] }]
        const service = await startVerifierService({ ...node, dataDirectory, issuers })
        expect(await present({ ...all, service })).toBe('verified')
        // The wallet looks for the key once more when it has forgotten the old document; another one has none yet.
        const wallet = await openWallet({
          dataDirectory: join(directory, 'wallet-2'),
          passphrase: randomUUID(),
          development: true,
          consent: {
            toFetch: () => ({ agreed: true }),
            toReceive: () => ({ agreed: true }),
            toPresent: () => ({ agreed: true }),
          },
        })
        await issue({ ...all, wallet })
        expect(await present({ ...all, service, wallet })).toBe('verified')
        await wallet.close()
        await service.close()
        expect(
          (await facet(['did', 'deactivate', 'issuer', '--yes', '--data', join(directory, 'issuer')])).stderr,
        ).toContain('did_in_use')
      } finally {
        transport.close()
        await close(all)
      }

      /** Ids of the keys to issue with, and to prove oneself with, as they are published. */
      async function shown(name: string): Promise<readonly unknown[]> {
        const resolved = await facet(['did', 'resolve', name, '--development', '--json'])
        expect(resolved.code).toBe(0)
        const { didDocument } = JSON.parse(resolved.stdout)
        return [...didDocument.assertionMethod, ...didDocument.authentication]
      }
    })
  },
  SLOWLY,
)

test('DMG-41 the files of a DID are served at its address, and nothing else of its store', async () => {
  await inTemporaryDirectory(async (directory) => {
    const all = await parties(directory, { did: 'webvh' })
    const transport = safeTransport({ mode: 'development' })
    const get = (path: string) =>
      transport.send({ method: 'GET', url: `http://localhost:${all.issuance.port}${path}`, headers: {} })
    try {
      const log = await get('/.well-known/did.jsonl')
      expect(log).toMatchObject({ status: 200, headers: { 'content-type': 'text/jsonl' } })
      expect(log.headers['access-control-allow-origin']).toBe('*')
      expect(log.body.split('\n')).toHaveLength(2)
      for (const path of ['/.well-known/did.json', '/did.jsonl', '/.well-known/did-witness.json']) {
        expect((await get(path)).status).toBe(404)
      }
    } finally {
      transport.close()
      await close(all)
    }
  })
})
