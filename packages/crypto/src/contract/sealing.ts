import { readBase64url, utf8, writeBase64url } from '@facet-id/credential/base64url'
import { joined, outcomeOf, type ScenarioTest, turned } from './scenario.ts'

const plain = utf8('what rests')
const place = 'record\0issuer/offer\0one'

/** What rests: authenticated encryption, in one form for every implementation. */
export function sealingContract<S, A>(test: ScenarioTest<S, A>): void {
  test('KEY-10 opens what it sealed, also nothing and much', async ({ suite, expect }) => {
    const { seal, open } = suite.sealerOf(suite.random(32))
    for (const bytes of [plain, new Uint8Array(0), suite.random(100_000)]) {
      expect(await open(await seal(bytes, place), place)).toEqual(bytes)
    }
  })

  test('KEY-10 refuses a seal that was changed in any bit, cut, continued, moved, or made by another key', async ({
    suite,
    expect,
  }) => {
    const { seal, open } = suite.sealerOf(suite.random(32))
    const sealed = await seal(plain, place)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const expected = bit < 8 ? 'seal_format_unknown' : 'seal_broken'
      expect(await outcomeOf(() => open(turned(sealed, bit), place))).toBe(expected)
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(await outcomeOf(() => open(sealed.subarray(0, length), place))).toBe('seal_broken')
    }
    expect(await outcomeOf(() => open(joined(sealed, Uint8Array.of(0)), place))).toBe('seal_broken')
    expect(await outcomeOf(() => open(sealed, `${place} `))).toBe('seal_broken')
    expect(await outcomeOf(() => open(sealed, ''))).toBe('seal_broken')
    const other = suite.sealerOf(suite.random(32))
    expect(await outcomeOf(() => other.open(sealed, place))).toBe('seal_broken')
  })

  test('KEY-11 seals the same text differently each time, and says its format', async ({ suite, expect }) => {
    const { seal } = suite.sealerOf(suite.random(32))
    const nonces = new Set<string>()
    for (const _ of Array.from({ length: 200 })) {
      const sealed = await seal(plain, place)
      nonces.add(writeBase64url(sealed.subarray(1, 13)))
      expect([sealed[0], sealed.length]).toEqual([1, plain.length + 29])
    }
    expect(nonces.size).toBe(200)
  })

  test('KEY-11 opens what another implementation sealed, in the first release', async ({ suite, expect }) => {
    const sealed = readBase64url('AfL3Mh8-dKZgwyOPQpMbsmTfFQ7rYOuE46XzJe0bnLLu')
    const { open } = suite.sealerOf(new Uint8Array(32).fill(7))
    expect(await open(sealed, 'record\0a\0b')).toEqual(utf8('kept'))
  })

  test('KEY-10 refuses a key of any other length, and keeps a copy of a good one', async ({
    suite,
    expect,
  }) => {
    for (const length of [0, 16, 31, 33]) {
      expect(await outcomeOf(() => suite.sealerOf(new Uint8Array(length)))).toBe('key_unusable')
    }
    const mine = suite.random(32)
    const { seal, open } = suite.sealerOf(mine)
    mine.fill(0)
    expect(await open(await seal(plain, place), place)).toEqual(plain)
    const zeros = suite.sealerOf(mine)
    const sealed = await seal(plain, place)
    expect(await outcomeOf(() => zeros.open(sealed, place))).toBe('seal_broken')
  })
}
