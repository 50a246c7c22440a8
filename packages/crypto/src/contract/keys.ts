import { readBase64url, utf8 } from '@facet-id/credential/base64url'
import { algorithmOf, algorithmRules, type JwsAlgorithm, jwsAlgorithms } from '@facet-id/credential/jose'
import { outcomeOf, type ScenarioTest } from './scenario.ts'

/** Key pairs of every algorithm, and signers of their private halves. */
export function keysContract<S, A>(test: ScenarioTest<S, A>): void {
  test('KEY-5 the numbers of a generated key have the width of its curve, always', async ({
    suite,
    expect,
  }) => {
    for (const alg of jwsAlgorithms) {
      const { coordinateBytes, kty, crv } = algorithmRules[alg]
      // One key in 256 has a zero in front of x, and one of y.
      for (const _ of Array.from({ length: alg === 'ES256' ? 200 : 4 })) {
        const { publicJwk } = await suite.generateKey(alg)
        expect([publicJwk.kty, publicJwk.crv, algorithmOf(publicJwk)]).toEqual([kty, crv, alg])
        expect(readBase64url(publicJwk.x).length).toBe(coordinateBytes)
        if (publicJwk.kty === 'EC') expect(readBase64url(publicJwk.y).length).toBe(coordinateBytes)
      }
    }
  })

  test('KEY-5 a generated key tells nothing of its private half in its public one', async ({
    suite,
    expect,
  }) => {
    const members: Readonly<Record<JwsAlgorithm, readonly string[]>> = {
      ES256: ['crv', 'kty', 'x', 'y'],
      ES384: ['crv', 'kty', 'x', 'y'],
      ES512: ['crv', 'kty', 'x', 'y'],
      EdDSA: ['crv', 'kty', 'x'],
    }
    for (const alg of jwsAlgorithms) {
      expect(Object.keys((await suite.generateKey(alg)).publicJwk).sort()).toEqual(members[alg])
    }
    const { publicJwk } = await suite.generateEncryptionKey()
    expect(Object.keys(publicJwk).sort()).toEqual(['alg', 'crv', 'kty', 'use', 'x', 'y'])
  })

  test('KEY-1 a signer signs what its public half verifies, and names its key where told', async ({
    suite,
    expect,
  }) => {
    for (const alg of jwsAlgorithms) {
      const { publicJwk, privateKey } = await suite.generateKey(alg)
      const signer = suite.signerOf(privateKey, 'one')
      expect([signer.alg, signer.kid]).toEqual([alg, 'one'])
      expect('kid' in suite.signerOf(privateKey)).toBe(false)
      const signature = await signer.sign(utf8('text'))
      expect(signature.length).toBe(algorithmRules[alg].signatureBytes)
      expect(await suite.checkSignatures([{ alg, key: publicJwk, data: 'text', signature }])).toEqual([
        'valid',
      ])
    }
  })

  test('KEY-7 what is no private key that signs makes no signer', async ({ suite, expect }) => {
    // An agreement key signs nothing, whatever the types of a caller say.
    const { privateKey } = await suite.generateEncryptionKey()
    const strayed: unknown = privateKey
    expect(await outcomeOf(() => suite.signerOf(strayed as S))).toBe('key_unusable')
    const other: unknown = (await suite.generateKey('ES384')).privateKey
    expect(await outcomeOf(() => suite.openerOf(other as A))).toBe('key_unusable')
  })
}
