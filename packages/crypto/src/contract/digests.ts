import { writeBase64url } from '@facet-id/credential/base64url'
import { outcomeOf, type ScenarioTest } from './scenario.ts'

/** Digests of "abc" (FIPS 180-4's example) and of "é" in UTF-8. */
const digests = [
  {
    alg: 'sha-256',
    abc: 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0',
    beyond: 'SplVfkAzw1Od4utlRyAXytX5VX96BiWgnxw_biumnEw',
  },
  {
    alg: 'sha-384',
    abc: 'ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP_W-2AhgcroefMI1i67KE0yCWn',
    beyond: 'QaLds03KC0APqbc6NoMHrL7XWOhc5QUn0WVaJjoQ4g7voY-BFnZ6Eoh3qXwRFgom',
  },
  {
    alg: 'sha-512',
    abc: '3a81oZNherrMQXNJriBBMRLm-k6JqX6iCp7u5ktV05ohkpkqJ0_BqDa6PCOj_uu9RU1EI2Q86A4qmslPpUyknw',
    beyond: 'nirShjPyRFG9TzwcsgWGohpEw67tvcAbnMj6cpF-p71onIK4vx_vibkRz4zEb6LBzMEAh7IJT9TTNQ7NiFJqLA',
  },
] as const

/** Digests, keyed digests, derived keys and randomness: all of them at once, in every implementation. */
export function digestsContract<S, A>(test: ScenarioTest<S, A>): void {
  test('KEY-25 hashes as FIPS 180-4 does, texts as their UTF-8, at once', async ({ suite, expect }) => {
    for (const { alg, abc, beyond } of digests) {
      expect(suite.hash(alg, 'abc')).toBe(abc)
      expect(suite.hash(alg, Uint8Array.of(0x61, 0x62, 0x63))).toBe(abc)
      expect(suite.hash(alg, 'é')).toBe(beyond)
    }
  })

  test('KEY-15 makes MACs as RFC 4231 does, and takes no key of less than 32 bytes', async ({
    suite,
    expect,
  }) => {
    // RFC 4231 §4.7 (test case 6): a key of 131 bytes.
    const mac = suite.macOf(new Uint8Array(131).fill(0xaa))
    expect(mac('Test Using Larger Than Block-Size Key - Hash Key First')).toBe(
      'YOQxWR7gtn8Niiaqy_W3f44LxiE3KMUUBUYEDw7jf1Q',
    )
    expect(await outcomeOf(() => suite.macOf(new Uint8Array(31)))).toBe('key_unusable')
    const key = new Uint8Array(32).fill(1)
    const kept = suite.macOf(key)
    const before = kept('text')
    key.fill(0)
    expect(kept('text')).toBe(before)
  })

  test('KEY-12 derives the same key for a purpose as every other implementation', async ({
    suite,
    expect,
  }) => {
    const master = new Uint8Array(32).fill(7)
    expect(writeBase64url(suite.deriveKey(master, 'issuer/store'))).toBe(
      'aHyOorcAbe8Vk3DuTS1jxK_ou5R_oMVTuJQSJJnOO0g',
    )
    const names = ['store', 'mac', ''].map((purpose) => writeBase64url(suite.deriveKey(master, purpose)))
    expect(new Set(names).size).toBe(3)
    expect(await outcomeOf(() => suite.deriveKey(new Uint8Array(31), 'store'))).toBe('key_unusable')
  })

  test('KEY-16 tells equal texts from others', async ({ suite, expect }) => {
    expect(suite.sameText('secret', 'secret')).toBe(true)
    expect(suite.sameText('', '')).toBe(true)
    for (const other of ['secre', 'secrets', 'Secret', 'secreŧ', '']) {
      expect(suite.sameText('secret', other)).toBe(false)
    }
  })

  test('KEY-26 draws as many bytes as are asked for, and others each time', async ({ suite, expect }) => {
    for (const length of [0, 1, 32, 200_000]) expect(suite.random(length).length).toBe(length)
    const drawn = Array.from({ length: 100 }, () => writeBase64url(suite.random(16)))
    expect(new Set(drawn).size).toBe(100)
    // Every byte takes many values: what was left at zero would show.
    const seen = new Set(suite.random(100_000).subarray(70_000))
    expect(seen.size).toBe(256)
  })
}
