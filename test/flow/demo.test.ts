import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { foundAtRest } from './at-rest.ts'
import { facet, runFacet } from './process.ts'
import { inTemporaryDirectory } from './temporary.ts'

interface Transcript {
  readonly addresses: Readonly<Record<string, string>>
  readonly transcript: readonly (Readonly<Record<string, unknown>> & { readonly event: string })[]
}

test('FCT-2, FCT-3, FCT-6, FCT-7, FCT-10 the demonstration tells the whole story, finds its state again, and leaves nothing in the clear', async () => {
  await inTemporaryDirectory(async (directory) => {
    const data = `${directory}/demo`
    const first = await facet(['demo', '--once', '--json', '--data', data])
    expect(first.stderr).toBe('')
    expect(first.code).toBe(0)
    const told: Transcript = JSON.parse(first.stdout)
    expect(chaptersOf(told)).toEqual([
      'Three parties start',
      'Issued',
      'Held',
      'Shown in part, and verified',
      'Revoked',
      'Refused',
      'Who learned what',
    ])
    expect(told.transcript.filter(({ event }) => event === 'report').map(({ outcome }) => outcome)).toEqual([
      'verified',
      'refused',
    ])
    expect(ledgerOf(told)).toMatchObject([
      { party: 'registry', neverSaw: [] },
      { party: 'wallet', neverSaw: [] },
      {
        party: 'platform',
        learned: ['nationalities[] = "UTO"', 'age_equal_or_over.18 = true'],
        personalBytes: 'true"UTO"'.length,
      },
      { party: 'platform, by photo of the ID', neverSaw: [] },
    ])

    const second = await facet(['demo', '--once', '--json', '--data', data])
    expect(second.code).toBe(0)
    const again: Transcript = JSON.parse(second.stdout)
    expect(again.addresses).toEqual(told.addresses)
    expect(again.transcript).toContainEqual({
      event: 'note',
      text: 'It still holds 1 credential(s) from earlier runs.',
    })

    // Whoever copies all of its data has no key with it.
    expect((await readdir(data)).sort()).toEqual(['issuer', 'verifier', 'wallet'])
    expect((await readdir(`${data}.keys`)).sort()).toEqual(['issuer.key', 'verifier.key'])
    const passphrase = await readFile(`${data}.passphrase`, 'utf8')
    const secrets = ['Eriksson', 'Anna Maria', 'L898902C3', '1974-08-12', 'Specimen Street', passphrase]
    const texts = ['"d":"', ...secrets.flatMap((text) => [text, ...encodings(text)])]
    for (const party of ['issuer', 'verifier', 'wallet']) {
      expect([party, await foundAtRest(`${data}/${party}`, texts)]).toEqual([party, []])
    }
  })
})

test('FCT-2, FCT-5, FCT-12 for people it says in words that this is development mode, and how long each step took; then it stays up until Ctrl-C', async () => {
  await inTemporaryDirectory(async (directory) => {
    const { child, ended, printed } = runFacet(['demo', '--data', `${directory}/my demo`])
    await printed('Ctrl-C stops them')
    child.kill('SIGINT')
    const { code, stdout, stderr } = await ended
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('DEVELOPMENT MODE: plain http is accepted, on loopback only.')
    expect(stdout).toMatch(/✓ The issuance node is up [0-9.]+ m?s/)
    expect(stdout).toMatch(/✗ status: .*revoked/i)
    expect(stdout).not.toContain('\u001b[')
  })
})

function chaptersOf({ transcript }: Transcript): readonly unknown[] {
  return transcript.filter(({ event }) => event === 'chapter').map(({ title }) => title)
}

function ledgerOf({ transcript }: Transcript): unknown {
  return transcript.find(({ event }) => event === 'ledger')?.rows
}

/** The same bytes as they stand inside base64url text, for each of the three ways they can begin. */
function encodings(text: string): readonly string[] {
  return [0, 1, 2].map((lead) => {
    const encoded = Buffer.concat([Buffer.alloc(lead), Buffer.from(text)]).toString('base64url')
    return encoded.slice(lead === 0 ? 0 : lead + 1, -2)
  })
}
