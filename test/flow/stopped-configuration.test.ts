import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { openWallet, startIssuanceNode } from '@facet-id/facet'
import { expect, test } from 'vitest'
import { facet, startFacet } from './process.ts'
import { specimen } from './specimen.ts'
import { inTemporaryDirectory } from './temporary.ts'

/** A node whose second engine sees nothing in what is issued, until the first credential was asked of it. */
async function stopThePersonCredential(directory: string, data: string): Promise<void> {
  const node = await startIssuanceNode({
    dataDirectory: data,
    environment: {},
    development: true,
    secondOpinion: () => () => ({}),
  })
  const wallet = await openWallet({
    dataDirectory: join(directory, 'wallet'),
    passphrase: randomUUID(),
    development: true,
    copies: 1,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true }),
      toPresent: () => ({ agreed: false }),
    },
  })
  try {
    const { link } = await node.issuer.offer({
      configurationId: 'person',
      claims: specimen,
      txCodeLength: 0,
    })
    await expect(wallet.holder.accept(link)).rejects.toMatchObject({ peerStatus: 500 })
  } finally {
    await wallet.close()
    await node.close()
  }
}

test('FCT-STOP a service says at its start and at its end what is stopped, until its operator resumes it', async () => {
  await inTemporaryDirectory(async (directory) => {
    const data = join(directory, 'issuer')
    await stopThePersonCredential(directory, data)
    const serve = ['issuer', 'serve', '--development', '--data', data]

    const stopped = await startFacet(serve)
    const status = await facet(['issuer', 'status', '--json', '--data', data])
    expect(JSON.parse(status.stdout)).toMatchObject({
      configurations: [{ configurationId: 'person', state: 'stopped' }],
    })
    const ended = await stopped.stop()
    expect(ended.code).toBe(0)
    const lines = ended.stderr.trim().split('\n')
    expect(lines).toHaveLength(2)
    for (const line of lines)
      expect(line).toMatch(/^facet: the configuration "person" is stopped .*\[configuration_stopped\]$/)

    const resumed = await startFacet(serve)
    const resuming = await facet(['issuer', 'resume', 'person', '--data', data])
    expect(resuming).toMatchObject({ code: 0, stdout: expect.stringContaining('state: issuing') })
    expect((await resumed.stop()).stderr.trim().split('\n')).toHaveLength(1)

    const again = await startFacet(serve)
    expect((await again.stop()).stderr).toBe('')
  })
})
