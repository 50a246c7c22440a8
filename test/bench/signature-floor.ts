/** What signatures, checks, key imports and agreements cost by themselves: the share of the time that no protocol can save. */
import { createECDH } from 'node:crypto'
import { checkSignatures, generateKey, signerOf } from '@facet-id/crypto/node'

export interface Cryptography {
  readonly signatures: number
  /** All of them, those under new keys too. */
  readonly checks: number
  /** Keys that are met for the first time. */
  readonly newKeys: number
  /** Messages that are opened, each with a key of its own; none when absent. */
  readonly agreements?: number
}

const ROUNDS = 500

/** Seconds of CPU. */
export async function signatureFloor({
  signatures,
  checks,
  newKeys,
  agreements = 0,
}: Cryptography): Promise<number> {
  const data = new TextEncoder().encode('x'.repeat(1200))
  const text = 'x'.repeat(1200)
  const fixed = generateKey()
  const signer = signerOf(fixed.privateJwk)
  const signature = signer.sign(data)
  const known = { alg: 'ES256', key: fixed.publicJwk, data: text, signature } as const
  const fresh = Array.from({ length: ROUNDS * newKeys }, () => generateKey().publicJwk)
  const [ours, theirs] = [createECDH('prime256v1'), createECDH('prime256v1')]
  const [, sent] = [ours.generateKeys(), theirs.generateKeys()]
  const secret = ours.getPrivateKey()
  const before = process.cpuUsage()
  for (let round = 0; round < ROUNDS; round++) {
    for (let signed = 0; signed < signatures; signed++) signer.sign(data)
    for (let checked = 0; checked < checks - newKeys; checked++) checkSignatures([known])
    for (let key = 0; key < newKeys; key++) {
      checkSignatures([{ ...known, key: fresh[round * newKeys + key] ?? fixed.publicJwk }])
    }
    for (let agreed = 0; agreed < agreements; agreed++) {
      const once = createECDH('prime256v1')
      once.setPrivateKey(secret)
      once.computeSecret(sent)
    }
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6 / ROUNDS
}
