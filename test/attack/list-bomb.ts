/**
 * A process that reads one status list, which inflates to a GiB, and prints what came of it and by how many
 * bytes its memory had grown at the highest.
 */
import { constants, deflateRawSync } from 'node:zlib'
import { utf8, writeBase64url } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { checkSignatures, generateKey, inflate, signerOf } from '@facet-id/crypto/node'
import { createKeyResolver, createStatusLists } from '@facet-id/resolve'

const MEGABYTES = 1024
const uri = 'https://issuer.example/status-lists/0'
const { publicJwk, privateJwk } = generateKey()
const did = writeDidJwk(publicJwk)

/** Zeros, a megabyte a block, in a stream that was never inflated to be written. */
function bomb(): string {
  const block = deflateRawSync(new Uint8Array(1_048_576), { level: 9, finishFlush: constants.Z_FULL_FLUSH })
  const blocks = Array.from({ length: MEGABYTES }, () => block)
  return writeBase64url(Buffer.concat([Buffer.of(0x78, 0xda), ...blocks]))
}

function list(lst: string): string {
  const header = { alg: 'ES256', typ: 'statuslist+jwt', kid: `${did}#0` }
  const input = writeSigningInput(header, { sub: uri, iat: 1_800_000_000, status_list: { bits: 8, lst } })
  return writeJws(input, signerOf(privateJwk).sign(utf8(input)))
}

async function ask(body: string): Promise<object> {
  const headers = { 'content-type': 'application/statuslist+jwt' }
  const { statusOf } = createStatusLists({
    transport: { send: async () => ({ status: 200, headers, body }) },
    checkSignatures,
    resolveKey: createKeyResolver().resolveKey,
    inflate,
    now: () => 1_800_000_000,
  })
  return statusOf({ issuer: did, reference: { uri, idx: 0 } })
}

const hostile = list(bomb())
// What an honest list costs (the engine's own start, the code) is no growth.
await ask(list(writeBase64url(Uint8Array.of(0x78, 0x9c, 0x63, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01))))
const before = process.resourceUsage().maxRSS
const answer = await ask(hostile)
const grownBytes = (process.resourceUsage().maxRSS - before) * 1024
console.log(JSON.stringify({ answer, grownBytes, tokenBytes: hostile.length }))
