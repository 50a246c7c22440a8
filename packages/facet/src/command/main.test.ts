import { expect, test } from 'vitest'
import { fakeTerminal } from '../terminal/terminal.test-support.ts'
import { main } from './main.ts'

async function run(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal()
  const code = await main(argv, terminal)
  return { code, ...terminal.printed }
}

test('FCT-9 without a command, and when asked, it says what it can do', async () => {
  for (const argv of [[], ['help'], ['--help'], ['-h'], ['wallet', '--help'], ['issuer', 'serve', '-h']]) {
    expect(await run(...argv)).toMatchObject({ code: 0, out: expect.stringContaining('facet demo'), err: '' })
  }
})

const unusable: readonly (readonly string[])[] = [
  ['dance'],
  ['constructor'],
  ['issuer'],
  ['issuer', 'dance'],
  ['issuer', 'offer'],
  ['issuer', 'revoke'],
  ['issuer', 'serve', '--port', 'many'],
  ['wallet', 'dance'],
  ['verifier'],
  ['verifier', 'serve', '--development'],
  ['verifier', 'serve', '--issuer', 'registry', '--development'],
  ['verifier', 'ask'],
  ['demo', '--dance'],
  ['demo', 'dance'],
  ['issuer', 'list', 'dance'],
  ['issuer', 'revoke', 'one', 'two'],
  ['issuer', 'offer', '--claims'],
  ['issuer', 'offer', '--claims', '--json'],
  ['wallet', 'list', '--yes'],
  ['wallet', 'accept'],
  ['wallet', 'constructor'],
  ['wallet', 'forget'],
  ['verifier', 'result'],
]

test.each(unusable.map((argv) => ({ argv })))(
  'FCT-9 "facet $argv" ends with one line and the code usage',
  async ({ argv }) => {
    const { code, out, err } = await run(...argv)
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toMatch(/^facet: .+ \[usage\]\nTry "facet help"\.\n$/)
  },
)

test('FCT-9 a file that cannot be read, a service that does not run and a passphrase nobody gives have codes', async () => {
  expect((await run('issuer', 'offer', '--claims', '/nowhere.json')).err).toMatch(/\[file_unusable\]/)
  expect((await run('issuer', 'list', '--data', '/nowhere')).err).toMatch(/\[service_not_running\]/)
  expect((await run('wallet', 'list', '--data', '/nowhere')).err).toMatch(/\[passphrase_missing\]/)
})

test('FCT-5 a service without an https address is refused outside development mode', async () => {
  expect((await run('issuer', 'serve', '--data', '/nowhere')).err).toMatch(/\[development_mode_needed\]/)
  const plain = await run('issuer', 'serve', '--data', '/nowhere', '--public-url', 'http://issuer.example')
  expect(plain.err).toMatch(/\[development_mode_needed\]/)
})
