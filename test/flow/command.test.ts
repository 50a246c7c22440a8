import { once } from 'node:events'
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { readCredentialOffer, writeOfferLink } from '@facet-id/protocol/openid4vci'
import { expect, test } from 'vitest'
import { facet, startFacet } from './process.ts'
import { inTemporaryDirectory } from './temporary.ts'

const serve = (data: string): readonly string[] => ['issuer', 'serve', '--development', '--data', data]

test('FCT-9 a port that is taken is refused by its number, and the data stays as it was', async () => {
  await inTemporaryDirectory(async (directory) => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    try {
      const { code, stderr } = await facet([...serve(directory), '--port', port])
      expect(code).toBe(1)
      expect(stderr).toMatch(new RegExp(`^facet: .*${port}.* \\[port_in_use\\]\\n$`))
    } finally {
      taken.close()
    }
    const again = await startFacet(serve(directory))
    expect((await again.stop()).code).toBe(0)
  })
})

test('FCT-3, FCT-9 one process owns a data directory: the second is refused, the first goes on', async () => {
  await inTemporaryDirectory(async (directory) => {
    const first = await startFacet(serve(directory))
    const second = await facet(serve(directory))
    expect(second).toMatchObject({ code: 1, stderr: expect.stringMatching(/\[store_locked\]/) })
    expect((await facet(['issuer', 'list', '--data', directory])).code).toBe(0)
    expect((await first.stop()).code).toBe(0)
    const again = await startFacet(serve(directory))
    expect(again.facts).toEqual(first.facts)
    await again.stop()
  })
})

test('FCT-9 a wallet with a wrong passphrase stays shut, and opens with the right one', async () => {
  await inTemporaryDirectory(async (directory) => {
    await writeFile(join(directory, 'right'), 'right')
    await writeFile(join(directory, 'wrong'), 'wrong')
    const list = (passphrase: string) =>
      facet(['wallet', 'list', '--json', '--data', join(directory, 'wallet')], {
        FACET_PASSPHRASE_FILE: join(directory, passphrase),
      })
    expect(await list('right')).toMatchObject({ code: 0, stdout: '[]\n' })
    expect(await list('wrong')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\[passphrase_wrong\]/),
    })
    expect(await list('right')).toMatchObject({ code: 0, stdout: '[]\n' })
  })
})

test('FCT-9 a truncated database is refused and left as it is', async () => {
  await inTemporaryDirectory(async (directory) => {
    const node = await startFacet(serve(directory))
    await node.stop()
    const files = (await readdir(join(directory, 'store'))).filter((name) => name.startsWith('MANIFEST'))
    for (const name of files) await truncate(join(directory, 'store', name), 10)
    const before = await contentOf(join(directory, 'store'))
    const { code, stderr } = await facet(serve(directory))
    expect(code).toBe(1)
    expect(stderr).toMatch(/\[store_corrupt\]/)
    expect(await contentOf(join(directory, 'store'))).toEqual(before)
  })
})

test('FCT-9 an offer of an issuer that nobody reaches ends with a code, and waits to be resumed or abandoned', async () => {
  await inTemporaryDirectory(async (directory) => {
    await writeFile(join(directory, 'passphrase'), 'a passphrase')
    const offer = readCredentialOffer(
      JSON.stringify({
        credential_issuer: 'http://127.0.0.1:9',
        credential_configuration_ids: ['person'],
        grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'code' } },
      }),
      'https_or_loopback_http',
    )
    const link = writeOfferLink({ by: 'value', offer })
    const wallet = (...args: readonly string[]) =>
      facet(['wallet', ...args, '--data', join(directory, 'wallet')], {
        FACET_PASSPHRASE_FILE: join(directory, 'passphrase'),
      })
    expect(await wallet('accept', link, '--yes', '--development')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\[peer_unreachable\]/),
    })
    expect(await wallet('accept', link, '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\[https_required\]/),
    })
    expect(await wallet('list', '--json')).toMatchObject({ code: 0, stdout: '[]\n' })
    const pending = JSON.parse((await wallet('pending', '--json')).stdout)
    expect(pending).toEqual([
      expect.objectContaining({ credentialIssuer: 'http://127.0.0.1:9', has: 'offer' }),
    ])
  })
})

test('FCT-9 a data directory that is a file is refused in one line, and left alone', async () => {
  await inTemporaryDirectory(async (directory) => {
    const data = join(directory, 'a file')
    await writeFile(data, 'mine')
    await writeFile(join(directory, 'passphrase'), 'a passphrase')
    const environment = { FACET_PASSPHRASE_FILE: join(directory, 'passphrase') }
    const commands = [serve(data), ['wallet', 'list', '--data', data], ['demo', '--once', '--data', data]]
    for (const command of commands) {
      expect(await facet(command, environment)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^facet: .*a file.* \[data_directory_unusable\]\n$/),
      })
    }
    expect(await readFile(data, 'utf8')).toBe('mine')
    expect((await readdir(directory)).sort()).toEqual(['a file', 'passphrase'])
  })
})

test('FCT-6 the key file of an issuer may be anywhere but inside its data', async () => {
  await inTemporaryDirectory(async (directory) => {
    const data = join(directory, 'the data')
    const at = (keyFile: string) => ({ FACET_KEY_FILE: keyFile })
    const inside = await facet(serve(data), at(join(data, 'my.key')))
    expect(inside).toMatchObject({ code: 1, stderr: expect.stringMatching(/\[key_file_inside_data\]\n$/) })
    const elsewhere = await startFacet(serve(data), at(join(directory, 'keys', 'my.key')))
    expect((await elsewhere.stop()).code).toBe(0)
    expect((await readdir(directory)).sort()).toEqual(['keys', 'the data'])
  })
})

test('FCT-6 a wallet needs a passphrase and no key file', async () => {
  await inTemporaryDirectory(async (directory) => {
    await writeFile(join(directory, 'passphrase'), 'a passphrase')
    const data = join(directory, 'the wallet')
    const listed = await facet(['wallet', 'list', '--json', '--data', data], {
      FACET_PASSPHRASE_FILE: join(directory, 'passphrase'),
      FACET_KEY_FILE: join(data, 'no such key'),
    })
    expect(listed).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' })
    expect((await readdir(directory)).sort()).toEqual(['passphrase', 'the wallet'])
  })
})

/** What stands in each file of a store; the lock and the engine's own diary left out. */
async function contentOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).filter((name) => !/^(LOCK|LOG)/.test(name)).sort()
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name), 'base64')))
  return Object.fromEntries(names.map((name, place) => [name, contents[place] ?? '']))
}
