import { expect, test } from 'vitest'
import { httpStage } from './http.ts'
import { specimen } from './specimen.ts'
import { inTemporaryDirectory } from './temporary.ts'

test('LOG-7 several deletions at once of a log on disk leave one that holds', async () => {
  await inTemporaryDirectory(async (directory) => {
    const { issuer, holder, person, close } = await httpStage(directory)
    const accept = async (): Promise<void> => {
      const { txCode, link } = await issuer.offer({ configurationId: 'person', claims: specimen })
      if (txCode !== undefined) person.txCode = txCode
      const { credentials } = await holder.accept(link)
      for (const { credentialId } of credentials) await holder.forget(credentialId)
    }
    await accept()
    await accept()
    const done = await Promise.all([1, 2, 3, 4, 5].map(() => holder.deleteLog()))
    expect(done.reduce((sum, { entries }) => sum + entries, 0)).toBe(4)
    await accept()
    const events: string[] = []
    for await (const { event } of holder.log()) events.push(event)
    expect(events).toEqual(['received', 'deleted'])
    await close()
  })
}, 60_000)
