import { readBase64urlText } from '@facet-id/credential/base64url'
import { writeTransactionData } from '@facet-id/protocol/openid4vp/transaction-data'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { nationalityUto, overEighteen, personQuery, readAnswer } from '../verifier.test-support.ts'
import { holding, type World } from '../wallet.test-support.ts'

const type = { type: 'urn:uto:payment', members: { amount: { kind: 'text' as const } } }
const paying = { settings: { transactionTypes: [type] } }
const payment = (...credential_ids: string[]): string =>
  writeTransactionData({ type: type.type, credential_ids }, { amount: '12.50 UTD' })

const credentials = [
  personQuery([overEighteen], { id: 'a' }),
  personQuery([nationalityUto], { id: 'b' }),
  personQuery([overEighteen], { id: 'c' }),
  personQuery([{ path: ['tax_number'] }], { id: 'x' }),
]

function asking({ verifier }: World, credential_sets: readonly object[], ...transactions: string[]): string {
  return verifier.request({
    query: { credentials, credential_sets },
    payload: { transaction_data: transactions },
  })
}

const shownTo = ({ verifier }: World): readonly string[] =>
  Object.keys(readAnswer(verifier.answers[0] ?? '').vpToken)

test('CON-12 by default the option is shown that authorizes what is to be authorized', async () => {
  const own = await holding(paying)
  const link = asking(own, [{ options: [['a'], ['b']] }], payment('b'))
  expect(await own.holder.present(link)).toMatchObject({ accepted: true })
  expect(shownTo(own)).toEqual(['b'])
  expect(own.person.presentations[0]?.ask.warnings.map(({ code }) => code)).not.toContain(
    'transaction_not_authorized',
  )
  const [shown = ''] = readAnswer(own.verifier.answers[0] ?? '').vpToken.b ?? []
  const [, payload = ''] = shown.slice(shown.lastIndexOf('~') + 1).split('.')
  const claims = JSON.parse(readBase64urlText(payload))
  expect(claims.transaction_data_hashes).toHaveLength(1)
})

test('CON-12 so are those of several sets together, whichever comes first', async () => {
  const own = await holding(paying)
  const sets = [{ options: [['b'], ['a']] }, { options: [['b'], ['c']] }]
  expect(await own.holder.present(asking(own, sets, payment('a'), payment('b')))).toMatchObject({
    accepted: true,
  })
  expect(shownTo(own)).toEqual(['a', 'b'])
})

test('CON-12 where only what is optional authorizes, the person is warned, and authorizes by a choice', async () => {
  const own = await holding(paying)
  const { holder, verifier, person } = own
  const sets = [{ options: [['a']], required: false }, { options: [['b']] }]
  const link = asking(own, sets, payment('a'))
  expect(await outcomeOf(() => holder.present(link))).toBe('choice_invalid')
  const [{ ask } = {}] = person.presentations
  expect(ask?.items.map(({ queryId }) => queryId)).toEqual(['b'])
  expect(ask?.warnings.map(({ code }) => code)).toContain('transaction_not_authorized')
  expect(verifier.answers).toEqual([])
  expect(await holder.credentials()).toMatchObject([{ copiesLeft: 4 }])
  person.choice = () => ({ sets: { 0: 0 } })
  expect(await holder.present(link)).toMatchObject({ accepted: true })
  expect(shownTo(own)).toEqual(['a', 'b'])
})

test('CON-12 where nothing that is held authorizes, nothing matches', async () => {
  const own = await holding(paying)
  const sets = [{ options: [['a'], ['x']] }]
  expect(await outcomeOf(() => own.holder.present(asking(own, sets, payment('x'))))).toBe('nothing_matches')
})
