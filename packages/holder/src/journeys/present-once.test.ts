import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { TX_CODE } from '../issuer.test-support.ts'
import { holding, type World, world } from '../wallet.test-support.ts'

const eventsIn = async ({ holder }: World): Promise<readonly string[]> => {
  const events: string[] = []
  for await (const { event } of holder.log()) events.push(event)
  return events
}

const sorted = (codes: readonly string[]): readonly string[] => [...codes].sort()

test('CON-10 a link that is followed many times at once is answered once, and costs one copy', async () => {
  for (const times of [2, 50]) {
    const own = await holding()
    const { holder, verifier } = own
    const link = verifier.request()
    const outcomes = await Promise.all(
      Array.from({ length: times }, () => outcomeOf(() => holder.present(link))),
    )
    expect(outcomes.filter((outcome) => outcome !== 'request_answered')).toEqual(['accepted'])
    expect(verifier.answers).toHaveLength(1)
    expect(verifier.answers[0]).toMatch(/vp_token=/)
    expect(await holder.credentials()).toMatchObject([{ copiesLeft: 3 }])
    expect(await eventsIn(own)).toEqual(['received', 'presenting', 'accepted'])
  }
})

test('CON-10 so is one that is followed after it was answered, also by another process, and nobody is asked again', async () => {
  const own = await holding()
  const link = own.verifier.request()
  await own.holder.present(link)
  const again = world({ store: own.store, verifier: own.verifier, time: own.time })
  expect(await outcomeOf(() => again.holder.present(link))).toBe('request_answered')
  expect(again.person.presentations).toEqual([])
  expect(own.verifier.answers).toHaveLength(1)
  expect(await own.holder.present(own.verifier.request())).toMatchObject({ accepted: true })
})

test('CON-10 where the person says yes to one call and no to the other, one of them is heard', async () => {
  const own = await holding()
  const { holder, verifier, person } = own
  const link = verifier.request()
  const willing = holder.present(link)
  person.agrees = false
  const outcomes = await Promise.all([outcomeOf(() => willing), outcomeOf(() => holder.present(link))])
  expect(sorted(outcomes)).toContain('request_answered')
  expect(verifier.answers).toHaveLength(1)
  expect(await outcomeOf(() => holder.present(link))).toBe('request_answered')
})

test('CON-10 a request that was declined is not answered again', async () => {
  const { holder, verifier, person } = await holding()
  const link = verifier.request()
  person.agrees = false
  expect(await outcomeOf(() => holder.present(link))).toBe('declined_by_person')
  person.agrees = true
  expect(await outcomeOf(() => holder.present(link))).toBe('request_answered')
  expect(verifier.answers).toHaveLength(1)
  expect(await holder.credentials()).toMatchObject([{ copiesLeft: 4 }])
})

test('CON-11 who decides after the end of a request sends nothing, be it yes or no', async () => {
  for (const agreed of [true, false]) {
    const { holder, verifier, time } = await holding({
      ports: {
        consent: {
          toFetch: () => ({ agreed: true }),
          toReceive: () => ({ agreed: true, txCode: TX_CODE }),
          toPresent() {
            time.advance(400)
            return { agreed }
          },
        },
      },
    })
    expect(await outcomeOf(() => holder.present(verifier.request()))).toBe('request_expired')
    expect(verifier.answers).toEqual([])
    expect(await holder.credentials()).toMatchObject([{ copiesLeft: 4 }])
  }
})
