/**
 * Run by `hostile-sd-jwt.test.ts` in a process of its own: makes one hostile SD-JWT, reads or judges it,
 * and prints what it came to, what was asked for, how often was hashed, and how many bytes the process
 * grew by while it was read.
 */
import { writeBase64url, writeBase64urlText } from '@facet-id/credential/base64url'
import { CredentialError } from '@facet-id/credential/error'
import type { JsonObject } from '@facet-id/credential/json'
import { readSdJwtJson } from '@facet-id/credential/sd-jwt'
import { beginJudgement, nextQuestion, reportOf, takeAnswer } from '@facet-id/credential/sd-jwt-vc'
import { hash } from '@facet-id/crypto/node'

const key = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } as const
const iss = 'did:web:issuer.example'
const asked: string[] = []
let hashed = 0

const counting: typeof hash = (alg, data) => {
  hashed++
  return hash(alg, data)
}

function jwt(payload: JsonObject | string, more: JsonObject = {}): string {
  const header = { alg: 'ES256', typ: 'dc+sd-jwt', kid: `${iss}#0`, ...more }
  const text = typeof payload === 'string' ? payload : JSON.stringify({ iss, vct: 'x', ...payload })
  const parts = [JSON.stringify(header), text].map(writeBase64urlText)
  return [...parts, writeBase64url(new Uint8Array(64))].join('.')
}

const brackets = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
/** A member `a` of that many values of a kind. */
const wide = (value: string, times: number): string => `{"a":[${`${value},`.repeat(times)}0]}`
/** That many names, each spelled with an escape. */
const escapedNames = (times: number): string =>
  `{"iss":"${iss}","vct":"x"${Array.from({ length: times }, (_, at) => `,"\\u0061${at.toString(36)}":1`).join('')}}`
const digestOf = (encoded: string): string => hash('sha-256', encoded)

/** Each holds the next: the claims are as deep as there are disclosures. */
function recursion(depth: number): string {
  const disclosures: string[] = []
  let inner: JsonObject = {}
  for (let at = 0; at < depth; at++) {
    const encoded = writeBase64urlText(JSON.stringify(['s', 'a', inner]))
    disclosures.push(encoded)
    inner = { _sd: [digestOf(encoded)] }
  }
  return `${jwt(inner)}~${disclosures.join('~')}~`
}

function deepDisclosure(): string {
  const encoded = writeBase64urlText(`["s","a",${brackets(10_000)}]`)
  return `${jwt({ _sd: [digestOf(encoded)] })}~${encoded}~`
}

const jsonForm = (disclosures: string): string =>
  `{"header":{"disclosures":${disclosures}},"payload":"e30","protected":"e30","signature":"c2ln"}`

const attacks: Readonly<Record<string, () => string>> = {
  'deep-payload': () => `${jwt(`{"a":${brackets(10_000)}}`)}~`,
  'deep-disclosure': deepDisclosure,
  'deep-recursion': () => recursion(10_000),
  'wide-arrays': () => `${jwt(wide('[]', 1_000_000))}~`,
  'wide-objects': () => `${jwt(wide('{}', 1_000_000))}~`,
  'wide-escaped-names': () => `${jwt(escapedNames(190_000))}~`,
  'wide-header': () => `${jwt({}, { x5c: Array.from({ length: 30_000 }, () => []) })}~`,
  'wide-json-form': () => jsonForm(`[${'{},'.repeat(1_000_000)}0]`),
  'escaped-names': () => `${jwt(escapedNames(100_000))}~`,
  'many-disclosures': () => `${jwt({})}~${'WyJzIiwiYSIsMV0~'.repeat(100_000)}`,
  'large-token': () => `${jwt({})}~${'A'.repeat(50_000_000)}~`,
  'large-tildes': () => `${jwt({})}${'~'.repeat(50_000_000)}`,
  'unsigned-disclosures': () => `${jwt({})}~${'WyJzIiwiYSIsMV0~'.repeat(20_000)}`,
  'deep-json-form': () => jsonForm(brackets(10_000)),
  'large-json-form': () => jsonForm(`["${'A'.repeat(50_000_000)}"]`),
  'many-in-json-form': () => jsonForm(`[${'"WyJzIiwiYSIsMV0",'.repeat(100_000)}"WyJzIl0"]`),
}

const [name = ''] = process.argv.slice(2)
const attack = attacks[name]
if (attack === undefined) throw new Error('there is no such attack')
// Flat, as it comes from a socket: a text made of parts would be put together while it is read.
const text = Buffer.from(attack(), 'latin1').toString('latin1')
hashed = 0
collect()
const before = process.memoryUsage.rss()
const outcome = name.includes('json-form') ? read(text) : judge(text)
const grownBytes = process.memoryUsage.rss() - before
process.stdout.write(JSON.stringify({ outcome, asked, hashed, grownBytes }))

function read(json: string): string {
  try {
    readSdJwtJson(json)
    return 'accepted'
  } catch (error) {
    if (error instanceof CredentialError) return error.code
    throw error
  }
}

function judge(compact: string): string {
  const expectations = {
    now: 1_800_000_000,
    skewSeconds: 0,
    algs: ['ES256'],
    keyBinding: { binding: 'forbidden' },
    status: 'when_present',
  } as const
  let judgement = beginJudgement(compact, expectations, counting)
  for (let ask = nextQuestion(judgement); ask !== undefined; ask = nextQuestion(judgement)) {
    asked.push(ask.ask)
    if (ask.ask === 'issuer_key')
      judgement = takeAnswer(judgement, { to: 'issuer_key', key, issuer: ask.issuer ?? '' })
    else if (ask.ask === 'verdicts') {
      // The deep ones are those of an issuer; the rest is a stranger's.
      const verdict = name.startsWith('deep') ? 'valid' : 'invalid'
      judgement = takeAnswer(judgement, { to: 'verdicts', verdicts: [verdict] })
    } else throw new Error('a hostile credential came as far as this')
  }
  const wrong = reportOf(judgement).checks.find((check) => check.outcome === 'fail')
  return `${wrong?.code}: ${wrong?.reason}`
}

function collect(): void {
  globalThis.gc?.()
}
