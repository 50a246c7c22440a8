import { readBase64urlText } from '@facet-id/credential/base64url'
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { splitSdJwt } from '@facet-id/credential/sd-jwt'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { overEighteen, readAnswer, STATE } from '../verifier.test-support.ts'
import { world } from '../wallet.test-support.ts'

const DENIED = `error=access_denied&state=${STATE}`

interface PerCopy extends JsonObject {
  readonly cnf: { readonly jwk: { readonly x: string } }
  readonly status: { readonly status_list: { readonly idx: number } }
}

/** What everybody sees who is shown that copy. */
function copyIn(answer: string): PerCopy {
  const presentation = readAnswer(answer).vpToken.person?.[0] ?? ''
  const [, payload = ''] = splitSdJwt(presentation).jwt.split('.')
  return readJsonObject(readBase64urlText(payload)) as PerCopy
}

test('a verifier that was told what another saw of a copy cannot find out whether this wallet showed it', async () => {
  const { holder, verifier, issuer } = world()
  await holder.accept(issuer.link)
  await holder.present(verifier.request({ claims: [overEighteen] }))
  const seen = copyIn(verifier.answers[0] ?? '')
  const guesses = [
    { path: ['cnf', 'jwk', 'x'], values: [seen.cnf.jwk.x] },
    { path: ['status', 'status_list', 'idx'], values: [seen.status.status_list.idx] },
  ]
  for (const guess of guesses) {
    const request = verifier.request({ claims: [overEighteen, guess] })
    expect(await outcomeOf(() => holder.present(request))).toBe('nothing_matches')
  }
  expect(verifier.answers.slice(1)).toEqual([DENIED, DENIED])
  // It is what a wallet says that never held such a copy, and no copy was spent.
  const never = { path: ['cnf', 'jwk', 'x'], values: ['never'] }
  await outcomeOf(() => holder.present(verifier.request({ claims: [overEighteen, never] })))
  expect(verifier.answers[3]).toBe(DENIED)
  expect((await holder.credentials())[0]?.copiesLeft).toBe(3)
})

test('when every copy was shown, asking for what one of them said yields the same refusal', async () => {
  const { holder, verifier, issuer } = world({ settings: { copies: 1 } })
  await holder.accept(issuer.link)
  await holder.present(verifier.request({ claims: [overEighteen] }))
  const { cnf } = copyIn(verifier.answers[0] ?? '')
  for (const x of [cnf.jwk.x, 'never']) {
    const guess = { path: ['cnf', 'jwk', 'x'], values: [x] }
    await outcomeOf(() => holder.present(verifier.request({ claims: [overEighteen, guess] })))
  }
  expect(verifier.answers.slice(1)).toEqual([DENIED, DENIED])
})
