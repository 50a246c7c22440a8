/** The verdicts of Ed25519 on which implementations differ, and ours must not (RFC 8032 §5.1.7). */
import { readBase64url } from '@facet-id/credential/base64url'
import type { SignatureCheck, Verdict } from '@facet-id/credential/jose'
import type { ScenarioTest } from './scenario.ts'

const data = 'header.payload'

export function edwardsContract<S, A>(test: ScenarioTest<S, A>): void {
  test('KEY-28 an Ed25519 verdict is that of the equation without cofactor, of canonical numbers alone', async ({
    suite,
    expect,
  }) => {
    const answers = edwardsCases.map(
      ([, x, signature]): SignatureCheck => ({
        alg: 'EdDSA',
        key: { kty: 'OKP', crv: 'Ed25519', x },
        data,
        signature: readBase64url(signature),
      }),
    )
    const verdicts = await suite.checkSignatures(answers)
    expect(edwardsCases.map(([name], at) => [name, verdicts[at]])).toEqual(
      edwardsCases.map(([name, , , verdict]) => [name, verdict]),
    )
  })
}

const honestKey = 'F_-tgGjcDemTXTZjbzrRtd5t40E7EjiORTsF8qTB09s'
/** The honest one and a point of order 8 added up. */
const mixedKey = 'HdlgspHFNRT-zhNB_A3NimSLOTTCxTNmb3N6ZU_x4b8'
const honestSignature =
  'qm35FPeg8E5_hSrfRZhz8X26WxZx6mLoLMEO1q7MSJz8DbslMWUzmRkNAurowGFNBO6Pqetl2xdkLmSYiiggBg'

/** What it is, the key, the signature of {@link data}, and the one verdict. */
const edwardsCases: readonly (readonly [string, string, string, Verdict])[] = [
  ['an honest one', honestKey, honestSignature, 'valid'],
  [
    'of a key of mixed order, where only the equation with cofactor holds',
    mixedKey,
    '5gUN9SLuLZOrAkmXvuBdAApMbc8vOsuMbMeUme2UIts9Nza9fjFbj6GDJaujWAOGAFXzvfke2teFM1FnQQRfAQ',
    'invalid',
  ],
  [
    'of a key of mixed order, where both hold',
    mixedKey,
    '2xpqqJ5-50KL0DtXu167ZU92N6mUmiscnd34xzvqWq6umMBWsCGUWlbuvWSYmvRV5UIzkdBrmP7M6KCe-C9WDw',
    'valid',
  ],
  [
    'with R of mixed order',
    honestKey,
    'LopFKkgZ6t73QBEc1QvgojZnQuqxgkvYCXzdrFc3QTfzTrd7wzJiAzVNDNiWXmttA1E0G1d65e0WMpOJMATSBw',
    'invalid',
  ],
  [
    'with R the neutral point',
    honestKey,
    'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACtV3ZO44F7MvYgyf4I9rmb2hFhR6Iu7M1ZN-hXtS5dAg',
    'invalid',
  ],
  [
    'with R of order 8',
    honestKey,
    'JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AVKMM7k4tGc9zkOpoWKffFeUZnAsVur6lDabscYzToLDw',
    'invalid',
  ],
  [
    'with R the neutral point, spelled beyond the field',
    honestKey,
    '7v_______________________________________38zimZgL4u97wpAEciSOyLmtMWL1nwi38j_NuJGgt95Ag',
    'invalid',
  ],
  [
    'with S beyond the order',
    honestKey,
    'qm35FPeg8E5_hSrfRZhz8X26WxZx6mLoLMEO1q7MSJzp4bCCS8hF8e-p-YzHukBiBO6Pqetl2xdkLmSYiiggFg',
    'invalid',
  ],
  ['of bytes that are no point', 'AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', honestSignature, 'invalid'],
  [
    'of a key spelled beyond the field',
    '8P_______________________________________38',
    honestSignature,
    'key_unusable',
  ],
  [
    'of a key spelled beyond the field, with a sign',
    '8P________________________________________8',
    honestSignature,
    'key_unusable',
  ],
]
