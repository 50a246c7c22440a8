import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type IssuerWays, NOW, testIssuer } from '../../issuer.test-support.ts'
import { namesIn, textIn, theOne, world } from '../../wallet.test-support.ts'

const listening = (ways: IssuerWays = {}) => testIssuer({ listens: true, ...ways })

test('VCI-11.1-1 an issuer that wants to hear is told of what was accepted, and then of what was deleted', async () => {
  const { holder, issuer, store } = world({ issuer: listening() })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  expect(issuer.told).toEqual(['credential_accepted n1'])
  expect(await namesIn(store, 'notification')).toEqual([])
  await holder.forget(credentialId)
  expect(issuer.told).toEqual(['credential_accepted n1', 'credential_deleted n1'])
  for (const family of ['grant', 'notification', 'credential', 'key'])
    expect(await namesIn(store, family)).toEqual([])
})

test('VCI-11.1-2, VCI-11.1-3 a batch of which one copy is bad is refused whole, and told as a failure', async () => {
  const credentials: IssuerWays['credentials'] = (keys, issue) =>
    keys.map((key, place) => issue(key, place === 2 ? { claims: { exp: NOW - 3600 } } : {}))
  const { holder, issuer, store } = world({ issuer: listening({ credentials }) })
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('credential_refused')
  expect(issuer.told).toEqual(['credential_failure n1'])
  expect(await textIn(store)).toBe('')
})

test('VCI-11.1-1 an issuer that cannot be told fails nothing, and is told later, after a restart', async () => {
  const issuer = listening({ around: { notification: () => ({ status: 503, headers: {}, body: '' }) } })
  const { holder, store, time } = world({ issuer })
  expect(theOne(await holder.accept(issuer.link))).toMatchObject({ copies: 4 })
  expect(issuer.told).toEqual([])
  const [id = ''] = await namesIn(store, 'notification')
  expect(await holder.due()).toEqual([])
  await holder.notify(id)
  expect(issuer.asked.filter((endpoint) => endpoint === 'notification')).toHaveLength(1)

  time.advance(60)
  delete issuer.ways.around
  const again = world({ issuer, store, time })
  expect(await again.holder.due()).toEqual([{ due: 'notify', id }])
  await again.holder.notify(id)
  expect(issuer.told).toEqual(['credential_accepted n1'])
  expect(await again.holder.due()).toEqual([])
})

test.each(['unreachable', 'refusing'])(
  'an issuer that is %s for ever is told no more at the end',
  async (how) => {
    const issuer = listening({
      refreshes: true,
      around: {
        notification: () => {
          if (how === 'unreachable') throw new TypeError('x')
          return { status: 400, headers: {}, body: '' }
        },
      },
    })
    const { holder, time, store } = world({ issuer })
    await holder.accept(issuer.link)
    for (let tries = 0; tries < 10; tries++) {
      for (const owed of await holder.due()) if (owed.due === 'notify') await holder.notify(owed.id)
      time.advance(4 * 3600)
    }
    expect(await namesIn(store, 'notification')).toEqual([])
    const asked = issuer.asked.filter((endpoint) => endpoint === 'notification').length
    expect(asked).toBe(how === 'unreachable' ? 6 : 1)
  },
)

test('what is deleted when access is over is told to nobody, and nothing is kept for it', async () => {
  const { holder, issuer, store, time } = world({ issuer: listening() })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  time.advance(301)
  await holder.forget(credentialId)
  expect(issuer.told).toEqual(['credential_accepted n1'])
  for (const family of ['grant', 'notification', 'credential', 'key'])
    expect(await namesIn(store, family)).toEqual([])
})

test('nobody who does not want to hear is told anything', async () => {
  const { holder, issuer } = world()
  const { credentialId } = theOne(await holder.accept(issuer.link))
  await holder.forget(credentialId)
  expect(issuer.asked).not.toContain('notification')
})
