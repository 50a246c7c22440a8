import { deflateSync, inflateSync } from 'node:zlib'
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { createStatusBits, type StatusBits, setStatus, statusAt } from '@facet-id/credential/status-list'
import { checkSignatures, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readStatusListToken, writeStatusListInput } from './status-list-token.ts'

const uri = 'https://issuer.example/status-lists/1'
const owner = keyPair()
const signer = signerOf(owner.privateJwk)

/** One in a hundred is not valid, as in a herd that was revoked here and there. */
function statusOf(index: number, bits: StatusBits): number {
  return (index * 2_654_435_761) % 100 === 0 ? 1 + (index % (2 ** bits - 1)) : 0
}

const sizes = [1_000_000, 10_000_000].flatMap((entries) =>
  ([1, 2, 4, 8] as const).map((bits) => [entries, bits] as const),
)

test.each(sizes)(
  'TSL-SIZE, TSL-4.1-2, TSL-4.1-3 a list of %d entries of %d bits says of each what was set',
  (entries, bits) => {
    const written = createStatusBits(entries, bits)
    for (let index = 0; index < entries; index++) {
      const status = statusOf(index, bits)
      if (status !== 0) setStatus(written, bits, index, status)
    }
    const claims = { uri, iat: 1_800_000_000, exp: 1_800_086_400, ttl: 300, bits, lst: deflateSync(written) }
    const input = writeStatusListInput(claims, 'did:jwk:x#0', 'ES256')
    const token = readStatusListToken(writeJws(input, signer.sign(utf8(input))), { uri })
    expect(checkSignatures([token.check(owner.publicJwk)])).toEqual(['valid'])
    const read = inflateSync(token.lst, { maxOutputLength: token.maxBytes })
    let wrong = 0
    for (let index = 0; index < entries; index++) {
      if (statusAt(read, token.bits, index) !== statusOf(index, bits)) wrong++
    }
    expect(wrong).toBe(0)
    const beyond = (read.length * 8) / bits
    expect(outcomeOf(() => statusAt(read, token.bits, beyond))).toBe('status_index_out_of_range')
  },
)
