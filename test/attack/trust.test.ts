/** Whoever tries to be believed without being trusted: by another's chain, another's list, another door. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { checkSignatures, generateKey, hash, signerOf } from '@facet-id/crypto/node'
import { type IssuerSettings, defaultSettings as issuerDefaults } from '@facet-id/issuer'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { WireRequest } from '@facet-id/protocol/wire'
import { vectors } from '@facet-id/testkit'
import {
  type AskQuestion,
  createRuleSource,
  createTrust,
  type IssueQuestion,
  readPartyRules,
  type SourceAnswer,
  type TrustSource,
} from '@facet-id/trust'
import { checksOfTrustList, judgeTrustList, readTrustList, writeTrustList } from '@facet-id/trust/lists'
import {
  beginPath,
  checksOfPath,
  judgePath,
  type PathRules,
  readCertificate,
  readX5c,
} from '@facet-id/trust/x509'
import { expect, test } from 'vitest'
import { ISSUER, type MemoryStage, memoryStage, VERIFIER } from '../flow/memory.ts'
import { PERSON_VCT, personConfiguration, personQuery, specimen } from '../flow/specimen.ts'

interface StoredPath extends Omit<PathRules, 'anchors' | 'revocationLists'> {
  readonly x5c: readonly string[]
  readonly anchors: readonly string[]
}

const chains = new Map(
  vectors(new URL('../../packages/trust/vectors/path/', import.meta.url)).map((vector) => [
    vector.name,
    vector,
  ]),
)

function storedPath(name: string): StoredPath {
  const vector = chains.get(name)
  if (vector === undefined) throw new Error(`there is no vector ${name}`)
  return vector.input as StoredPath
}

test.each([
  'anchor-unknown',
  'root-of-somebody',
  'root-of-same-name',
  'anchor-sent-refused',
  'order-reversed',
  'gap',
  'purpose-other',
  'name-outside',
  'name-excluded',
  'expired-middle',
  'not-authority',
  'path-length',
  'signature',
])('ATK-14 a chain with the fault "%s" proves nothing', (name) => {
  const { x5c, anchors, ...rules } = storedPath(name)
  const path = beginPath(readX5c([...x5c]), {
    ...rules,
    anchors: anchors.map((text) => ({
      id: 'registry',
      certificate: readCertificate(Buffer.from(text, 'base64')),
    })),
  })
  expect(judgePath(path, checkSignatures(checksOfPath(path)), hash).outcome).toBe('refused')
})

/** A source that trusts until it is told otherwise, and remembers what it was asked. */
function watched(): {
  readonly source: TrustSource
  readonly asked: (IssueQuestion | AskQuestion)[]
  says: SourceAnswer['says']
} {
  const asked: (IssueQuestion | AskQuestion)[] = []
  const answer = (question: IssueQuestion | AskQuestion): SourceAnswer => {
    asked.push(question)
    return { says: watching.says, why: 'The watched source says so.' }
  }
  const watching = {
    source: { name: 'watched', mayBlock: true, issue: answer, ask: answer },
    asked,
    says: 'trusted' as SourceAnswer['says'],
  }
  return watching
}

interface Scene extends MemoryStage {
  readonly watching: ReturnType<typeof watched>
  /** The path of the issuer at which nobody answers. */
  readonly out: { path?: string }
  readonly consent: { interrupted: boolean }
}

const lasting = { authorization: { ...issuerDefaults.authorization, refreshLifetime: 86_400 } }

function scene(settings: Partial<IssuerSettings> = {}): Scene {
  const watching = watched()
  const consent = { interrupted: false }
  const out: Scene['out'] = {}
  const stage: MemoryStage = memoryStage({
    issuer: { settings: { ...lasting, ...settings } },
    around: (transport) => ({
      send: (request) =>
        out.path !== undefined && request.url === `${ISSUER}${out.path}`
          ? Promise.resolve({ status: 503, headers: {}, body: '' })
          : transport.send(request),
    }),
    holder: {
      trust: createTrust([watching.source], () => 0),
      consent: {
        toFetch: () => ({ agreed: true }),
        toReceive: () => {
          if (consent.interrupted) throw new Error('The application was closed')
          return { agreed: true, ...stage.person }
        },
        toPresent: () => ({ agreed: true }),
      },
    },
  })
  return { ...stage, watching, consent, out }
}

async function offered(stage: MemoryStage): Promise<string> {
  const { link, txCode } = await stage.issuer.offer({ configurationId: 'person', claims: specimen })
  if (txCode !== undefined) stage.person.txCode = txCode
  return link
}

async function requested(stage: MemoryStage, method: 'get' | 'post'): Promise<string> {
  const { link } = await stage.verifier.request(readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' })))
  const url = new URL(link)
  url.searchParams.set('request_uri_method', method)
  return url.toString()
}

const hearsOfPerson = ({ url, method }: WireRequest): boolean =>
  url.startsWith(`${VERIFIER}/responses/`) || (url.startsWith(ISSUER) && method === 'POST')

const entries: readonly {
  readonly title: string
  readonly code: string
  readonly settings?: Partial<IssuerSettings>
  /** What happens before trust is withdrawn; gives what the peer then does. */
  prepare(of: Scene): Promise<() => Promise<unknown>>
}[] = [
  {
    title: 'ATK-30 by an offer',
    code: 'issuer_not_trusted',
    prepare: async (of) => {
      const link = await offered(of)
      return () => of.holder.accept(link)
    },
  },
  {
    title: 'ATK-30 by an offer that another application hands over',
    code: 'issuer_not_trusted',
    prepare: async (of) => {
      const link = (await offered(of)).replace(
        /^openid-credential-offer:\/\/\/?/,
        'openid-credential-offer://x',
      )
      return () => of.holder.accept(link)
    },
  },
  {
    title: 'ATK-30 by an issuance that was interrupted',
    code: 'issuer_not_trusted',
    prepare: async (of) => {
      of.consent.interrupted = true
      await expect(of.holder.accept(await offered(of))).rejects.toThrow('closed')
      of.consent.interrupted = false
      const [pending] = await of.holder.pending()
      return () => of.holder.resume(pending?.id ?? '')
    },
  },
  ...['/token', '/nonce', '/credential'].map((path) => ({
    title: `ATK-30 by an issuance that was agreed to and interrupted at ${path}`,
    code: 'issuer_not_trusted',
    prepare: async (of: Scene) => {
      of.out.path = path
      await expect(of.holder.accept(await offered(of))).rejects.toMatchObject({ peerStatus: 503 })
      delete of.out.path
      const [pending] = await of.holder.pending()
      return () => of.holder.resume(pending?.id ?? '')
    },
  })),
  {
    title: 'ATK-30 by a deferral',
    code: 'issuer_not_trusted',
    settings: { configurations: { person: { ...personConfiguration, approval: 'required' } } },
    prepare: async (of) => {
      const { waiting } = await of.holder.accept(await offered(of))
      for await (const { issuanceId } of of.issuer.deferred()) await of.issuer.approve(issuanceId)
      of.time.advance(120)
      return () => of.holder.resume(waiting[0]?.id ?? '')
    },
  },
  ...['', '/nonce', '/credential'].map((path) => ({
    title: `ATK-30 by topping up${path === '' ? '' : `, which was interrupted at ${path}`}`,
    code: 'issuer_not_trusted',
    prepare: async (of: Scene) => {
      const { credentials } = await of.holder.accept(await offered(of))
      const credentialId = credentials[0]?.credentialId ?? ''
      if (path !== '') {
        of.out.path = path
        await expect(of.holder.topUp(credentialId)).rejects.toMatchObject({ peerStatus: 503 })
        delete of.out.path
      }
      return () => of.holder.topUp(credentialId)
    },
  })),
  ...(['get', 'post'] as const).map((method) => ({
    title: `ATK-30 by a request that is fetched with ${method}`,
    code: 'verifier_not_trusted',
    prepare: async (of: Scene) => {
      await of.holder.accept(await offered(of))
      const link = await requested(of, method)
      return () => of.holder.present(link)
    },
  })),
]

test.each(entries)('$title nobody comes in who is not trusted', async ({ code, settings, prepare }) => {
  for (const says of ['nothing', 'blocked'] as const) {
    const of = scene(settings)
    const comeIn = await prepare(of)
    const copies = (await of.holder.credentials()).map(({ copiesLeft }) => copiesLeft)
    of.watching.says = says
    of.watching.asked.length = 0
    of.sent.length = 0
    await expect(comeIn()).rejects.toMatchObject({ code })
    expect(of.watching.asked.length).toBeGreaterThan(0)
    expect(of.sent.filter(hearsOfPerson)).toEqual([])
    expect((await of.holder.credentials()).map(({ copiesLeft }) => copiesLeft)).toEqual(copies)
  }
})

test('ATK-30 by a credential of another issuer than was agreed to, nobody comes in', async () => {
  // The credential issuer is trusted by its URL; the DID that signs is not.
  const rules = readPartyRules({
    issuers: [{ party: { id: ISSUER }, vcts: [PERSON_VCT] }],
    blocked: [{ didMethod: 'jwk' }],
  })
  const trust = createTrust([createRuleSource('rules', rules)], () => 0)
  const stage: MemoryStage = memoryStage({
    holder: {
      trust,
      consent: {
        toFetch: () => ({ agreed: true }),
        toReceive: () => ({ agreed: true, ...stage.person }),
        toPresent: () => ({ agreed: true }),
      },
    },
  })
  const link = await offered(stage)
  await expect(stage.holder.accept(link)).rejects.toMatchObject({ code: 'issuer_not_trusted' })
  expect(await stage.holder.credentials()).toEqual([])
})

test('ATK-30 by an answer to a verifier, nobody comes in who is not trusted', async () => {
  const stage = memoryStage({ trusted: ['did:jwk:somebody-else'] })
  await stage.holder.accept(await offered(stage))
  const { link, transactionId } = await stage.verifier.request(
    readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' })),
  )
  expect(await stage.holder.present(link)).toMatchObject({ accepted: false })
  expect(await stage.verifier.result(transactionId)).toMatchObject({
    outcome: 'pending',
    attempts: [{ reasons: [{ queryId: 'person', code: 'trust', reason: 'not_trusted' }] }],
  })
})

const certificate = {
  anchor: 'registry',
  subject: 'C=UTO',
  sanDns: ['bar.example'],
  sanUris: [],
  sha256: 'A'.repeat(43),
}

test('ATK-36 trust in one party is none in another that shows its evidence, or calls itself by its name', () => {
  const rules = readPartyRules({
    issuers: [
      { party: { id: 'did:web:registry.example' }, vcts: [PERSON_VCT] },
      { party: { certificate: 'B'.repeat(43) }, vcts: [PERSON_VCT] },
    ],
    verifiers: [{ party: { anchor: 'registry' }, claims: 'any' }],
  })
  const trust = createTrust([createRuleSource('rules', rules)], () => 0)
  const issuer = 'did:web:registry.example'
  expect(trust.mayIssue({ issuer, vct: PERSON_VCT }).decision).toBe('trusted')
  expect(trust.mayIssue({ issuer, vct: PERSON_VCT, certificate }).decision).toBe('not_trusted')
  expect(trust.mayIssue({ issuer: `${issuer}:beta`, vct: PERSON_VCT }).decision).toBe('not_trusted')
  const mayAsk = (clientId: string): string => trust.mayAsk({ clientId, claims: [], certificate }).decision
  expect(mayAsk('x509_san_dns:bar.example')).toBe('trusted')
  expect(mayAsk('x509_san_dns:other.example')).toBe('not_trusted')
  expect(mayAsk('decentralized_identifier:did:web:bar.example')).toBe('not_trusted')
})

test('ATK-36 who is blocked is so beside evidence of another, as a verifier too, and however a host is spelled', () => {
  const blocked = [
    { id: 'https://evil.example' },
    { id: 'did:jwk:abc' },
    { didDomain: 'evil.example' },
    { didDomain: 'xn--vil-9la.example' },
  ]
  const issuers = [{ anchor: 'registry' }, { didMethod: 'web' }].map((party) => ({
    party,
    vcts: [PERSON_VCT],
  }))
  const verifiers = [{ party: { didMethod: 'jwk' }, claims: 'any' }]
  const rules = readPartyRules({ issuers, verifiers, blocked })
  const trust = createTrust([createRuleSource('rules', rules)], () => 0)
  const mayIssue = (issuer: string, evidence: object = {}): string =>
    trust.mayIssue({ issuer, vct: PERSON_VCT, ...evidence }).decision
  expect(mayIssue('https://good.example', { certificate })).toBe('trusted')
  expect(mayIssue('https://evil.example', { certificate })).toBe('not_trusted')
  expect(mayIssue('did:web:good.example')).toBe('trusted')
  for (const host of ['evil.example', '%65vil.example', 'evil%2eexample', '%C3%A9vil.example'])
    expect([host, mayIssue(`did:web:${host}`)]).toEqual([host, 'not_trusted'])
  const mayAsk = (did: string): string =>
    trust.mayAsk({ clientId: `decentralized_identifier:${did}`, claims: [] }).decision
  expect(mayAsk('did:jwk:abcd')).toBe('trusted')
  expect(mayAsk('did:jwk:abc')).toBe('not_trusted')
})

test('ATK-36 a list of the test environment, signed with the right key, is none for production', () => {
  const now = 1_800_000_000
  const { publicJwk, privateJwk } = generateKey()
  const signer = signerOf(privateJwk)
  const input = writeTrustList(
    {
      list: 'urn:uto:trust',
      environment: 'beta',
      sequence: 1,
      issuedAt: now,
      expiresAt: now + 60,
      rules: readPartyRules({ issuers: [{ party: { didMethod: 'jwk' }, vcts: 'any' }] }),
    },
    signer.alg,
  )
  const text = writeJws(input, signer.sign(utf8(input)))
  const judge = (environment: string): unknown => {
    const received = readTrustList(text, { list: 'urn:uto:trust', environment, keys: [publicJwk] })
    return judgeTrustList(received, checkSignatures(checksOfTrustList(received)), {
      now,
      skewSeconds: 0,
      hash,
    })
  }
  expect(judge('beta')).toMatchObject({ outcome: 'accepted' })
  expect(judge('production')).toMatchObject({ outcome: 'refused', code: 'other_list' })
})
