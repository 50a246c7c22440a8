import { createHash } from 'node:crypto'
import { readBase64url, writeBase64url } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { writeJws } from '@facet-id/credential/jose'
import { openStoredSdJwt, writeSdJwt } from '@facet-id/credential/sd-jwt'
import {
  beginJudgement,
  nextQuestion,
  reportOf,
  takeAnswer,
  writeCredentialToSign,
} from '@facet-id/credential/sd-jwt-vc'
import { checkSignatures, generateKey, hash, random, signerOf } from '@facet-id/crypto/node'
import { SDJwtInstance } from '@sd-jwt/core'
import { expect, test } from 'vitest'
import { specimen } from './specimen.ts'

const { publicJwk, privateJwk } = generateKey()
const did = writeDidJwk(publicJwk)
const kid = `${did}#0`
const signer = signerOf(privateJwk, kid)
const vct = 'urn:facet:test:person'

const theirs = new SDJwtInstance({
  hashAlg: 'sha-256',
  hasher: (data) =>
    new Uint8Array(
      createHash('sha256')
        .update(typeof data === 'string' ? data : new Uint8Array(data))
        .digest(),
    ),
  saltGenerator: (length) => writeBase64url(random(length)),
  signAlg: 'ES256',
  signer: async (data) => writeBase64url(await signer.sign(new TextEncoder().encode(data))),
  verifier: async (data, signature) => {
    const check = { alg: 'ES256', key: publicJwk, data, signature: readBase64url(signature) } as const
    return (await checkSignatures([check]))[0] === 'valid'
  },
})

const frame = {
  _sd: [
    'given_name',
    'family_name',
    'birthdate',
    'nationalities',
    'address',
    'document_number',
    'age_equal_or_over',
  ],
  nationalities: { _sd: [0, 1] },
  address: { _sd: ['street_address', 'locality', 'country'] },
  age_equal_or_over: { _sd: ['18', '21'] },
}

test('FCT-13 what our engine issues, the other one reads as the same claims', async () => {
  const unsigned = {
    claims: { iss: did, vct, ...specimen },
    frame,
    issuerKey: { by: 'did', kid },
    alg: 'ES256',
  } as const
  const { signingInput, disclosures } = writeCredentialToSign(unsigned, { hash, random })
  const jwt = writeJws(signingInput, await signer.sign(new TextEncoder().encode(signingInput)))
  const { payload } = await theirs.verify(writeSdJwt(jwt, disclosures))
  expect(payload).toMatchObject(specimen)
})

test('FCT-13 what the other engine issues, ours judges and reads as the same claims', async () => {
  const { nationalities: _, ...rest } = frame
  // Its frames name array elements by text.
  const theirFrame = { ...rest, nationalities: { _sd: ['0', '1'] } }
  const compact = await theirs.issue({ iss: did, vct, ...specimen }, theirFrame as never, {
    header: { typ: 'dc+sd-jwt', kid },
  })
  expect(openStoredSdJwt(compact, hash).opened.claims).toMatchObject(specimen)
  const report = await judged(compact)
  expect(report.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([])
  expect(report.credential?.claims).toMatchObject(specimen)
})

async function judged(compact: string) {
  let judgement = beginJudgement(
    compact,
    {
      now: 1_800_000_000,
      skewSeconds: 0,
      algs: ['ES256'],
      keyBinding: { binding: 'forbidden' },
      status: 'when_present',
    },
    hash,
  )
  for (let question = nextQuestion(judgement); question !== undefined; question = nextQuestion(judgement)) {
    switch (question.ask) {
      case 'issuer_key':
        judgement = takeAnswer(judgement, { to: 'issuer_key', key: publicJwk, issuer: did })
        break
      case 'verdicts':
        judgement = takeAnswer(judgement, {
          to: 'verdicts',
          verdicts: await checkSignatures(question.checks),
        })
        break
      case 'trust':
        judgement = takeAnswer(judgement, { to: 'trust', decision: 'trusted', why: 'This test believes it.' })
        break
      case 'status':
        throw new Error('there is no status in this credential')
    }
  }
  return reportOf(judgement)
}
