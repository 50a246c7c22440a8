import { writeBase64url } from '@facet-id/credential/base64url'
import { outcomeOf, type ScenarioTest } from './scenario.ts'

/** The least that is taken: the contract is about sameness, not about hardness. */
const cost = { N: 2 ** 14, r: 8, p: 1 } as const
const salt = new Uint8Array(16).fill(5)

/** Keys made of passphrases. */
export function passphrasesContract<S, A>(test: ScenarioTest<S, A>): void {
  test('KEY-13 makes the same key of a passphrase as every other implementation, in either spelling', async ({
    suite,
    expect,
  }) => {
    const expected = 'kcV27mqCbRBX4VLbEmaiojhlrTSfNZPN90bpMGiRkxU'
    expect(writeBase64url(await suite.passphraseKey('pass\u00e9', { salt, ...cost }))).toBe(expected)
    expect(writeBase64url(await suite.passphraseKey('passe\u0301', { salt, ...cost }))).toBe(expected)
    expect(await outcomeOf(() => suite.passphraseKey('', { salt, ...cost }))).toBe('passphrase_empty')
  })

  test('KEY-14 refuses a cost that protects nothing, or would take all memory or days', async ({
    suite,
    expect,
  }) => {
    const refused = [
      { salt: salt.subarray(1), ...cost },
      { salt, ...cost, N: 2 ** 13 },
      { salt, ...cost, N: 2 ** 14 + 1 },
      { salt, ...cost, N: 2 ** 30 },
      { salt, ...cost, r: 2 ** 10 },
      { salt, ...cost, r: 0 },
      { salt, ...cost, p: 5 },
      { salt, ...cost, p: Number.NaN },
    ]
    for (const params of refused) {
      expect(await outcomeOf(() => suite.passphraseKey('pass', params))).toBe('passphrase_cost_refused')
    }
  })
}
