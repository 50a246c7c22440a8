/** What an operator does at a verifier: ask, take in, and look at what came of it. */
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Hash } from '@facet-id/credential/jose'
import { type JsonObject, type JsonValue, readJson } from '@facet-id/credential/json'
import {
  type Asking,
  type ClientIdentity,
  type CommonOptions,
  findHaipGaps,
  readIdentity,
  type Verifier,
  type VerifierPorts,
  type VerifierSettings,
} from '@facet-id/verifier'
import { FacetError } from '../../error.ts'
import type { Operations } from '../operator.ts'
import { readAsking, readPage, readPlatform, readPosted } from './asking-input.ts'
import type { WebhookOptions } from './webhook-delivery.ts'

/** What is known of the verifier besides. */
export interface Operated extends Pick<VerifierPorts, 'encryption'> {
  readonly settings: VerifierSettings
  readonly identities: readonly ClientIdentity[]
  readonly hash: Hash
  /** Absent: results are fetched. */
  readonly webhook?: WebhookOptions
}

/** An operation is answered before who asked gives up. */
const LONGEST_WAIT_MS = 5000

export function verifierOperations(verifier: Verifier, operated: Operated): Operations {
  const last = lastResults(verifier)
  return {
    async ask(input) {
      const what = readAsking(input)
      const reference = typeof input.reference === 'string' ? input.reference : randomUUID()
      const { webhook } = operated
      if (webhook === undefined && input.reference !== undefined)
        throw new FacetError('usage', 'A reference is for a webhook, and this verifier has none')
      const sent = webhook === undefined ? {} : { webhook: { url: webhook.url, reference } }
      const made = await askBy(verifier, what, { input, sent })
      return plain({ ...made, ...(webhook === undefined ? {} : { reference }) })
    },

    /** `wait`: milliseconds, until the last outcome came. */
    async result({ transactionId, wait }) {
      const id = textIn(transactionId, 'transactionId')
      // Also of one that is unknown it is said at once.
      const now = await verifier.result(id)
      const isOver = now.outcome !== 'pending' && now.outcome !== 'awaiting_return'
      if (typeof wait !== 'number' || isOver) return plain(now)
      await Promise.race([last(id), setTimeout(Math.min(wait, LONGEST_WAIT_MS), undefined, { ref: false })])
      return plain(await verifier.result(id))
    },

    /** An answer that came to a page, in its address or from its platform. */
    async receive({ transactionId, parameters, data }) {
      const id = textIn(transactionId, 'transactionId')
      if (typeof parameters === 'string') return plain(await verifier.receive(id, { parameters }))
      if (data === undefined) throw new FacetError('usage', 'An answer is in parameters or in data')
      return plain(await verifier.receive(id, { data }))
    },

    /** The browser of a request on the same device is back. */
    async returned({ responseCode, session }) {
      const back = { responseCode: textIn(responseCode, 'responseCode'), session: textIn(session, 'session') }
      return plain(await verifier.returned(back))
    },

    /** All that lacks for HAIP, whether or not the verifier is held to it. */
    async check() {
      const { settings, identities, encryption, hash } = operated
      const read = identities.map((one) => readIdentity(one, settings.scheme, hash))
      const gaps = findHaipGaps(settings, {
        identities: read,
        ...(encryption === undefined ? {} : { encryption }),
      })
      return plain({ clients: identities.map(({ client_id }) => client_id), profile: settings.profile, gaps })
    },
  }
}

async function askBy(
  verifier: Verifier,
  what: Asking,
  { input, sent }: { readonly input: JsonObject; readonly sent: Pick<CommonOptions, 'webhook'> },
): Promise<object> {
  switch (input.mode) {
    case 'fragment':
    case 'query':
      return verifier.requestToPage(what, { ...readPage(input), ...sent })
    case 'dc_api':
    case 'dc_api.jwt':
      return verifier.requestOnPlatform(what, { ...readPlatform(input), ...sent })
    default:
      return verifier.request(what, { ...readPosted(input), ...sent })
  }
}

/** One who watches for each request, however many calls wait for it: it ends with the request. */
function lastResults(verifier: Verifier): (transactionId: string) => Promise<void> {
  const waiting = new Map<string, Promise<void>>()
  return (transactionId) => {
    const known = waiting.get(transactionId)
    if (known !== undefined) return known
    const watched = watchToEnd(verifier, transactionId).finally(() => waiting.delete(transactionId))
    waiting.set(transactionId, watched)
    return watched
  }
}

/** Never rejects: a store that was closed meanwhile ends it too. */
async function watchToEnd(verifier: Verifier, transactionId: string): Promise<void> {
  try {
    for await (const _ of verifier.watch(transactionId));
  } catch {
    // Who asked looks at the result itself, and is told there.
  }
}

function textIn(value: JsonValue | undefined, name: string): string {
  if (typeof value === 'string') return value
  throw new FacetError('usage', `It needs "${name}", a text`)
}

function plain(result: object): JsonValue {
  return readJson(JSON.stringify(result))
}
