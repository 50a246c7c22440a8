/**
 * Tokens that choose their own rules: which algorithm, which key, which signature. Each is tried at every
 * door where a token of somebody else comes in.
 */
import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto'
import { utf8, writeBase64url } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { generateKey, signerOf } from '@facet-id/crypto/node'
import { expect, test } from 'vitest'
import {
  credentialDoor,
  type Door,
  type Honest,
  keyBindingDoor,
  presentationDoor,
  proofDoor,
  type Rewrite,
  requestDoor,
  signedBy,
} from './doors.ts'

/** n of P-256. */
const P256_ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'

/** What each door says of a token whose form, or whose signature, is refused. */
interface At {
  readonly door: Door
  readonly form: (code: string) => string
  readonly signature: string
}

const doors: Readonly<Record<string, At>> = {
  'the wallet, as a credential': {
    door: credentialDoor,
    form: () => 'credential_refused',
    signature: 'credential_refused',
  },
  'the verifier, as a credential': {
    door: presentationDoor,
    form: (code) => code,
    signature: 'signature_invalid',
  },
  'the verifier, as a key binding': {
    door: keyBindingDoor,
    form: (code) => code,
    signature: 'signature_invalid',
  },
  'the issuer, as a key proof': { door: proofDoor, form: () => 'invalid_proof', signature: 'invalid_proof' },
  'the wallet, as a request': { door: requestDoor, form: (code) => code, signature: 'request_not_authentic' },
}

const everywhere = Object.entries(doors)

test.each(everywhere)(
  'the honest token is taken by %s, however often it is signed again',
  async (_, { door }) => {
    const { outcome, signaturesChecked } = await door(({ sign, header, payload }) => sign(header, payload))
    expect(outcome).toBe('accepted')
    expect(signaturesChecked).toBeGreaterThan(0)
  },
)

const unsigned =
  (alg: unknown, signature: string): Rewrite =>
  ({ header, payload }) =>
    `${writeSigningInput({ ...header, alg } as JsonObject, payload)}.${signature}`

const anySignature = writeBase64url(new Uint8Array(64).fill(7))

for (const [where, { door, form }] of everywhere) {
  test.each([
    ['none', ''],
    ['None', ''],
    ['nOnE', ''],
    ['NONE', ''],
    ['none', anySignature],
    ['', ''],
    ['unknown', ''],
    [null, ''],
    [['ES256'], anySignature],
  ])(
    `ATK-1 a token that says alg %j is refused by ${where} before a signature is looked at`,
    async (alg, signature) => {
      const { outcome, signaturesChecked } = await door(unsigned(alg, signature))
      expect(outcome).toBe(form('jws_alg_not_allowed'))
      expect(signaturesChecked).toBe(0)
    },
  )

  test(`ATK-1 a token whose signature was left out is refused by ${where}`, async () => {
    const { outcome, signaturesChecked } = await door(({ text }) => text.replace(/[^.]+$/, ''))
    expect(outcome).toBe(form('jws_malformed'))
    expect(signaturesChecked).toBe(0)
  })

  test.each(['HS256', 'HS384', 'HS512'])(
    `ATK-2 a token signed %s with a public key for the secret is refused by ${where} before that key is used`,
    async (alg) => {
      for (const secretOf of [pem, der, asJson, rawX]) {
        const forge: Rewrite = (honest) => {
          const input = writeSigningInput({ ...honest.header, alg }, honest.payload)
          return writeJws(input, hmac(alg, secretOf(publicKeyOf(honest)), input))
        }
        const { outcome, signaturesChecked } = await door(forge)
        expect(outcome).toBe(form('jws_alg_not_allowed'))
        expect(signaturesChecked).toBe(0)
      }
    },
  )

  test(`ATK-2 an HMAC that calls itself ES256 is refused by ${where}`, async () => {
    const { outcome } = await door((honest) => {
      const input = writeSigningInput(honest.header, honest.payload)
      return writeJws(input, hmac('HS256', pem(publicKeyOf(honest)), input))
    })
    expect(outcome).toBe(form('jws_malformed'))
  })

  test(`ATK-12 a token that brings a key, certificates or an address of either is refused by ${where}, and nothing is fetched`, async () => {
    const own = generateKey()
    const strange: readonly JsonObject[] = [
      ...(door === proofDoor ? [] : [{ jwk: { ...own.publicJwk } }]),
      { jku: 'https://stranger.example/jwks.json' },
      { x5u: 'https://stranger.example/chain.pem' },
      { x5c: ['MIIB'] },
      { jku: 'http://169.254.169.254/latest', x5u: 'http://127.0.0.1/' },
    ]
    for (const member of strange) {
      const { outcome, signaturesChecked, stage } = await door(({ header, payload }) =>
        signedBy(signerOf(own.privateJwk), { ...header, ...member }, payload),
      )
      expect(outcome).toBe(form('jws_header_forbidden'))
      expect(signaturesChecked).toBeLessThanOrEqual(holdersOwn(door))
      const hosts = new Set(stage.sent.map(({ url }) => new URL(url).host))
      expect([...hosts].sort()).toEqual(
        ['issuer.example', 'platform.example'].filter((host) => hosts.has(host)),
      )
    }
  })

  test.each<[string, Uint8Array]>([
    ['zeros', new Uint8Array(64)],
    ['r = 0', new Uint8Array([...new Uint8Array(32), ...new Uint8Array(32).fill(1)])],
    ['s = 0', new Uint8Array([...new Uint8Array(32).fill(1), ...new Uint8Array(32)])],
    ['r and s of the order of the curve', Buffer.from(P256_ORDER + P256_ORDER, 'hex')],
    ['r above the order', Buffer.from('ff'.repeat(32) + '01'.repeat(32), 'hex')],
    ['r = s = 1', Buffer.from(`${'00'.repeat(31)}01`.repeat(2), 'hex')],
  ])(`ATK-37 a signature of %s is invalid to ${where}`, async (__, signature) => {
    const { outcome } = await door(({ header, payload }) =>
      writeJws(writeSigningInput(header, payload), signature),
    )
    expect(outcome).toBe(doors[where]?.signature)
  })

  test.each<[string, Uint8Array]>([
    ['a byte less', new Uint8Array(63).fill(1)],
    ['a byte more', new Uint8Array(65).fill(1)],
    ['twice the width', new Uint8Array(128).fill(1)],
    ['DER', Buffer.from('3006020101020101', 'hex')],
    ['DER of full width', Buffer.from(`3045022100${'ff'.repeat(32)}0220${'11'.repeat(32)}`, 'hex')],
  ])(`ATK-37 a signature of %s is refused by ${where} before it is looked at`, async (__, signature) => {
    const { outcome, signaturesChecked } = await door(({ header, payload }) =>
      writeJws(writeSigningInput(header, payload), signature),
    )
    expect(outcome).toBe(form('jws_malformed'))
    expect(signaturesChecked).toBe(0)
  })
}

const widths = { ES384: 96, ES512: 132, EdDSA: 64 } as const

test.each(Object.entries(widths) as [keyof typeof widths, number][])(
  'ATK-37 where all sign %s, zeros, the highest number and another width are refused at every door',
  async (alg, width) => {
    const algs = { issuer: alg, holder: alg, verifier: alg }
    for (const [, { door, form, signature }] of everywhere) {
      const outcomes: string[] = []
      for (const bytes of [
        new Uint8Array(width),
        new Uint8Array(width).fill(0xff),
        new Uint8Array(width + 1),
      ]) {
        const forge: Rewrite = ({ header, payload }) => writeJws(writeSigningInput(header, payload), bytes)
        outcomes.push((await door(forge, { algs })).outcome)
      }
      expect(outcomes).toEqual([signature, signature, form('jws_malformed')])
    }
  },
)

/** A `kid` that means something to a file system, a database, a parser of C or an object. */
const injections = [
  '../../etc/passwd',
  "did:jwk:x#0' OR '1'='1",
  'did:jwk:x#0\u0000',
  '__proto__',
  'constructor',
  'did:jwk:__proto__#constructor',
  '',
  ' ',
  'file:///dev/null',
]

/** Whoever runs a verifier is told why an issuer is not proven there, where the holder at least signed for the request. */
function holdersOwn(door: Door): number {
  return door === presentationDoor ? 1 : 0
}

/** Where a kid decides which key is looked up. A key binding has no use for one. */
const keyed: readonly (readonly [string, Door, readonly string[]])[] = [
  ['the wallet, as a credential', credentialDoor, ['credential_refused']],
  ['the verifier, as a credential', presentationDoor, ['did_malformed', 'issuer_key_refused']],
  ['the issuer, as a key proof', proofDoor, ['invalid_proof']],
  ['the wallet, as a request', requestDoor, ['message_malformed']],
]

test.each(keyed)(
  'ATK-13 a kid that means something to some system is a miss at %s',
  async (_, door, codes) => {
    for (const kid of injections) {
      const { outcome, signaturesChecked } = await door(({ header, payload, sign }) =>
        sign({ ...header, kid }, payload),
      )
      expect(codes).toContain(outcome)
      expect(signaturesChecked).toBeLessThanOrEqual(holdersOwn(door))
    }
  },
)

test.each([
  ['the wallet, as a credential', credentialDoor, 'credential_refused'],
  ['the verifier, as a credential', presentationDoor, 'pending'],
  ['the issuer, as a key proof', proofDoor, 'invalid_credential_request'],
  ['the wallet, as a request', requestDoor, 'jws_too_large'],
] as const)('ATK-13 a kid of a megabyte is not even read by %s', async (_, door, code) => {
  const { outcome, signaturesChecked } = await door(({ header, payload, sign }) =>
    sign({ ...header, kid: `did:jwk:${'x'.repeat(1_048_576)}#0` }, payload),
  )
  expect(outcome).toBe(code)
  expect(signaturesChecked).toBe(0)
})

test('ATK-13 a kid in a key binding names nothing: the key of the credential counts, whatever it says', async () => {
  for (const kid of injections) {
    const honest = await keyBindingDoor(({ header, payload, sign }) => sign({ ...header, kid }, payload))
    expect(honest.outcome).toBe('accepted')
    const stranger = signerOf(generateKey().privateJwk)
    const forged = await keyBindingDoor(({ header, payload }) =>
      signedBy(stranger, { ...header, kid }, payload),
    )
    expect(forged.outcome).toBe('signature_invalid')
  }
})

/** The key that whoever checks the token would use: its own, or that of the DID in its kid; else a stranger's. */
function publicKeyOf({ header }: Honest): JsonWebKey {
  const { jwk, kid } = header as { readonly jwk?: JsonWebKey; readonly kid?: string }
  if (jwk !== undefined) return jwk
  const [, encoded = ''] = /^did:jwk:([^#]+)/.exec(kid ?? '') ?? []
  return encoded === ''
    ? { ...generateKey().publicJwk }
    : JSON.parse(Buffer.from(encoded, 'base64url').toString())
}

function pem(key: JsonWebKey): Buffer {
  return Buffer.from(createPublicKey({ key, format: 'jwk' }).export({ format: 'pem', type: 'spki' }))
}

function der(key: JsonWebKey): Buffer {
  return createPublicKey({ key, format: 'jwk' }).export({ format: 'der', type: 'spki' })
}

function asJson(key: JsonWebKey): Buffer {
  return Buffer.from(JSON.stringify(key))
}

function rawX(key: JsonWebKey): Buffer {
  return Buffer.from(key.x ?? '', 'base64url')
}

function hmac(alg: string, secret: Buffer, input: string): Uint8Array {
  return new Uint8Array(createHmac(alg.replace('HS', 'sha'), secret).update(utf8(input)).digest())
}
