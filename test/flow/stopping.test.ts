import { once } from 'node:events'
import { access, readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { facet, runFacet, startFacet } from './process.ts'
import { inTemporaryDirectory } from './temporary.ts'

/** The stores of a demonstration open, one after the other, when nobody holds them. */
async function reopens(data: string): Promise<void> {
  const issuer = await startFacet(['issuer', 'serve', '--development', '--data', `${data}/issuer`], {
    FACET_KEY_FILE: `${data}.keys/issuer.key`,
  })
  expect((await issuer.stop()).code).toBe(0)
}

test('FCT-12 interrupted at its first line, the demonstration ends with 130, without a trace, and its data is whole', async () => {
  await inTemporaryDirectory(async (directory) => {
    const data = `${directory}/demo`
    const { child, ended, printed } = runFacet(['demo', '--once', '--data', data])
    await printed('\n')
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130, stderr: '' })
    await reopens(data)
  })
})

test('FCT-12 interrupted in the middle, twice at once as by a group, it ends the same way', async () => {
  await inTemporaryDirectory(async (directory) => {
    const data = `${directory}/demo`
    const { child, ended, printed } = runFacet(['demo', '--data', data])
    await printed('Shown in part')
    child.kill('SIGINT')
    child.kill('SIGINT')
    const { code, stdout, stderr } = await ended
    expect([code, stderr]).toEqual([130, ''])
    expect(stdout).not.toContain('Who learned what')
    await reopens(data)
  })
})

test('FCT-12 who reads the first line only ends the demonstration, without a trace', async () => {
  await inTemporaryDirectory(async (directory) => {
    const data = `${directory}/demo`
    const { child, ended, printed } = runFacet(['demo', '--data', data])
    await printed('\n')
    child.stdout?.destroy()
    expect(await ended).toMatchObject({ code: 130, stderr: '' })
    await reopens(data)
  })
})

test('FCT-12 who reads only the announcement of a service does not end it', async () => {
  await inTemporaryDirectory(async (directory) => {
    const issuer = await startFacet(['issuer', 'serve', '--development', '--data', directory])
    issuer.child.stdout?.destroy()
    expect((await facet(['issuer', 'list', '--data', directory])).code).toBe(0)
    expect(await issuer.stop('SIGINT')).toMatchObject({ code: 0, stderr: '' })
  })
})

test('FCT-9 a service that was killed is said to be gone, and the next start takes its place', async () => {
  await inTemporaryDirectory(async (directory) => {
    const data = `${directory}/an issuer`
    await writeFile(`${directory}/claims.json`, JSON.stringify({ given_name: 'Anna Maria' }))
    const serve = ['issuer', 'serve', '--development', '--data', data]
    const offer = ['issuer', 'offer', '--claims', `${directory}/claims.json`, '--data', data]
    const first = await startFacet(serve)
    const before = await readFile(`${data}/operator.json`, 'utf8')
    first.child.kill('SIGKILL')
    await once(first.child, 'close')
    await access(`${data}/operator.json`)
    expect(await facet(offer)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^facet: .+ \[service_not_running\]\n$/),
    })

    const second = await startFacet(serve)
    expect(second.facts).toEqual(first.facts)
    expect(await readFile(`${data}/operator.json`, 'utf8')).not.toBe(before)
    expect(await facet(['issuer', 'list', '--json', '--data', data])).toMatchObject({
      code: 0,
      stdout: '{"issuances":[]}\n',
    })
    expect((await second.stop()).code).toBe(0)
    await expect(access(`${data}/operator.json`)).rejects.toThrow()
  })
})
