/**
 * Chains of certificates: reading one, judging a path of two below an anchor, and the same chain met again,
 * beside what its signatures cost by themselves. Medians of CPU time, in rounds that take turns.
 */
import { verify, X509Certificate } from 'node:crypto'
import { checkSignatures, hash } from '@facet-id/crypto/node'
import { createCertificateKeys } from '@facet-id/facet/trust'
import { beginPath, checksOfPath, judgePath, purposes, readCertificate } from '@facet-id/trust/x509'
import { anchorOf, makeParty } from '../attack/authorities.ts'
import { type Contender, costsOf } from './rounds.ts'
import type { Measured } from './run.ts'

const ROUNDS = { rounds: 15, roundMs: 100, warmUpMs: 1000 }

export async function bench(): Promise<readonly Measured[]> {
  const root = await makeParty('C=UTO, O=Root', { kind: 'authority', days: 10 })
  const between = await makeParty('C=UTO, O=Between', { kind: 'authority', days: 10, by: root })
  const issuer = await makeParty('C=UTO, O=Registry Office', { kind: 'issuer', days: 10, by: between })
  const chain = [issuer.der, between.der]
  const anchors = [anchorOf(root)]
  const now = Math.floor(Date.now() / 1000)

  const judge = (): void => {
    const path = beginPath(chain, { anchors, now, purposes: purposes.issuer })
    const { outcome } = judgePath(path, checkSignatures(checksOfPath(path)), hash)
    if (outcome !== 'proven') throw new Error('the path is good')
  }
  const signatures = chain.map((der, at) => {
    const { signed, signature } = readCertificate(der)
    const key = new X509Certificate([between, root][at]?.der ?? root.der).publicKey
    return { signed, signature, key }
  })
  const floor = (): void => {
    for (const { signed, signature, key } of signatures)
      if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature))
        throw new Error('it is valid')
  }
  const keyOf = createCertificateKeys({ anchorsAt: () => anchors, revocationLists: () => [] }, () => now)

  const contenders: readonly Contender[] = [
    { name: 'a certificate read', run: repeated(() => void readCertificate(issuer.der)) },
    { name: 'the same, read by OpenSSL', run: repeated(() => void new X509Certificate(issuer.der).subject) },
    { name: 'a path of two certificates, read, checked and judged', run: repeated(judge) },
    { name: 'its two signatures alone, keys imported', run: repeated(floor) },
    {
      name: 'the same chain again',
      run: async (times) => {
        for (let turn = 0; turn < times; turn++)
          if (!('key' in (await keyOf({ chain })))) throw new Error('the chain is good')
      },
    },
  ]
  const costs = await costsOf(contenders, ROUNDS)
  return [...costs].map(([name, { median, low, high, times }]) => ({
    name,
    unit: 'µs',
    value: median,
    notes: { quartiles: `${low.toFixed(1)}–${high.toFixed(1)}`, times },
  }))
}

function repeated(once: () => void): Contender['run'] {
  return (times) => {
    for (let turn = 0; turn < times; turn++) once()
  }
}
