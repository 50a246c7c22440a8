/**
 * One check at a time is made not to pass, and the whole must say no: through the holder's acceptance of
 * a credential, and through the verifier's result. Signatures are believed here where they are not what
 * is tried, so that each change is met by its own check and by no other.
 */
import { readBase64urlText, writeBase64urlText } from '@facet-id/credential/base64url'
import type { CheckSignatures, Verdict } from '@facet-id/credential/jose'
import { type CheckCode, type CheckOutcome, checkCodes } from '@facet-id/credential/sd-jwt-vc'
import { checkSignatures, hash } from '@facet-id/crypto/node'
import { HolderError, type HolderPorts } from '@facet-id/holder'
import {
  authorizationResponseRequest,
  readAuthorizationResponse,
  readDcqlQuery,
} from '@facet-id/protocol/openid4vp'
import type { Transport } from '@facet-id/protocol/wire'
import type { PresentationResult } from '@facet-id/verifier'
import { expect, test } from 'vitest'
import { ISSUER, type MemoryStage, memoryStage, saidOf, VERIFIER } from '../flow/memory.ts'
import { personQuery, specimen } from '../flow/specimen.ts'

/** What holder and verifier ask alike. */
type World = Partial<
  Pick<HolderPorts, 'checkSignatures' | 'resolveKey' | 'trust' | 'typeMetadataOf' | 'statusOf'>
>

/** What is changed of an SD-JWT on its way; the key binding JWT covers the change, unless it is changed itself. */
interface Tampering {
  readonly header?: object
  readonly payload?: object
  readonly disclosure?: string
  readonly keyBinding?: object
}

interface Attempt {
  readonly outcome: Exclude<CheckOutcome, 'pass' | 'skipped'>
  readonly tamper?: Tampering
  /** What the world says to whoever judges. */
  readonly world?: World
  /** The document about the type is needed. */
  readonly needsType?: boolean
}

/** One verdict is bad, and all others are believed. */
const believing =
  (...bad: readonly number[]): CheckSignatures =>
  (checks) =>
    checks.map((_, place): Verdict => (bad.includes(place) ? 'invalid' : 'valid'))

const stranger = writeBase64urlText(JSON.stringify(['c2FsdHNhbHRzYWx0c2FsdA', 'is_admin', true]))
const no = { refused: 'It is not so.' } as const
const unknown = { undetermined: 'Nobody knows.' } as const
const trusting = (decision: 'not_trusted' | 'undetermined') => ({
  trust: { mayIssue: () => ({ decision, why: 'So it is.' }), mayAsk: () => ({ decision, why: 'So it is.' }) },
})
const rule = ({ vct }: { readonly vct: string }) => ({
  document: JSON.stringify({ vct, claims: [{ path: ['vct'], sd: 'always' }] }),
})

/** For each check at least one way to make it fail, and where it asks the world one to leave it open. */
const matrix: Readonly<Record<CheckCode, readonly [Attempt, ...Attempt[]]>> = {
  format: [{ outcome: 'fail', tamper: { header: { typ: 'vc+sd-jwt' } } }],
  issuer_key: [
    { outcome: 'fail', world: { resolveKey: () => no } },
    { outcome: 'undetermined', world: { resolveKey: () => unknown } },
    { outcome: 'fail', tamper: { payload: { iss: 'https://issuer.example' } } },
  ],
  issuer_signature: [{ outcome: 'fail', world: { checkSignatures: believing(0) } }],
  disclosures: [{ outcome: 'fail', tamper: { disclosure: stranger } }],
  type: [{ outcome: 'fail', tamper: { payload: { vct: '' } } }],
  claims: [{ outcome: 'fail', tamper: { payload: { exp: 'never' } } }],
  validity: [{ outcome: 'fail', tamper: { payload: { exp: 1 } } }],
  holder_signature: [{ outcome: 'fail', world: { checkSignatures: believing(1) } }],
  nonce: [{ outcome: 'fail', tamper: { keyBinding: { nonce: 'other' } } }],
  audience: [{ outcome: 'fail', tamper: { keyBinding: { aud: 'other' } } }],
  key_binding_time: [{ outcome: 'fail', tamper: { keyBinding: { iat: 1 } } }],
  presentation_hash: [{ outcome: 'fail', tamper: { keyBinding: { sd_hash: 'other' } } }],
  trust: [
    { outcome: 'fail', world: trusting('not_trusted') },
    { outcome: 'undetermined', world: trusting('undetermined') },
  ],
  type_metadata: [
    { outcome: 'fail', world: { typeMetadataOf: rule }, needsType: true },
    { outcome: 'fail', world: { typeMetadataOf: () => no }, needsType: true },
    { outcome: 'undetermined', world: { typeMetadataOf: () => unknown }, needsType: true },
    { outcome: 'undetermined', needsType: true },
  ],
  status: [
    { outcome: 'fail', world: { statusOf: () => ({ status: 1 }) } },
    { outcome: 'fail', world: { statusOf: () => no } },
    { outcome: 'undetermined', world: { statusOf: () => unknown } },
  ],
}

/** Where an issuer hands a credential out, nobody has bound it yet; and the person stands in for a list. */
const ofVerifiersOnly: readonly CheckCode[] = [
  'holder_signature',
  'nonce',
  'audience',
  'key_binding_time',
  'presentation_hash',
]

const attempts = checkCodes.flatMap((code) =>
  matrix[code].map((attempt, place) => ({ code, place, ...attempt })),
)

test('ATK-35 the matrix has a row for every check', () => {
  expect(Object.keys(matrix).sort()).toEqual([...checkCodes].sort())
  expect(new Set(attempts.map(({ code }) => code)).size).toBe(checkCodes.length)
})

test('ATK-35 without a change the matrix is verified and accepted', async () => {
  const stage = stageFor({ outcome: 'fail' }, 'verifier')
  expect(await presented(stage)).toMatchObject({ outcome: 'verified' })
})

test.each(attempts)(
  'ATK-35 $code alone is made to $outcome ($place): the verifier refuses, and learns nothing',
  async (attempt) => {
    const result = await presented(stageFor(attempt, 'verifier'))
    expect(result.outcome).toBe('refused')
    const reports = 'reports' in result ? Object.values(result.reports) : []
    expect(reports.map(({ verified }) => verified)).toEqual([false])
    const checks = reports.flatMap((report) => report.checks)
    expect(checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'undetermined')).toEqual([
      expect.objectContaining({ code: attempt.code, outcome: attempt.outcome }),
    ])
    expect(JSON.stringify(result)).not.toMatch(/"shown"|UTO/)
  },
)

test.each(
  attempts.filter(
    ({ code, world = {} }) => !ofVerifiersOnly.includes(code) && !isLeftToThePerson(code, world),
  ),
)('ATK-35 $code alone is made to $outcome ($place): the holder takes nothing', async (attempt) => {
  const stage = stageFor(attempt, 'holder')
  const refusal = await refusalOf(stage)
  const refused = attempt.code === 'trust' ? 'issuer_not_trusted' : 'credential_refused'
  expect(refusal).toBe(attempt.outcome === 'fail' ? refused : 'credential_undetermined')
  expect(await stage.holder.credentials()).toEqual([])
})

/** A wallet without a list asks the person, who agreed before anything came. */
function isLeftToThePerson(code: CheckCode, world: World): boolean {
  return code === 'trust' && world.trust?.mayIssue({ issuer: '', vct: '' }).decision === 'undetermined'
}

function stageFor(
  { tamper, world = {}, needsType = false }: Attempt,
  at: 'holder' | 'verifier',
): MemoryStage {
  const settings = needsType ? ({ typeMetadata: 'required' } as const) : {}
  const ports = { checkSignatures: tamper === undefined ? checkSignatures : believing(), ...world }
  const changing = tamper ?? {}
  return at === 'verifier'
    ? memoryStage({
        verifier: ports,
        verifierSettings: settings,
        around: answering((text) => tampered(text, changing)),
      })
    : memoryStage({
        holder: ports,
        holderSettings: settings,
        around: issuing((text) => tampered(text, changing)),
      })
}

async function accepted(stage: MemoryStage): Promise<void> {
  const { txCode, link } = await stage.issuer.offer({ configurationId: 'person', claims: specimen })
  if (txCode !== undefined) stage.person.txCode = txCode
  await stage.holder.accept(link)
}

async function presented(stage: MemoryStage): Promise<PresentationResult> {
  await accepted(stage)
  const query = readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' }))
  const { link, transactionId } = await stage.verifier.request(query)
  await stage.holder.present(link)
  return saidOf(stage, transactionId)
}

async function refusalOf(stage: MemoryStage): Promise<string> {
  try {
    await accepted(stage)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof HolderError)) throw error
    return error.code
  }
}

/** Changes the presentation on its way to the verifier. */
function answering(change: (text: string) => string): (transport: Transport) => Transport {
  return (transport) => ({
    async send(request) {
      if (!request.url.startsWith(`${VERIFIER}/responses/`)) return transport.send(request)
      const answer = readAuthorizationResponse(request)
      if (!('vp_token' in answer)) return transport.send(request)
      const tokens = Object.entries(answer.vp_token).map(([id, all]) => [id, all.map(change)])
      return transport.send(
        authorizationResponseRequest(request.url, { ...answer, vp_token: Object.fromEntries(tokens) }),
      )
    },
  })
}

/** Changes each credential on its way to the holder. */
function issuing(change: (text: string) => string): (transport: Transport) => Transport {
  return (transport) => ({
    async send(request) {
      const response = await transport.send(request)
      if (request.url !== `${ISSUER}/credential`) return response
      const body = JSON.parse(response.body)
      const credentials = body.credentials.map(({ credential }: { credential: string }) => ({
        credential: change(credential),
      }))
      return { ...response, body: JSON.stringify({ ...body, credentials }) }
    },
  })
}

function tampered(text: string, { header, payload, disclosure, keyBinding }: Tampering): string {
  const [jwt = '', ...rest] = text.split('~')
  const kb = rest.pop() ?? ''
  const disclosures = disclosure === undefined ? rest : [...rest, disclosure]
  const sdJwt = `${[changed(jwt, header, payload), ...disclosures].join('~')}~`
  if (kb === '') return sdJwt
  return sdJwt + changed(kb, {}, { sd_hash: hash('sha-256', sdJwt), ...keyBinding })
}

function changed(jwt: string, header: object = {}, payload: object = {}): string {
  const [first = '', second = '', signature] = jwt.split('.')
  const write = (part: string, changes: object): string =>
    Object.keys(changes).length === 0
      ? part
      : writeBase64urlText(JSON.stringify({ ...JSON.parse(readBase64urlText(part)), ...changes }))
  return [write(first, header), write(second, payload), signature].join('.')
}
