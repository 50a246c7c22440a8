import { readFile, stat, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { specimen } from '../demo/specimen.ts'
import { PERSON_VCT } from '../person-type.ts'
import { type IssuanceNode, startIssuanceNode } from '../service/issuance-node.ts'
import { fakeTerminal } from '../terminal/terminal.test-support.ts'
import { main } from './main.ts'

const directory = temporaryDirectory()
let issuer: IssuanceNode

beforeEach(async () => {
  await writeFile(directory.in('passphrase'), 'a passphrase of this test')
  issuer = await startIssuanceNode({
    dataDirectory: directory.in('issuer'),
    environment: {},
    development: true,
  })
})
afterEach(() => issuer.close())

async function wallet(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal({ FACET_PASSPHRASE_FILE: directory.in('passphrase') })
  const code = await main(['wallet', ...argv, '--data', directory.in('wallet')], terminal)
  return { code, ...terminal.printed }
}

async function accept(...more: readonly string[]) {
  const { link, txCode = '' } = await issuer.issuer.offer({ configurationId: 'person', claims: specimen })
  return wallet('accept', link, '--yes', '--development', '--tx-code', txCode, '--json', ...more)
}

const typeFile = async (name: string, document: object) => {
  await writeFile(directory.in(name), JSON.stringify(document))
  return directory.in(name)
}

test('SVC-5.5.1.2-2, FCT-CARD a credential is drawn as its type wishes, for its owner alone', async () => {
  const { credentialId } = JSON.parse((await accept()).out)
  const printed = await wallet('card', credentialId)
  expect(printed).toMatchObject({ code: 0, err: '' })
  expect(printed.out).toMatch(/^<svg .*>Eriksson<.*>Date of birth<.*<\/svg>\n$/)

  const file = directory.in('card.svg')
  const dark = ['--language', 'de-AT', '--color-scheme', 'dark', '--out', file]
  expect((await wallet('card', credentialId, ...dark)).out).toBe(`${file} has the card of ${credentialId}.\n`)
  const svg = await readFile(file, 'utf8')
  expect(svg).toMatch(/fill="#16211f".*>Geburtsdatum</)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const asData = JSON.parse((await wallet('card', credentialId, ...dark, '--json')).out)
  expect(asData).toEqual({ credential: credentialId, file })

  // No copy is spent on it.
  const [held] = JSON.parse((await wallet('list', '--json')).out)
  expect(held.copiesLeft).toBe(held.copies)
})

test('FCT-9, FCT-CARD what cannot be drawn leaves one line, and no file', async () => {
  const { credentialId } = JSON.parse((await accept()).out)
  const file = directory.in('card.svg')
  const card = async (...argv: readonly string[]) => (await wallet('card', ...argv, '--out', file)).err
  expect(await card('nobody')).toMatch(/^facet: .*\[credential_unknown\]\n$/)
  for (const wrong of [
    ['--contrast', 'much'],
    ['--color-scheme', 'red'],
    ['--orientation', 'up'],
  ]) {
    expect(await card(credentialId, ...wrong)).toMatch(/\[usage\]/)
  }
  const plain = await typeFile('plain.json', { vct: PERSON_VCT, name: 'Person' })
  expect(await card(credentialId, '--type-document', plain)).toMatch(/^facet: .*\[card_not_drawn\]\n$/)
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' })
  expect((await wallet('card', credentialId, '--out', directory.in('nowhere/card.svg'))).err).toMatch(
    /\[file_unusable\]\n$/,
  )
})

test('FCT-TYPES, SVC-5.7-2 a wallet holds credentials against the documents that it is given', async () => {
  const strict = await typeFile('strict.json', {
    vct: PERSON_VCT,
    claims: [{ path: ['shoe_size'], mandatory: true }],
  })
  expect((await accept('--type-document', strict)).err).toMatch(/\[credential_refused\]\n$/)
  const own = await typeFile('own.json', { vct: PERSON_VCT, display: [{ locale: 'en', name: 'Islander' }] })
  expect(JSON.parse((await accept('--type-document', own)).out).names).toEqual([
    { name: 'Islander', locale: 'en' },
  ])
})

test('FCT-9, FCT-TYPES a document that is none, and a publisher that is none, are named before anything is done', async () => {
  const none = await typeFile('none.json', { name: 'Person' })
  for (const file of [none, directory.in('not there')])
    expect((await accept('--type-document', file)).err).toMatch(
      /cannot be read as a document about a type \[file_unusable\]\n$/,
    )
  for (const publisher of ['types.example', 'http://types.example', 'https://types.example/a', 'urn:a'])
    expect((await accept('--type-publisher', publisher)).err).toMatch(/\[usage\]/)
  expect(JSON.parse((await wallet('list', '--json')).out)).toEqual([])
})
