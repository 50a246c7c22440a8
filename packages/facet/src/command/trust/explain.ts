/** `facet trust explain`: what a trust configuration decides of somebody, and why. */
import { checkSignatures, hash } from '@facet-id/crypto/node'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { Evidence, Explanation } from '@facet-id/trust'
import { beginPath, checksOfPath, judgePath, purposes, readPem } from '@facet-id/trust/x509'
import { systemClock } from '../../clock.ts'
import { readText } from '../../config/sealed-key.ts'
import { FacetError } from '../../error.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import type { ConfiguredTrust } from '../../trust/trust-configuration.ts'
import { withTrustNow } from '../../trust/trust-now.ts'
import { type Arguments, readArguments } from '../arguments.ts'
import { readObjectFile } from '../operating.ts'
import { syntax } from '../syntax.ts'
import { sentenceOf } from './show.ts'

/** Exit code 0 only when the party is trusted. */
export async function explain(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['trust explain'])
  return withTrustNow(args.word(), args.switches.has('development'), async (configured) => {
    const { evidence, told } = await evidenceOf(args, configured)
    const explanation = await explanationOf(args, configured, evidence)
    const at = systemClock.now()
    const states = configured.statesAt(at)
    const output = createOutput(terminal)
    if (args.switches.has('json')) output.line(JSON.stringify({ ...explanation, ...told, sources: states }))
    else {
      tell(explanation, told, terminal)
      for (const state of states) output.detail(sentenceOf({ ...state }, at))
    }
    return explanation.decision === 'trusted' ? 0 : 1
  })
}

async function explanationOf(
  args: Arguments,
  { trust }: ConfiguredTrust,
  evidence: Evidence,
): Promise<Explanation> {
  const [issuer, vct, clientId, query] = ['issuer', 'vct', 'client-id', 'query'].map((name) =>
    args.value(name),
  )
  if (vct !== undefined && clientId === undefined)
    return trust.explainIssue({ issuer: issuer ?? '', vct, ...evidence })
  if (clientId === undefined || vct !== undefined || issuer !== undefined)
    throw new FacetError('usage', 'facet trust explain needs --issuer ID --vct TYPE, or --client-id ID')
  const asked = query === undefined ? [] : readDcqlQuery(await readObjectFile(query)).credentials
  const claims = asked.map(({ meta, claims: wanted }) => ({
    vcts: meta.vct_values,
    paths: (wanted ?? []).map(({ path }) => path),
  }))
  return trust.explainAsk({ clientId, claims, ...evidence })
}

interface Given {
  readonly evidence: Evidence
  /** What came of the chain, where one was given. */
  readonly told: { readonly certificate?: string }
}

async function evidenceOf(args: Arguments, configured: ConfiguredTrust): Promise<Given> {
  const file = args.value('certificate')
  if (file === undefined) return { evidence: await membershipOf(args.value('issuer'), configured), told: {} }
  const path = beginPath(readPem(await readText(file), 'CERTIFICATE'), {
    anchors: configured.anchorsAt(systemClock.now()),
    revocationLists: await configured.revocationLists(),
    now: systemClock.now(),
    purposes: args.value('client-id') === undefined ? purposes.issuer : purposes.verifier,
  })
  const outcome = judgePath(path, checkSignatures(checksOfPath(path)), hash)
  return outcome.outcome === 'proven'
    ? {
        evidence: { certificate: outcome.identity },
        told: {
          certificate: `The chain proves ${outcome.identity.subject}, by the anchor ${outcome.identity.anchor}.`,
        },
      }
    : { evidence: {}, told: { certificate: `${outcome.why} (${outcome.code})` } }
}

async function membershipOf(issuer: string | undefined, { federation }: ConfiguredTrust): Promise<Evidence> {
  const answer = issuer?.startsWith('https:') === true ? await federation?.memberOf(issuer) : undefined
  return answer !== undefined && 'member' in answer ? { federation: answer.member } : {}
}

function tell(
  { decision, why, purpose, steps }: Explanation,
  { certificate }: Given['told'],
  terminal: Terminal,
): void {
  const output = createOutput(terminal)
  output.line(`${decision.replace('_', ' ')}: ${why}`)
  if (purpose !== undefined) output.line(`purpose: ${purpose}`)
  if (certificate !== undefined) output.line(`certificate: ${certificate}`)
  for (const { source, says, why: sentence } of steps) {
    const line = `${source} says ${says}: ${sentence}`
    if (says === 'trusted') output.good(line)
    else if (says === 'nothing') output.detail(`– ${line}`)
    else output.bad(line)
  }
}
