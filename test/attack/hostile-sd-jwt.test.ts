/**
 * SD-JWTs of a size that nobody needs: refused early, before any hash or signature is asked for, and in
 * a process whose memory hardly grows. Each runs in a child of its own, so that what other tests leave
 * behind is not counted.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const child = fileURLToPath(new URL('./hostile-sd-jwt.process.ts', import.meta.url))
/** A child is a second where the machine is idle; a busy one may take its time. */
const patient = { timeout: 300_000 }
const most = 64 * 2 ** 20

/** What the child saw: see there. */
interface Seen {
  readonly outcome: string
  readonly asked: readonly string[]
  readonly hashed: number
  readonly grownBytes: number
}

test.each<[string, string, string]>([
  ['a payload nested 10,000 deep', 'deep-payload', 'format: json_too_deep'],
  ['a disclosure nested 10,000 deep', 'deep-disclosure', 'disclosures: disclosure_malformed'],
  ['claims nested 10,000 deep through disclosures', 'deep-recursion', 'disclosures: json_too_deep'],
  ['a payload of 1,000,000 empty arrays', 'wide-arrays', 'format: json_too_large'],
  ['a payload of 1,000,000 empty objects', 'wide-objects', 'format: json_too_large'],
  ['a payload of 190,000 names written with escapes', 'wide-escaped-names', 'format: json_too_large'],
  ['a header of 30,000 empty arrays', 'wide-header', 'format: json_too_large'],
  ['a JSON form of 1,000,000 empty objects', 'wide-json-form', 'sd_jwt_malformed'],
  ['100,000 disclosures', 'many-disclosures', 'format: disclosures_too_many'],
  ['a token of 50 MB', 'large-token', 'format: sd_jwt_too_large'],
  ['50 MB of tildes', 'large-tildes', 'format: sd_jwt_too_large'],
  ['a JSON form nested 10,000 deep', 'deep-json-form', 'sd_jwt_malformed'],
  ['a JSON form of 50 MB', 'large-json-form', 'sd_jwt_too_large'],
  ['a JSON form with 100,000 disclosures', 'many-in-json-form', 'disclosures_too_many'],
])(
  'ATK-38 %s is refused before anything is asked for, and memory hardly grows',
  async (_, attack, outcome) => {
    const seen = await inChild(attack)
    expect(seen.outcome).toBe(outcome)
    expect(seen.grownBytes).toBeLessThan(most)
    // What only an issuer can have signed is opened when its signature held; all else is refused before.
    const signed = outcome.startsWith('disclosures:')
    expect(seen.asked).toEqual(signed ? ['issuer_key', 'verdicts'] : [])
    if (!signed) expect(seen.hashed).toBe(0)
  },
)

test(
  'ATK-38 20,000 disclosures of a stranger are not hashed: the signature of the issuer does not hold',
  patient,
  async () => {
    const seen = await inChild('unsigned-disclosures')
    expect(seen).toMatchObject({ outcome: 'issuer_signature: signature_invalid', hashed: 0 })
    expect(seen.grownBytes).toBeLessThan(most)
  },
)

test(
  'ATK-38 100,000 names written with escapes are read one by one, and memory hardly grows',
  patient,
  async () => {
    const seen = await inChild('escaped-names')
    expect(seen).toMatchObject({ outcome: 'issuer_signature: signature_invalid', hashed: 0 })
    expect(seen.grownBytes).toBeLessThan(most)
  },
)

async function inChild(attack: string): Promise<Seen> {
  const args = ['--expose-gc', '-C', '@facet-id/source', child, attack]
  const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 20 })
  return JSON.parse(stdout)
}
